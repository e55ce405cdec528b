package dev.tapeseal.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Keeps the private keys that open recordings. */
@Command(
    name = "keystore",
    description = "Keeps the private keys that open recordings.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      KeystoreImportCommand.class,
      KeystoreListCommand.class,
      KeystoreRetireCommand.class,
      KeystoreDeleteCommand.class,
      KeystoreOrphansCommand.class,
      KeystoreBackupCommand.class,
      KeystoreRestoreCommand.class
    })
final class KeystoreCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private CommandSpec spec;

  KeystoreCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "missing command: import, list, retire, delete, orphans, backup or restore");
  }
}
