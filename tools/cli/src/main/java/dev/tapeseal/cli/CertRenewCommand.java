package dev.tapeseal.cli;

import dev.tapeseal.authority.AuthorityFolder;
import dev.tapeseal.authority.CertificateRequest;
import dev.tapeseal.authority.RsaKeyPair;
import dev.tapeseal.authority.SelfSignedCertificate;
import dev.tapeseal.authority.SigningKey;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.cli.OutputFile.Access;
import dev.tapeseal.keystore.RecordingKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Renews a certificate, on its own key or on a new one: as a request, or signed at once. */
@Command(
    name = "renew",
    description = {
      "Renews a certificate for the same subject, on the same key (--key) or a new one (--key-out).",
      "Writes a request for its CA; with --ca-dir or --self-signed the new certificate at once."
    },
    mixinStandardHelpOptions = true)
final class CertRenewCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--key",
      paramLabel = "KEY.pem",
      description = "The certificate's private key, which stays in use.")
  private @Nullable Path key;

  @Option(
      names = "--key-out",
      paramLabel = "KEY.pem",
      description = "Make a new private key, and write it here, mode 0600.")
  private @Nullable Path newKeyFile;

  @Mixin
  private final NewKeyOptions newKey = new NewKeyOptions();

  @Option(
      names = "--ca-dir",
      paramLabel = "DIR",
      description = "The folder of a CA of one's own, which signs at once.")
  private @Nullable Path caFolder;

  @Option(
      names = CertSignCommand.PASSWORD_OPTION,
      paramLabel = "FILE",
      description = "Its first line is the password of the CA's key; " + KeyPasswords.CA_VARIABLE
          + " or a prompt otherwise.")
  private @Nullable Path caPasswordFile;

  @Option(names = "--self-signed", description = "Sign it with its own key, at once.")
  private boolean selfSigned;

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "How long the new certificate is valid; not for a request.")
  private @Nullable Integer days;

  @Mixin
  private final SigningOptions signing = new SigningOptions();

  @Mixin
  private final OutputOptions options = new OutputOptions();

  @Parameters(
      paramLabel = "CERT.pem",
      description = "The certificate to renew, which may have expired.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path certificateFile;

  CertRenewCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    check();
    RecordingCertificate older = RecordingCertificate.read(certificateFile);
    SecureRandom random = new SecureRandom();
    try (OutputSet outputs = new OutputSet(terminal, options.existing())) {
      if (newKeyFile != null) {
        try (RsaKeyPair made = newKey.generate(NewKeyOptions.RECORDING_KEY_BITS, random)) {
          newKey.write(terminal, made, newKeyFile, outputs);
          renew(older, made, random, outputs);
        }
      } else {
        try (RecordingKey same = openKey()) {
          same.requireMatch(older);
          renew(older, SigningKey.of(same), random, outputs);
        }
      }
    }
    return ExitCode.OK.number();
  }

  private void check() throws Exception {
    if ((key == null) == (newKeyFile == null)) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected: either --key KEY.pem, to keep the key, or --key-out KEY.pem, for a new one");
    }
    if (caFolder != null && selfSigned) {
      throw new CommandException(
          ExitCode.USAGE,
          "--ca-dir with --self-signed (expected: one of them, or none for a request)");
    }
    boolean signs = caFolder != null || selfSigned;
    if (signs != (days != null)) {
      throw new CommandException(
          ExitCode.USAGE,
          signs
              ? "missing --days N: how long is the certificate to be valid?"
              : "--days without --ca-dir or --self-signed: a request has no validity, its CA sets it");
    }
    if (days != null) {
      SigningOptions.requireDays(days);
    }
    for (Path input : Arrays.asList(certificateFile, key)) {
      if (input != null) {
        Inputs.requireFile(input);
        Inputs.requireDistinct(input, options.output(), newKeyFile);
      }
    }
    if (caFolder != null) {
      Inputs.requireDistinct(CaOptions.files(caFolder), options.output(), newKeyFile);
    }
    options.check();
    newKey.check();
    List<Path> outputs = new ArrayList<>(List.of(options.output()));
    if (newKeyFile != null) {
      outputs.add(newKeyFile);
    }
    OutputSet.check(options.existing(), outputs);
  }

  private RecordingKey openKey() throws Exception {
    Path file = key;
    if (file == null) {
      throw new IllegalStateException("one of --key and --key-out was checked to be there");
    }
    return KeyPasswords.open(
        terminal,
        newKey.passwordFile(),
        "--password-file",
        KeyPasswords.KEY_VARIABLE,
        "the private key " + file,
        password -> RecordingKey.read(file, password));
  }

  private void renew(
      RecordingCertificate older, SigningKey signingKey, SecureRandom random, OutputSet outputs)
      throws Exception {
    CertificateRequest request =
        CertificateRequest.renewing(older, signingKey, signing.algorithm());
    if (days == null) {
      outputs.write(options.output(), Access.SHARED, request.toPem());
      outputs.publish();
      reportRequest(request);
      return;
    }
    RecordingCertificate renewed = sign(request, signingKey, days, random);
    outputs.write(options.output(), Access.SHARED, renewed.toPem());
    outputs.publish();
    CertSignCommand.report(terminal, options, renewed, newKeyFile);
    if (!options.json()) {
      terminal.note("tapeseal: keep " + certificateFile
          + " and its key: recordings made so far need" + " them");
    }
  }

  private RecordingCertificate sign(
      CertificateRequest request, SigningKey signingKey, int validDays, SecureRandom random)
      throws Exception {
    if (caFolder == null) {
      return SelfSignedCertificate.of(
          request, signingKey, validDays, signing.algorithm(), Clock.systemUTC(), random);
    }
    try (AuthorityFolder ca = CaOptions.open(
        terminal, caFolder, caPasswordFile, CertSignCommand.PASSWORD_OPTION, signing.algorithm())) {
      return ca.authority().sign(request, validDays);
    }
  }

  private void reportRequest(CertificateRequest request) {
    if (options.json()) {
      new CertificateReport()
          .file("request", options.output())
          .file("key", newKeyFile)
          .details(request.details())
          .print(terminal);
    } else {
      terminal.note("tapeseal: " + Inputs.outputName(options.output())
          + ": the request: have the CA sign it, and keep " + certificateFile
          + " and its key: recordings made so far need them");
    }
  }
}
