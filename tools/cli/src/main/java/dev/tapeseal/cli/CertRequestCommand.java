package dev.tapeseal.cli;

import dev.tapeseal.authority.CertificateRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes a private key and a certificate signing request for it. */
@Command(
    name = "request",
    description =
        "Makes a private key and a certificate signing request (PKCS#10) for it, which a CA signs.",
    mixinStandardHelpOptions = true)
final class CertRequestCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final NewIdentityOptions identity = new NewIdentityOptions();

  CertRequestCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    CertificateRequest request =
        identity.write(terminal, (made, key, random) -> made, CertificateRequest::toPem);
    OutputOptions options = identity.options();
    if (options.json()) {
      new CertificateReport()
          .file("request", options.output())
          .file("key", identity.keyFile())
          .details(request.details())
          .print(terminal);
    } else {
      terminal.note(
          "tapeseal: " + Inputs.outputName(options.output()) + ": the request: have a CA sign it");
    }
    return ExitCode.OK.number();
  }
}
