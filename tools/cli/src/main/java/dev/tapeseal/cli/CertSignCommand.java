package dev.tapeseal.cli;

import dev.tapeseal.authority.AuthorityFolder;
import dev.tapeseal.authority.CertificateRequest;
import dev.tapeseal.authority.IssuanceException;
import dev.tapeseal.certificate.Pem;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.cli.OutputFile.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs a request with a CA of one's own: makes a recording certificate of it. */
@Command(
    name = "sign",
    description = "Makes a recording certificate of a request, signed by a CA of one's own.",
    mixinStandardHelpOptions = true)
final class CertSignCommand implements Callable<Integer> {
  /** The option that names the file of a CA key's password. */
  static final String PASSWORD_OPTION = "--ca-password-file";

  private final Terminal terminal;

  @Option(
      names = "--ca-dir",
      paramLabel = "DIR",
      required = true,
      description = "The CA's folder, with ca_cert.pem, ca_key.pem and ca_bundle.pem.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path caFolder;

  @Option(
      names = {PASSWORD_OPTION, "--password-file"},
      paramLabel = "FILE",
      description = "Its first line is the password of the CA's key; " + KeyPasswords.CA_VARIABLE
          + " or a prompt otherwise.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--days",
      paramLabel = "N",
      required = true,
      description = "How long the certificate is valid: no longer than the CA.")
  private int days;

  @Mixin
  private final SigningOptions signing = new SigningOptions();

  @Mixin
  private final OutputOptions options = new OutputOptions();

  @Parameters(
      paramLabel = "REQ.pem",
      description = "The certificate signing request; - for standard input.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path requestFile;

  CertSignCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    SigningOptions.requireDays(days);
    options.check();
    Inputs.requireDistinct(requestFile, options.output());
    Inputs.requireDistinct(CaOptions.files(caFolder), options.output());
    CertificateRequest request = read();
    request.missingParts().stream()
        .reduce((earlier, later) -> earlier + ", " + later)
        .ifPresent(missing -> terminal.note("tapeseal: warning: " + request + ": its subject lacks "
            + missing + "; a recording certificate should have every part"));
    if (!request.requestedExtensions().isEmpty()) {
      terminal.note("tapeseal: " + request + ": asks for extensions that are not taken over: "
          + String.join(", ", request.requestedExtensions()));
    }
    try (AuthorityFolder ca =
            CaOptions.open(terminal, caFolder, passwordFile, PASSWORD_OPTION, signing.algorithm());
        OutputSet outputs = new OutputSet(terminal, options.existing())) {
      RecordingCertificate certificate = ca.authority().sign(request, days);
      outputs.write(options.output(), Access.SHARED, certificate.toPem());
      outputs.publish();
      report(terminal, options, certificate, null);
    }
    return ExitCode.OK.number();
  }

  private CertificateRequest read() throws IOException, IssuanceException {
    if (!Inputs.isStandard(requestFile)) {
      Inputs.requireFiles(List.of(requestFile));
      return CertificateRequest.read(requestFile);
    }
    try (InputStream in = Channels.newInputStream(terminal.dataIn())) {
      return CertificateRequest.parse(in.readNBytes(Pem.MAX_BYTES + 1), Inputs.name(requestFile));
    }
  }

  /** Says what a certificate is that was made. */
  static void report(
      Terminal terminal,
      OutputOptions options,
      RecordingCertificate certificate,
      @Nullable Path keyFile) {
    if (options.json()) {
      new CertificateReport()
          .file("certificate", options.output())
          .file("key", keyFile)
          .certificate(certificate)
          .print(terminal);
    } else {
      terminal.note(
          "tapeseal: " + Inputs.outputName(options.output()) + ": " + certificate.subject() + " #"
              + certificate.serialNumber() + ", valid until " + certificate.notAfter());
    }
  }
}
