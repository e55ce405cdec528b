package dev.tapeseal.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes, judges and lists recording certificates. */
@Command(
    name = "cert",
    description = "Makes, judges and lists recording certificates.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CertRequestCommand.class,
      CertSignCommand.class,
      CertSelfSignedCommand.class,
      CertRenewCommand.class,
      CertInspectCommand.class,
      CertVerifyCommand.class,
      CertListCommand.class
    })
final class CertCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private CommandSpec spec;

  CertCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "missing command: " + String.join(", ", spec.subcommands().keySet()));
  }
}
