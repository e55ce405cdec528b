package dev.tapeseal.cli;

import dev.tapeseal.authority.SelfSignedCertificate;
import dev.tapeseal.certificate.RecordingCertificate;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a private key and a recording certificate that it signs itself. */
@Command(
    name = "self-signed",
    description =
        "Makes a private key and a recording certificate that it signs itself: its own CA file.",
    mixinStandardHelpOptions = true)
final class CertSelfSignedCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final NewIdentityOptions identity = new NewIdentityOptions();

  @Option(
      names = "--days",
      paramLabel = "N",
      required = true,
      description = "How long the certificate is valid.")
  private int days;

  CertSelfSignedCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    SigningOptions.requireDays(days);
    RecordingCertificate certificate = identity.write(
        terminal,
        (request, key, random) -> SelfSignedCertificate.of(
            request, key, days, identity.algorithm(), Clock.systemUTC(), random),
        RecordingCertificate::toPem);
    CertSignCommand.report(terminal, identity.options(), certificate, identity.keyFile());
    return ExitCode.OK.number();
  }
}
