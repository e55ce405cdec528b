package dev.tapeseal.cli;

import dev.tapeseal.keystore.BackupVerification;
import dev.tapeseal.keystore.BackupVerification.KeyResult;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.KeyStoreBackup;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.store.RecordingStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves what a backup is worth: opens every key in it, and decrypts a recording of each. */
@Command(
    name = "verify",
    description =
        "Opens every key of a backup and decrypts a recording of each; exit code 3 where one fails.",
    mixinStandardHelpOptions = true)
final class KeystoreBackupVerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final KeyStoreOptions keyStore = new KeyStoreOptions();

  @Mixin
  private final BackupOptions backup = new BackupOptions();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      required = true,
      description = "The store to take recordings from.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path recordings;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Parameters(paramLabel = "BACKUP", description = "The backup.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path file;

  KeystoreBackupVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    Inputs.requireFile(file);
    try (KeyPassword password = backup.password(terminal);
        KeyStoreBackup opened = KeyStoreBackup.read(file, password);
        RecordingStore store = Stores.openExisting(terminal, recordings)) {
      List<String> missing = missing(opened);
      BackupVerification verification = BackupVerification.of(opened, store);
      if (json) {
        printJson(opened, verification, missing);
      } else {
        print(opened, verification, missing);
      }
      boolean passed = verification.passed() && missing.isEmpty();
      return (passed ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
    }
  }

  /** The keys of the key store, where one is named, that the backup does not have. */
  private List<String> missing(KeyStoreBackup opened) throws Exception {
    if (!keyStore.isNamed(terminal)) {
      return List.of();
    }
    Set<String> there =
        opened.entries().stream().map(key -> key.publicKeySha256()).collect(Collectors.toSet());
    try (RecordingKeyStore keys = keyStore.open(terminal)) {
      return keys.entries().stream()
          .filter(key -> !there.contains(key.publicKeySha256()))
          .map(key -> key.alias())
          .toList();
    }
  }

  private void print(KeyStoreBackup opened, BackupVerification verification, List<String> missing) {
    terminal.out().println("Backup of " + opened.created() + ": every digest is right");
    for (KeyResult key : verification.keys()) {
      terminal.out().println("  " + key.entry().alias() + ": " + worth(key));
    }
    missing.forEach(alias ->
        terminal.out().println("  " + alias + ": in the key store, and not in the backup"));
    ImpactText.print(terminal.out(), verification.orphans());
  }

  private static String worth(KeyResult key) {
    if (key.failure() != null) {
      return "FAILED"
          + (key.recording() == null ? "" : " on recording " + key.recording())
          + ": " + key.failure();
    }
    return key.recording() == null
        ? "opened; the store has no recording of it"
        : "opened; decrypted recording " + key.recording();
  }

  private void printJson(
      KeyStoreBackup opened, BackupVerification verification, List<String> missing) {
    Map<String, @Nullable Object> report = new LinkedHashMap<>();
    report.put("created", opened.created().toString());
    report.put("passed", verification.passed() && missing.isEmpty());
    report.put("keys", verification.keys().stream().map(this::json).toList());
    report.put("missingAliases", missing);
    report.put("orphans", ImpactText.json(verification.orphans()));
    Json.print(terminal.out(), report);
  }

  private Map<String, @Nullable Object> json(KeyResult key) {
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("alias", key.entry().alias());
    result.put("recording", key.recording() == null ? null : key.recording().value());
    result.put("failure", key.failure());
    return result;
  }
}
