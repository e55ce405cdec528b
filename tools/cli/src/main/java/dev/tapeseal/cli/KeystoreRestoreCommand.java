package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.KeyStoreBackup;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a key store of a backup, where there is none. */
@Command(
    name = "restore",
    description = "Makes a key store of a backup; one that exists is never replaced.",
    mixinStandardHelpOptions = true)
final class KeystoreRestoreCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final KeyStoreOptions keyStore = new KeyStoreOptions();

  @Mixin
  private final BackupOptions backup = new BackupOptions();

  @Option(names = "--json", description = "Say what was restored as JSON.")
  private boolean json;

  @Parameters(paramLabel = "BACKUP", description = "The backup.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path file;

  KeystoreRestoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    Inputs.requireFile(file);
    Path place = keyStore.file(terminal);
    OutputFile.refuseExisting(place, OutputFile.Existing.REPLACE); // a directory
    try (KeyPassword password = backup.password(terminal);
        KeyStoreBackup opened = KeyStoreBackup.read(file, password);
        KeyPassword storePassword = keyStore.password(terminal)) {
      opened.restore(place, storePassword);
      if (json) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("keystore", place.toString());
        report.put("created", opened.created().toString());
        report.put("keys", opened.entries().stream().map(KeyTable::json).toList());
        Json.print(terminal.out(), report);
      } else {
        terminal.note("tapeseal: restored " + Count.of(opened.entries().size(), "key") + " into "
            + place + ", as they were at " + opened.created());
      }
    }
    return ExitCode.OK.number();
  }
}
