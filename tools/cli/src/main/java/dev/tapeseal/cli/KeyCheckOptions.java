package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.keystore.RecordingKeyStoreException;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.Page;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of the check that needs the key store: certificates and recordings without a key. */
final class KeyCheckOptions {
  private static final String PASSWORD_OPTION = "--keystore-password-file";
  private static final String VARIABLE = "TAPESEAL_KEYSTORE_PASSWORD";
  private static final String WITHOUT_KEY = "recordings-without-key";
  private static final int PAGE = 1000;

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
      countRecordings(
          data,
          encryption -> true,
          "are encrypted, and there is no key store " + data.keyStore(),
          findings);
      return findings;
    }
    try (KeyPassword password = password(terminal, data);
        RecordingKeyStore keys = RecordingKeyStore.open(data.keyStore(), password)) {
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
      countRecordings(
          data,
          encryption -> encryption.recipients().stream()
              .noneMatch(recipient -> keys.find(recipient).isPresent()),
          "are opened by no key of " + data.keyStore(),
          findings);
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

  /** Goes by the metadata of every recording; nothing is decrypted. */
  private static void countRecordings(
      DataFolder data, Predicate<MediaEncryption> isLost, String how, List<Finding> findings)
      throws IOException {
    if (!Files.isDirectory(data.recordings())) {
      return;
    }
    long lost = 0;
    String example = "";
    try (RecordingStore store = RecordingStore.openExisting(data.recordings())) {
      @Nullable String cursor = null;
      do {
        Page page = store.query(RecordingQuery.ALL.withLimit(PAGE).withCursor(cursor));
        for (Recording recording : page.recordings()) {
          boolean isOne = recording.mediaFiles().stream()
              .map(MediaFile::encryption)
              .anyMatch(encryption -> encryption != null && isLost.test(encryption));
          if (isOne) {
            lost++;
            example = recording.id().value();
          }
        }
        cursor = page.next();
      } while (cursor != null);
    }
    if (lost > 0) {
      findings.add(new Finding(
          WITHOUT_KEY,
          data.recordings().toString(),
          lost + " recordings " + how + ", for example " + example
              + " (see 'tapeseal keystore import')"));
    }
  }
}
