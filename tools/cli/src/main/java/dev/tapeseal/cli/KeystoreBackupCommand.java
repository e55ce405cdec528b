package dev.tapeseal.cli;

import dev.tapeseal.cli.OutputFile.Access;
import dev.tapeseal.cli.OutputFile.Existing;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.KeyStoreBackup;
import dev.tapeseal.keystore.RecordingKeyStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a backup of a key store, of which only the backup's password is needed to have every key again. */
@Command(
    name = "backup",
    description = "Writes a backup of the key store, encrypted under a password of its own.",
    mixinStandardHelpOptions = true,
    subcommands = KeystoreBackupVerifyCommand.class)
final class KeystoreBackupCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final KeyStoreOptions keyStore = new KeyStoreOptions();

  @Mixin
  private final BackupOptions backup = new BackupOptions();

  // not required: 'backup verify' has no output
  @Option(
      names = {"-o", "--out", "--output"},
      paramLabel = "BACKUP",
      description = "The file to write.")
  private @Nullable Path output;

  @Option(names = "--force", description = "Replace a file that exists.")
  private boolean force;

  @Option(names = "--json", description = "Say what was written as JSON.")
  private boolean json;

  KeystoreBackupCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    Path file = output;
    if (file == null) {
      throw new CommandException(
          ExitCode.USAGE, "missing output (expected: -o BACKUP, or the command verify)");
    }
    if (json && Inputs.isStandard(file)) {
      throw new CommandException(
          ExitCode.USAGE,
          "--json with -o -: both write to standard output (expected: a file as output)");
    }
    Existing existing = force ? Existing.REPLACE : Existing.REFUSE;
    OutputFile.refuseExisting(file, existing);
    Inputs.requireDistinct(keyStore.files(terminal), file);
    Inputs.requireDistinct(backup.files(), file);
    try (RecordingKeyStore keys = keyStore.open(terminal);
        KeyPassword password = backup.password(terminal)) {
      byte[] bytes = KeyStoreBackup.of(keys, password);
      try (OutputFile written = OutputFile.create(terminal, file, existing, Access.OWNER)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          written.channel().write(buffer);
        }
        written.publish();
      }
      try (KeyStoreBackup made = KeyStoreBackup.parse(bytes, file.toString(), password)) {
        keys.noteBackup(made);
        report(file, made);
      }
    }
    return ExitCode.OK.number();
  }

  private void report(Path file, KeyStoreBackup made) {
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("output", file.toString());
      report.put("created", made.created().toString());
      report.put("keys", made.entries().size());
      Json.print(terminal.out(), report);
    } else {
      terminal.note("tapeseal: backup of " + Count.of(made.entries().size(), "key") + " in "
          + Inputs.outputName(file)
          + "; keep it and its password away from here, and apart");
    }
  }
}
