package dev.tapeseal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Making CAs, requests and certificates on the command line; OpenSSL reads them, and what it makes is signed. */
class CertCommandsTest {
  private static final List<Object> SUBJECT = List.of(
      "--cn",
      "Interaction Recording",
      "--o",
      "Monster & Sons, Inc.",
      "--ou",
      "Robot Repairs",
      "--l",
      "Pleasant Hill",
      "--st",
      "California",
      "--c",
      "US");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private Path key = Path.of("");
  private Path request = Path.of("");
  private Path certificate = Path.of("");
  private Path ca = Path.of("");

  @BeforeEach
  void nameFiles() {
    key = folder.resolve("private_key.pem");
    request = folder.resolve("cert.req");
    certificate = folder.resolve("cert.pem");
    ca = folder.resolve("ca");
  }

  @Test
  void theWholeWay_fromARootToACertificate_isVerifiedByOpensslAtEachStep() throws Exception {
    Path middle = folder.resolve("middle");
    ok("ca", "create", "--dir", ca, "--cn", "Root", "--key-size", "2048");
    ok("ca", "create", "--dir", middle, "--cn", "Middle", "--parent", ca, "--key-size", "2048");
    request("--serial-number", "GIR-0042", "--email", "recording@monster.example");
    ok("cert", "sign", "--ca-dir", middle, "--days", 365, request, "--out", certificate);

    assertThat(openssl(
            "req",
            "-verify",
            "-noout",
            "-subject",
            "-nameopt",
            "RFC2253",
            "-in",
            request.toString()))
        .contains("serialNumber=GIR-0042", "emailAddress=recording@monster.example");
    assertThat(openssl("rsa", "-check", "-noout", "-in", key.toString())).contains("RSA key ok");
    assertThat(openssl(
            "verify",
            "-x509_strict",
            "-CAfile",
            middle.resolve("ca_bundle.pem").toString(),
            certificate.toString()))
        .endsWith("OK\n");
    assertThat(RecordingCertificate.readAll(middle.resolve("ca_bundle.pem")).stream()
            .map(RecordingCertificate::subject))
        .containsExactly("CN=Middle", "CN=Root");
    assertThat(Run.of("cert", "verify", "--ca", middle.resolve("ca_bundle.pem"), certificate)
            .exitCode())
        .isZero();
    for (Path secret : List.of(key, ca.resolve("ca_key.pem"), middle.resolve("ca_key.pem"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
    }
    assertNoParts();
  }

  @Test
  void theDocumentedOpensslCommand_makesWhatIsSigned() throws Exception {
    ok("ca", "create", "--dir", ca, "--cn", "Root", "--key-size", "2048");
    openssl(
        "req",
        "-nodes",
        "-newkey",
        "rsa:2048",
        "-keyout",
        key.toString(),
        "-out",
        request.toString(),
        "-days",
        "365",
        "-subj",
        "/C=US/CN=Interaction Recording");

    Run run = Run.fed(
        Files.readAllBytes(request),
        "cert",
        "sign",
        "--ca-dir",
        ca,
        "--days",
        30,
        "-",
        "--out",
        "-");

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.messages()).contains("its subject lacks ST, L, O, OU");
    Files.write(certificate, run.output());
    assertThat(openssl(
            "verify", "-CAfile", ca.resolve("ca_cert.pem").toString(), certificate.toString()))
        .endsWith("OK\n");
  }

  @Test
  void openssl_madeAuthorities_signToo_evenWithAnEncryptedKey() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "robots need oil\n");
    Files.createDirectory(ca);
    openssl(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-passout",
        "file:" + password,
        "-subj",
        "/CN=Foreign",
        "-days",
        "100",
        "-keyout",
        ca.resolve("ca_key.pem").toString(),
        "-out",
        ca.resolve("ca_cert.pem").toString());
    request();

    Run locked =
        Run.of("cert", "sign", "--ca-dir", ca, "--days", 10, request, "--out", certificate);
    assertFailed(locked, ExitCode.USAGE, "--ca-password-file", "TAPESEAL_CA_KEY_PASSWORD");
    ok(
        "cert",
        "sign",
        "--ca-dir",
        ca,
        "--ca-password-file",
        password,
        "--days",
        10,
        request,
        "--out",
        certificate);

    assertThat(openssl(
            "verify", "-CAfile", ca.resolve("ca_cert.pem").toString(), certificate.toString()))
        .endsWith("OK\n");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"pkcs8, BEGIN ENCRYPTED PRIVATE KEY", "pkcs1, 'Proc-Type: 4,ENCRYPTED'"})
  void anEncryptedKey_decryptsWhatItsSelfSignedCertificateEncrypts(String format, String mark)
      throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "robots need oil\n");
    selfSigned("--key-format", format, "--password-file", password, "--digest", "sha512");
    Path encrypted = folder.resolve("call.p7");
    Path played = folder.resolve("call.mp3");

    ok(
        "encrypt",
        "--cert",
        certificate,
        "--ca",
        certificate,
        Samples.path("media/call.mp3"),
        "-o",
        encrypted);
    ok("decrypt", "--key", key, "--password-file", password, encrypted, "-o", played);

    assertThat(key).content().contains(mark);
    assertThat(played).hasBinaryContent(Samples.bytes("media/call.mp3"));
    assertThat(openssl("verify", "-CAfile", certificate.toString(), certificate.toString()))
        .endsWith("OK\n");
    assertThat(openssl(
            "rsa", "-check", "-noout", "-passin", "file:" + password, "-in", key.toString()))
        .contains("RSA key ok");
  }

  @Test
  void missingParts_areAllNamed_andNothingIsWritten() throws IOException {
    Run run =
        Run.of("cert", "request", "--cn", "x", "--c", "US", "--key-out", key, "--out", request);

    assertFailed(run, ExitCode.USAGE, "--o (", "--ou (", "--l (", "--st (");
    assertThat(run.messages()).doesNotContain("--cn (").doesNotContain("--c (");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void missingParts_areAskedFor_untilTheyAreRight() {
    var person = new Answers(
        "",
        "Monster & Sons, Inc.",
        "Robot Repairs",
        "Pleasant Hill",
        "California",
        "USA",
        "us",
        "");

    int exitCode = person.run(
        "cert", "request", "--cn", "Interaction Recording", "--key-out", key, "--out", request);

    assertThat(exitCode).as(person.said()).isZero();
    assertThat(person.asked())
        .containsExactly(
            "Organization (for example Monster & Sons, Inc.): ",
            "Organization (for example Monster & Sons, Inc.): ",
            "Organization Unit (for example Robot Repairs): ",
            "City or Locality (for example Pleasant Hill): ",
            "State or Province (for example California): ",
            "Country (for example US): ",
            "Country (for example US): ",
            "E-mail (for example recording@monster.example; empty for none): ");
    assertThat(person.said()).contains("C: 'USA' (expected: two letters");
    assertThat(subjectDn(request))
        .isEqualTo("CN=Interaction Recording,OU=Robot Repairs,O=Monster & Sons\\, Inc.,"
            + "L=Pleasant Hill,ST=California,C=US");
  }

  @Test
  void aPersonWhoGivesUp_leavesNothing() {
    var person = new Answers("Monster");

    int exitCode = person.run("cert", "request", "--cn", "x", "--key-out", key, "--out", request);

    assertThat(exitCode).isEqualTo(ExitCode.USAGE.number());
    assertThat(person.said()).contains("missing --ou (Organization Unit), --l");
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest(name = "{0} exists")
  @ValueSource(strings = {"private_key.pem", "cert.req"})
  void oneExistingOutput_isKept_andTheOtherDoesNotAppear(String name) throws IOException {
    Path existing = Files.writeString(folder.resolve(name), "precious");

    Run run = Run.of(with(SUBJECT, "cert", "request", "--key-out", key, "--out", request));

    assertFailed(run, ExitCode.FAILED, existing.toString(), "exists already", "--force");
    assertThat(existing).hasContent("precious");
    assertOnly(existing);
  }

  @Test
  void force_keepsThePrivateKeyThatWasThere() throws IOException {
    Files.writeString(key, "precious");
    Files.writeString(request, "old");

    Run run = request("--force");

    List<Path> kept;
    try (Stream<Path> files = Files.list(folder)) {
      kept =
          files.filter(file -> file.toString().contains("private_key.pem.old-")).toList();
    }
    assertThat(kept).hasSize(1);
    assertThat(kept.get(0)).hasContent("precious");
    assertThat(run.messages()).contains("is kept as " + kept.get(0));
    assertThat(key).content().startsWith("-----BEGIN PRIVATE KEY-----");
    assertOnly(kept.get(0), key, request);
  }

  @Test
  void force_leavesAllAsItWas_whereOneOutputCannotBeWritten() throws IOException {
    Files.writeString(key, "precious");

    Run run = Run.of(with(
        SUBJECT,
        "cert",
        "request",
        "--force",
        "--key-out",
        key,
        "--out",
        folder.resolve("no/req")));

    assertFailed(run, ExitCode.NOT_FOUND, "no/req", "does not exist");
    assertThat(key).hasContent("precious");
    assertOnly(key);
  }

  @Test
  void requestsThatAreNotToBeSigned_areRefused() throws Exception {
    ok("ca", "create", "--dir", ca, "--cn", "Root", "--key-size", "2048", "--days", 100);
    request();
    byte[] good = Files.readAllBytes(request);
    openssl(
        "req",
        "-nodes",
        "-newkey",
        "rsa:1024",
        "-keyout",
        folder.resolve("weak.pem").toString(),
        "-out",
        folder.resolve("weak.req").toString(),
        "-subj",
        "/CN=x");

    assertFailed(
        sign(folder.resolve("weak.req"), ca, 10), ExitCode.REFUSED, "weak.req", "1024 bits");
    assertFailed(sign(SampleCertificates.FIRST.keyPath(), ca, 10), ExitCode.REFUSED, "PRIVATE KEY");
    assertFailed(sign(request, ca, 101), ExitCode.REFUSED, "101 days", "until");
    assertFailed(sign(request, ca, 0), ExitCode.USAGE, "--days: 0 (expected: 1 to 36525)");
    assertFailed(sign(folder.resolve("none.req"), ca, 10), ExitCode.NOT_FOUND, "none.req");
    assertFailed(sign(request, folder.resolve("none"), 10), ExitCode.NOT_FOUND, "none/ca_cert.pem");
    Files.writeString(request, new String(good, StandardCharsets.US_ASCII).replace("A", "B"));
    Run changed = sign(request, ca, 10);
    assertThat(changed.exitCode()).as(changed.toString()).isEqualTo(ExitCode.REFUSED.number());
    assertThat(certificate).doesNotExist();
  }

  /** The path length of 0 is openssl's work: our own authorities have none. */
  @Test
  void authoritiesThatMayNotSign_areRefused() throws Exception {
    Files.createDirectory(ca);
    openssl(
        "req",
        "-x509",
        "-nodes",
        "-newkey",
        "rsa:2048",
        "-subj",
        "/CN=Root",
        "-days",
        "100",
        "-addext",
        "basicConstraints=critical,CA:TRUE,pathlen:0",
        "-keyout",
        ca.resolve("ca_key.pem").toString(),
        "-out",
        ca.resolve("ca_cert.pem").toString());
    request();

    Run below = Run.of(
        "ca",
        "create",
        "--dir",
        folder.resolve("below"),
        "--cn",
        "Below",
        "--parent",
        ca,
        "--key-size",
        "2048");
    assertFailed(below, ExitCode.REFUSED, "path length allows 0");
    assertThat(folder.resolve("below")).doesNotExist();
    ok("cert", "sign", "--ca-dir", ca, "--days", 10, request, "--out", folder.resolve("leaf.pem"));

    Path leaf = Files.createDirectory(folder.resolve("leaf"));
    Files.copy(SampleCertificates.FIRST.certificatePath(), leaf.resolve("ca_cert.pem"));
    Files.copy(SampleCertificates.FIRST.keyPath(), leaf.resolve("ca_key.pem"));
    assertFailed(sign(request, leaf, 10), ExitCode.REFUSED, "ca_cert.pem");
  }

  @Test
  void renewal_onTheSameKey_opensOldRecordings_andANewKeyDoesNot() throws Exception {
    ok("ca", "create", "--dir", ca, "--cn", "Root", "--key-size", "2048");
    request();
    ok("cert", "sign", "--ca-dir", ca, "--days", 10, request, "--out", certificate);
    Path same = folder.resolve("same.pem");
    Path other = folder.resolve("other.pem");
    Path otherKey = folder.resolve("other_key.pem");

    ok("cert", "renew", certificate, "--key", key, "--ca-dir", ca, "--days", 20, "--out", same);
    ok(
        "cert",
        "renew",
        certificate,
        "--key-out",
        otherKey,
        "--ca-dir",
        ca,
        "--days",
        20,
        "--out",
        other);

    RecordingCertificate older = RecordingCertificate.read(certificate);
    RecordingCertificate renewed = RecordingCertificate.read(same);
    RecordingCertificate rekeyed = RecordingCertificate.read(other);
    assertThat(renewed.subject()).isEqualTo(older.subject()).isEqualTo(rekeyed.subject());
    assertThat(renewed.publicKeySha256())
        .isEqualTo(older.publicKeySha256())
        .isNotEqualTo(rekeyed.publicKeySha256());
    assertThat(renewed.identifier()).isNotEqualTo(older.identifier());
    assertThat(Stream.of(certificate, same, other)
            .map(cert -> Run.of("cert", "verify", "--ca", ca.resolve("ca_bundle.pem"), cert)
                .exitCode()))
        .containsOnly(0);
  }

  @Test
  void renewal_makesARequest_orASelfSignedCertificate_whereThatIsAsked() throws Exception {
    selfSigned();
    Path again = folder.resolve("again.pem");

    ok("cert", "renew", certificate, "--key", key, "--out", request);
    ok("cert", "renew", certificate, "--key", key, "--self-signed", "--days", 9, "--out", again);

    assertThat(openssl("req", "-verify", "-noout", "-in", request.toString())).isNotNull();
    assertThat(subjectDn(request))
        .isEqualTo(RecordingCertificate.read(certificate).subject());
    assertThat(RecordingCertificate.read(again).publicKeySha256())
        .isEqualTo(RecordingCertificate.read(certificate).publicKeySha256());
    assertFailed(
        Run.of(
            "cert",
            "renew",
            certificate,
            "--key",
            SampleCertificates.FIRST.keyPath(),
            "--out",
            folder.resolve("x.req")),
        ExitCode.REFUSED,
        "not the private key of");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = """
      renew CERT --out OUT                                            | either --key KEY.pem
      renew CERT --key KEY --key-out NEW --out OUT                    | either --key KEY.pem
      renew CERT --key KEY --self-signed --out OUT                    | missing --days
      renew CERT --key KEY --days 3 --out OUT                         | --days without
      renew CERT --key KEY --ca-dir CA --self-signed --days 3 --out OUT | --ca-dir with --self-signed
      renew CERT --key KEY --out KEY                                  | is the input, too
      request --key-out NEW --out NEW                                 | named for two outputs
      request --key-out NEW --key-size 1024 --out OUT                 | --key-size: 1024
      request --key-out NEW --key-format pkcs7 --out OUT              | pkcs7
      request --key-out NEW --digest sha1 --out OUT                   | sha1
      request --out OUT                                               | --key-out
      request --key-out NEW                                           | --out
      sign --ca-dir CA --out OUT                                      | REQ.pem
      self-signed --key-out NEW --out OUT                             | --days
      """)
  void misuse_isExitCode2(String line, String named) throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("cert"));
    for (String word : line.split(" ", -1)) {
      arguments.add(
          switch (word) {
            case "CERT" -> SampleCertificates.FIRST.certificatePath();
            case "KEY" -> SampleCertificates.FIRST.keyPath();
            case "OUT" -> folder.resolve("out");
            case "NEW" -> folder.resolve("new");
            case "CA" -> ca;
            default -> word;
          });
    }

    Run run = Run.of(
        line.startsWith("re") && !line.startsWith("renew")
            ? with(SUBJECT, arguments.toArray())
            : arguments.toArray());

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.messages()).startsWith("tapeseal: ").contains(named);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void reports_areJson_andNameWhatWasWritten() {
    JsonNode made = ok("ca", "create", "--dir", ca, "--cn", "Root", "--json").json();
    assertThat(made.path("bundle").asString())
        .isEqualTo(ca.resolve("ca_bundle.pem").toString());
    assertThat(made.path("keyDetails").asString()).isEqualTo("RSA, 3072 bits");
    JsonNode requested = request("--json").json();
    assertThat(requested.path("key").asString()).isEqualTo(key.toString());
    assertThat(requested.path("issuerDn").isNull()).isTrue();
    JsonNode signed = ok(
            "cert", "sign", "--ca-dir", ca, "--days", 10, request, "--out", certificate, "--json")
        .json();
    assertThat(signed.path("issuerDn").asString()).isEqualTo("CN=Root");
    assertThat(signed.path("subjectName").asString()).isEqualTo("Interaction Recording");
  }

  private Run request(Object... more) {
    return ok(with(
        SUBJECT, with(Arrays.asList(more), "cert", "request", "--key-out", key, "--out", request)));
  }

  private void selfSigned(Object... more) {
    ok(with(
        SUBJECT,
        with(
            Arrays.asList(more),
            "cert",
            "self-signed",
            "--days",
            30,
            "--key-out",
            key,
            "--out",
            certificate)));
  }

  private Run sign(Path what, Path authority, int days) {
    return Run.of(
        "cert", "sign", "--ca-dir", authority, "--days", days, what, "--out", certificate);
  }

  private static Object[] with(List<Object> more, Object... arguments) {
    return Stream.concat(Stream.of(arguments), more.stream()).toArray();
  }

  private static Run ok(Object... arguments) {
    Run run = Run.of(arguments);
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return run;
  }

  private static String subjectDn(Path file) {
    return ok("cert", "inspect", "--json", file)
        .json()
        .path("items")
        .get(0)
        .path("subjectDn")
        .asString();
  }

  private static void assertFailed(Run run, ExitCode exitCode, String... named) {
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(exitCode.number());
    assertThat(run.messages().lines().filter(line -> !line.contains("warning:")))
        .as(run.messages())
        .hasSize(1);
    assertThat(run.messages()).contains(named).doesNotContain("Exception");
    assertThat(run.output()).isEmpty();
  }

  private void assertOnly(Path... expected) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(expected);
    }
  }

  private void assertNoParts() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
    }
  }

  private static String openssl(String... arguments) throws IOException {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    return new String(OpenSsl.run(arguments), StandardCharsets.UTF_8);
  }

  /** A person at the terminal, who answers as long as there are answers. */
  private static final class Answers implements Terminal.Dialogue {
    private final Deque<String> answers;
    private final List<String> prompts = new ArrayList<>();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    Answers(String... answers) {
      this.answers = new ArrayDeque<>(List.of(answers));
    }

    int run(Object... arguments) {
      return Tapeseal.run(
          new Terminal(
              new ByteArrayInputStream(new byte[0]),
              new ByteArrayOutputStream(),
              messages,
              Map.of(),
              false,
              this),
          Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    }

    @Override
    public @Nullable String line(String prompt) {
      prompts.add(prompt);
      return answers.poll();
    }

    @Override
    public char @Nullable [] secret(String prompt) {
      return null;
    }

    List<String> asked() {
      return prompts;
    }

    String said() {
      return messages.toString(StandardCharsets.UTF_8);
    }
  }
}
