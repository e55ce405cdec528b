package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.Samples;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command answers to a slip of its user: which word it was, and nothing lost by it. */
class UsageTest {
  private static final Path CALL = Samples.path("media/call.mp3");
  private static final String ENCRYPTED_KEY = "certificates/first_key_pkcs8_pbkdf2.pem";
  private static final Map<String, String> NONE = Map.of();

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
      encrpyt in                          | unknown command 'encrpyt' (did you mean 'encrypt'
      keystore imprt                      | unknown command 'imprt' (did you mean 'import'
      inspect --jsno in                   | unknown option '--jsno' (did you mean '--json'
      inspect in too                      | one argument too many: 'too'
      inspect                             | missing required parameter: 'FILE'
      recordings list --store s --from x  | '--from': 'x' (expected: a time in UTC, for example
      recordings list --store s --limit x | '--limit': 'x' (expected: a whole number)
      recordings list --store s --kind x  | '--kind': 'x' (expected: call or screen)
      record --store s --pace fast        | '--pace': 'fast' (expected: real-time or max)
      ca create --digest md5 --dir d      | '--digest': 'md5' (expected: sha256 or sha384 or sha512)
      """)
  void slip_isNamed_andWhatWasExpected(String line, String said) {
    Run run = Run.of((Object[]) line.split(" ", -1));

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.messages()).contains(said, "--help'.").doesNotContain("java.", "Exception");
  }

  @Test
  void help_isAskedForByItsVerb_too() {
    Run run = Run.of("help", "encrypt");

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.text()).startsWith("Usage: tapeseal encrypt");
  }

  @ParameterizedTest(name = "{0} replaces none of {1}")
  @CsvSource({
    "encrypt, cert.pem",
    "encrypt, ca.pem",
    "decrypt, key.pem",
    "decrypt, in.mac",
    "mux, key.pem",
    "mux, cert.pem"
  })
  void inputs_areNotReplaced_evenByForce(String verb, String input) throws IOException {
    Files.copy(FIRST.certificatePath(), folder.resolve("cert.pem"));
    Files.copy(FIRST.keyPath(), folder.resolve("key.pem"));
    Files.copy(Samples.path("certificates/ca.pem"), folder.resolve("ca.pem"));
    ok(Run.of("encrypt", "--mac", "--cert", FIRST.certificatePath(), CALL, "-o", file("in")));
    byte[] before = Files.readAllBytes(file(input));
    List<Object> arguments = new ArrayList<>(
        switch (verb) {
          case "encrypt" -> List.of(verb, "--cert", file("cert.pem"), "--ca", file("ca.pem"));
          case "decrypt" -> List.of(verb, "--key", file("key.pem"));
          default ->
            List.of(verb, file("in"), "--key", file("key.pem"), "--cert", file("cert.pem"));
        });
    arguments.addAll(List.of(file("in"), "--force", "-o", file(input)));

    Run run = Run.of(arguments.toArray());

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.messages()).contains(input + ": is the input, too");
    assertThat(file(input)).hasBinaryContent(before);
  }

  @Test
  void authorityIsNotReplaced_byACertificateThatItSigns() throws IOException {
    Path ca = file("ca");
    Path key = ca.resolve("ca_key.pem");
    ok(Run.of("ca", "create", "--dir", ca, "--cn", "CA", "--key-size", "2048"));
    byte[] before = Files.readAllBytes(key);

    Run run = Run.of(
        "cert",
        "sign",
        "--ca-dir",
        ca,
        "--days",
        "9",
        Samples.path("certificates/first.pem"),
        "--force",
        "-o",
        key);

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.USAGE.number());
    assertThat(key).hasBinaryContent(before);
  }

  @Test
  void outputBelowAFile_isToldSo() throws IOException {
    Path note = Files.writeString(file("note"), "hello");

    Run run = Run.of("encrypt", "--cert", FIRST.certificatePath(), CALL, "-o", note.resolve("out"));

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(run.messages()).contains(note + " is no directory").doesNotContain("make it first");
  }

  @Test
  void passwordOfAKey_isTakenOfTheEnvironment() throws IOException {
    ok(Run.of("encrypt", "--mac", "--cert", FIRST.certificatePath(), CALL, "-o", file("in")));

    ok(decryptWith(Map.of("TAPESEAL_KEY_PASSWORD", password())));
    assertThat(file("out")).hasSameBinaryContentAs(CALL);
    Run wrong = decryptWith(Map.of("TAPESEAL_KEY_PASSWORD", "wrong"));
    assertThat(wrong.exitCode()).as(wrong.toString()).isEqualTo(ExitCode.REFUSED.number());
    assertThat(wrong.messages()).contains("wrong password");
    Run none = decryptWith(NONE);
    assertThat(none.exitCode()).as(none.toString()).isEqualTo(ExitCode.REFUSED.number());
    assertThat(none.messages()).contains("--password-file FILE", "TAPESEAL_KEY_PASSWORD");
  }

  private static String password() throws IOException {
    return Files.readString(Samples.path("certificates/password.txt")).strip();
  }

  private Run decryptWith(Map<String, String> environment) {
    return Run.with(
        environment,
        new byte[0],
        "decrypt",
        "--force",
        "--key",
        Samples.path(ENCRYPTED_KEY),
        file("in"),
        "-o",
        file("out"));
  }

  @Test
  void outputThatIsLost_isAFailure() {
    OutputStream full = new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        throw new IOException("No space left on device");
      }
    };
    var messages = new ByteArrayOutputStream();

    for (String line : List.of("--help", "config show", "config show --json")) {
      int exitCode = Tapeseal.run(
          new Terminal(new ByteArrayInputStream(new byte[0]), full, messages, NONE, false),
          line.split(" ", -1));

      assertThat(exitCode).as(line).isEqualTo(ExitCode.FAILED.number());
    }
    assertThat(messages.toString(StandardCharsets.UTF_8).lines())
        .hasSize(3)
        .containsOnly("tapeseal: standard output: cannot be written: No space left on device");
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private static void ok(Run run) {
    assertThat(run.exitCode()).as(run.toString()).isZero();
  }

  @Test
  void synopses_breakNoOptionInTwo() {
    Run run = Run.of("profile", "set", "--help");

    assertThat(Arrays.stream(run.text().split("\n", -1)).toList())
        .anyMatch(
            line -> line.contains("--speechminer-interaction-receiver-authorization-file=FILE"));
  }
}
