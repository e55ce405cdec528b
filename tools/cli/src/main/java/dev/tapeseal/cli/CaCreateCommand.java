package dev.tapeseal.cli;

import dev.tapeseal.authority.AuthorityFolder;
import dev.tapeseal.authority.CertificateAuthority;
import dev.tapeseal.authority.RsaKeyPair;
import dev.tapeseal.authority.SubjectName.Part;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.cli.OutputFile.Access;
import dev.tapeseal.cli.OutputFile.Existing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a certificate authority: a root, or one below another. */
@Command(
    name = "create",
    description =
        "Makes a CA: a root, or with --parent one below another; writes ca_cert.pem, ca_key.pem and ca_bundle.pem.",
    mixinStandardHelpOptions = true)
final class CaCreateCommand implements Callable<Integer> {
  private static final int DAYS = 3650;
  private static final int KEY_BITS = 3072;

  private final Terminal terminal;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "The folder to write; made where it does not exist.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path folder;

  @Option(
      names = "--cn",
      paramLabel = "NAME",
      required = true,
      description = "Common Name: what the CA is called.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private String commonName;

  @Option(
      names = "--days",
      paramLabel = "N",
      description =
          "How long it is valid; 3650 by default, or as long as the parent where that is shorter.")
  private @Nullable Integer days;

  @Option(
      names = "--parent",
      paramLabel = "DIR",
      description = "The folder of the CA that signs it; a root signs itself.")
  private @Nullable Path parent;

  @Option(
      names = "--parent-password-file",
      paramLabel = "FILE",
      description = "Its first line is the password of the parent's key; "
          + KeyPasswords.CA_VARIABLE + " or a prompt otherwise.")
  private @Nullable Path parentPasswordFile;

  @Mixin
  private final NewKeyOptions newKey = new NewKeyOptions();

  @Mixin
  private final SigningOptions signing = new SigningOptions();

  @Option(
      names = "--force",
      description = "Replace a CA that exists; its key is kept beside the new one.")
  private boolean force;

  @Option(names = "--json", description = "Say what was written as JSON.")
  private boolean json;

  CaCreateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    Existing existing = force ? Existing.REPLACE : Existing.REFUSE;
    newKey.check();
    Path certificateFile = folder.resolve(AuthorityFolder.CERTIFICATE);
    Path keyFile = folder.resolve(AuthorityFolder.KEY);
    Path bundleFile = folder.resolve(AuthorityFolder.BUNDLE);
    requireName();
    SigningOptions.requireDays(days == null ? DAYS : days);
    if (parent != null && Files.exists(folder) && Files.isSameFile(parent, folder)) {
      throw new CommandException(
          ExitCode.USAGE, "--parent " + parent + ": is --dir, too (expected: another folder)");
    }
    OutputSet.check(existing, List.of(certificateFile, keyFile, bundleFile));
    SecureRandom random = new SecureRandom();
    boolean isNewFolder = !Files.exists(folder);
    boolean complete = false;
    try (RsaKeyPair key = newKey.generate(KEY_BITS, random);
        OutputSet outputs = new OutputSet(terminal, existing)) {
      CertificateAuthority authority = create(key, random);
      Files.createDirectories(folder);
      newKey.write(terminal, key, keyFile, outputs);
      outputs.write(certificateFile, Access.SHARED, authority.certificate().toPem());
      outputs.write(bundleFile, Access.SHARED, bundle(authority));
      outputs.publish();
      complete = true;
      report(authority, certificateFile, keyFile, bundleFile);
    } finally {
      if (!complete && isNewFolder) {
        deleteIfEmpty();
      }
    }
    return ExitCode.OK.number();
  }

  private void requireName() {
    try {
      Part.COMMON_NAME.checked(commonName);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private CertificateAuthority create(RsaKeyPair key, SecureRandom random) throws Exception {
    if (parent == null) {
      return CertificateAuthority.selfSigned(
          commonName,
          key,
          days == null ? DAYS : days,
          signing.algorithm(),
          Clock.systemUTC(),
          random);
    }
    try (AuthorityFolder above = CaOptions.open(
        terminal, parent, parentPasswordFile, "--parent-password-file", signing.algorithm())) {
      return days == null
          ? above.authority().signAuthorityAtMost(commonName, key, DAYS)
          : above.authority().signAuthority(commonName, key, days);
    }
  }

  private static byte[] bundle(CertificateAuthority authority) {
    ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    for (RecordingCertificate certificate : authority.chain()) {
      bundle.writeBytes(certificate.toPem());
    }
    return bundle.toByteArray();
  }

  private void deleteIfEmpty() throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException somebodyElses) {
      terminal.note("tapeseal: " + folder + ": stays, since it is not empty");
    }
  }

  private void report(CertificateAuthority authority, Path certificate, Path key, Path bundle) {
    if (json) {
      new CertificateReport()
          .file("certificate", certificate)
          .file("key", key)
          .file("bundle", bundle)
          .certificate(authority.certificate())
          .print(terminal);
      return;
    }
    for (String line : Arrays.asList(
        certificate + ": the CA's certificate, valid until "
            + authority.certificate().notAfter(),
        bundle + ": what certificates are checked against, " + authority.chain().size()
            + (authority.chain().size() == 1 ? " certificate" : " certificates, the root last"),
        key + ": the CA's private key: whoever has it can sign certificates")) {
      terminal.note("tapeseal: " + line);
    }
  }
}
