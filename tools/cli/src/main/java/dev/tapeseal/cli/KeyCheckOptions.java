package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.keystore.BackupStatus;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.OrphanReport;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.keystore.RecordingKeyStoreException;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of the check that needs the key store: keys without a backup, certificates and recordings without a key. */
final class KeyCheckOptions {
  private static final String PASSWORD_OPTION = "--keystore-password-file";
  private static final String VARIABLE = "TAPESEAL_KEYSTORE_PASSWORD";
  private static final String WITHOUT_KEY = "recordings-without-key";

  @Option(
      names = PASSWORD_OPTION,
      paramLabel = "FILE",
      description = "Its first line is the key store's password; otherwise that of the setting"
          + " keystore.password-file, of " + VARIABLE + ", or a prompt.")
  private @Nullable Path passwordFile;

  KeyCheckOptions() {}

  /**
   * Looks at the key store and the recordings of a data folder, those that there are.
   *
   * @param deployed the certificates that recordings are encrypted under, and where each is deployed
   */
  List<Finding> check(
      Terminal terminal, DataFolder data, Map<RecordingCertificate, String> deployed)
      throws IOException, PrivateKeyException, RecordingKeyStoreException {
    List<Finding> findings = new ArrayList<>();
    if (!Files.exists(data.keyStore())) {
      countEncrypted(data, findings);
      return findings;
    }
    try (KeyPassword password = password(terminal, data);
        RecordingKeyStore keys = RecordingKeyStore.open(data.keyStore(), password)) {
      checkBackup(keys, findings);
      keys.mismatchedEntries()
          .forEach(entry -> findings.add(new Finding(
              "key-mismatch",
              keys.path() + ", " + entry.alias(),
              "its private key is not that of " + entry.certificate()
                  + ": it opens no recordings (see 'tapeseal keystore import')")));
      deployed.forEach((certificate, where) -> {
        if (keys.findByPublicKey(certificate.publicKeySha256()).isEmpty()) {
          findings.add(new Finding(
              "certificate-without-key",
              where,
              "the key store has no private key for " + certificate.subject() + " #"
                  + certificate.serialNumber()
                  + ": recordings under it could not be played (see 'tapeseal keystore import')"));
        }
      });
      if (Files.isDirectory(data.recordings())) {
        try (RecordingStore store =
            RecordingStore.openExisting(data.recordings(), Stores.catalog(data.settings()))) {
          checkOrphans(OrphanReport.of(keys, store), data, findings);
        }
      }
    }
    return findings;
  }

  private KeyPassword password(Terminal terminal, DataFolder data)
      throws IOException, PrivateKeyException {
    Path file = passwordFile != null
        ? passwordFile
        : data.settings().find(SettingKeys.KEY_STORE_PASSWORD_FILE).orElse(null);
    return Passwords.require(
        terminal, file, PASSWORD_OPTION, VARIABLE, "the key store " + data.keyStore());
  }

  private static void checkBackup(RecordingKeyStore keys, List<Finding> findings)
      throws IOException, RecordingKeyStoreException {
    BackupStatus status = keys.backupStatus();
    if (status.aliasesWithout().isEmpty()) {
      return;
    }
    boolean isMissing = status.lastBackup() == null;
    findings.add(new Finding(
        isMissing ? "backup-missing" : "backup-outdated",
        keys.path().toString(),
        (isMissing
                ? "no backup of it is known"
                : "its backup of " + status.lastBackup() + " is older")
            + ": it would not bring back the keys " + String.join(", ", status.aliasesWithout())
            + " (see 'tapeseal keystore backup')"));
  }

  private static void checkOrphans(OrphanReport report, DataFolder data, List<Finding> findings) {
    if (report.orphans() > 0) {
      findings.add(new Finding(
          WITHOUT_KEY,
          data.recordings().toString(),
          report.orphans() + " of " + report.encrypted()
              + " encrypted recordings are opened by no key of " + data.keyStore()
              + ", for example " + report.examples().get(0) + "; missing are the keys of "
              + String.join("; ", report.missingKeys().keySet())
              + " (see 'tapeseal keystore import')"));
    }
  }

  /** Without a key store every encrypted recording counts. */
  private static void countEncrypted(DataFolder data, List<Finding> findings) throws IOException {
    if (!Files.isDirectory(data.recordings())) {
      return;
    }
    long encrypted;
    try (RecordingStore store =
        RecordingStore.openExisting(data.recordings(), Stores.catalog(data.settings()))) {
      encrypted = OrphanReport.withoutKeys(store).orphans();
    }
    if (encrypted > 0) {
      findings.add(new Finding(
          WITHOUT_KEY,
          data.recordings().toString(),
          encrypted + " recordings are encrypted, and there is no key store " + data.keyStore()
              + " (see 'tapeseal keystore import')"));
    }
  }
}
