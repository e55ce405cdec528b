package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.EC;
import static dev.tapeseal.samples.SampleCertificates.EXPIRED;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.NOT_YET_VALID;
import static dev.tapeseal.samples.SampleCertificates.RSA_1024;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static dev.tapeseal.samples.SampleCertificates.SIGNING_ONLY;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.Continuity;
import dev.tapeseal.media.MediaWriter;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command answers to input that it must refuse: its exit code, a sentence, and no output. One list, so long. */
class BadInputTest {
  private static final Path CALL = Samples.path("media/call.mp3");
  private static final byte[] CALL_BYTES = Samples.bytes("media/call.mp3");
  private static final String ENCRYPTED_KEY = "certificates/first_key_pkcs8_pbkdf2.pem";

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private Path output = Path.of("");

  @BeforeEach
  void nameOutput() {
    output = folder.resolve("out");
  }

  @Test
  void certificateThatIsNotPem_isRefused() throws IOException {
    assertRefusedCertificate(Files.writeString(folder.resolve("note.txt"), "hello\n"), "PEM");
  }

  @Test
  void privateKeyInPlaceOfACertificate_isRefused() throws IOException {
    assertRefusedCertificate(FIRST.keyPath(), "PRIVATE KEY");
  }

  @Test
  void ellipticCurveCertificate_isRefused() throws IOException {
    assertRefusedCertificate(EC.certificatePath(), "RSA");
  }

  @Test
  void certificateOf1024Bits_isRefused() throws IOException {
    assertRefusedCertificate(RSA_1024.certificatePath(), "2048");
  }

  @Test
  void expiredCertificate_isRefused() throws IOException {
    assertRefusedCertificate(EXPIRED.certificatePath(), "2020");
  }

  @Test
  void certificateNotYetValid_isRefused() throws IOException {
    assertRefusedCertificate(NOT_YET_VALID.certificatePath(), "2073");
  }

  @Test
  void certificateForSigningOnly_isRefused() throws IOException {
    assertRefusedCertificate(SIGNING_ONLY.certificatePath(), "usage");
  }

  private void assertRefusedCertificate(Path certificate, String reason) throws IOException {
    Run run = Run.of("encrypt", "--cert", certificate, CALL, "-o", output);

    assertFailed(run, ExitCode.REFUSED, certificate.toString(), reason);
    assertNothingWritten();
  }

  @Test
  void wrongPrivateKey_isRefused() throws IOException {
    Path recording = encrypted();

    Run run = Run.of("decrypt", "--key", SECOND.keyPath(), recording, "-o", output);

    assertFailed(run, ExitCode.REFUSED, recording.toString(), "the private key opens none");
    assertNothingWrittenBut(recording);
  }

  @Test
  void wrongPrivateKeyUnderACertificate_isRefused() throws IOException {
    Path recording = encrypted();

    Run run = Run.of(
        "decrypt",
        "--key",
        SECOND.keyPath(),
        "--recip",
        FIRST.certificatePath(),
        recording,
        "-o",
        output);

    assertFailed(run, ExitCode.REFUSED, "first.pem", "none of the private keys is for this");
    assertNothingWrittenBut(recording);
  }

  @Test
  void privateKeyThatIsNotPem_isRefused() throws IOException {
    Path recording = encrypted();
    Path note = Files.writeString(folder.resolve("note.txt"), "hello\n");

    Run run = Run.of("decrypt", "--key", note, recording, "-o", output);

    assertFailed(run, ExitCode.REFUSED, note.toString(), "not PEM");
    assertNothingWrittenBut(recording, note);
  }

  @Test
  void ellipticCurveKey_isRefused() throws IOException {
    Path recording = encrypted();

    Run run = Run.of("decrypt", "--key", EC.keyPath(), recording, "-o", output);

    assertFailed(run, ExitCode.REFUSED, EC.keyPath().toString(), "expected: RSA");
    assertNothingWrittenBut(recording);
  }

  @Test
  void certificateInPlaceOfAPrivateKey_isRefused() throws IOException {
    Path recording = encrypted();

    Run run = Run.of("decrypt", "--key", FIRST.certificatePath(), recording, "-o", output);

    assertFailed(run, ExitCode.REFUSED, "first.pem", "certificate");
    assertNothingWrittenBut(recording);
  }

  @Test
  void missingPassword_isRefused_andTheOptionIsNamed() throws IOException {
    Path recording = encrypted();

    Run run = Run.of("decrypt", "--key", Samples.path(ENCRYPTED_KEY), recording, "-o", output);

    assertFailed(run, ExitCode.REFUSED, "pbkdf2.pem", "--password-file");
    assertNothingWrittenBut(recording);
  }

  @Test
  void wrongPassword_isRefused_andNotRepeated() throws IOException {
    Path recording = encrypted();
    Path password = Files.writeString(folder.resolve("password"), "humans need oil\n");

    Run run = Run.of(
        "decrypt",
        "--key",
        Samples.path(ENCRYPTED_KEY),
        "--password-file",
        password,
        recording,
        "-o",
        output);

    assertFailed(run, ExitCode.REFUSED, "pbkdf2.pem", "password");
    assertThat(run.messages()).doesNotContain("humans");
    assertNothingWrittenBut(recording, password);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"media/call.mp3", "media/call.wav", "media/screen.mp4", "openssl/empty.bin"})
  void mediaThatAreNoEnvelope_areNotDecrypted(String sample) throws IOException {
    Run run = decrypt(Samples.path(sample));

    assertFailed(
        run, ExitCode.FAILED, sample.substring(sample.indexOf('/') + 1), "not an envelope");
    assertNothingWritten();
  }

  @ParameterizedTest
  @CsvSource({
    "small-signed.der, SignedData",
    "small-data.der, Data",
    "small-encrypted-data.der, EncryptedData",
    "small-des3.der, expected: AES"
  })
  void otherMessages_areNotDecrypted(String sample, String reason) throws IOException {
    Run run = decrypt(Samples.path("openssl/" + sample));

    assertFailed(run, ExitCode.FAILED, sample, reason);
    assertNothingWritten();
  }

  @ParameterizedTest(name = "with .mac {0}")
  @ValueSource(booleans = {true, false})
  void recordingCutAtEveryFiftieth_isNotDecrypted(boolean authenticated) throws IOException {
    Path recording = authenticated ? encryptedWithMac() : encrypted();
    byte[] whole = Files.readAllBytes(recording);
    for (int part = 0; part < 50; part++) {
      int length = whole.length * part / 50;
      Files.write(recording, Arrays.copyOf(whole, length));

      Run run = decrypt(recording);

      assertThat(run.exitCode()).as("cut to %s bytes: %s", length, run).isEqualTo(1);
      assertFailed(run, ExitCode.FAILED, recording.toString());
      assertThat(run.messages())
          .containsAnyOf("the message ends here", "not an envelope: there is nothing, 0 bytes");
      assertThat(output).doesNotExist();
    }
    assertNoParts();
  }

  @Test
  void damagedWrappedKey_isRefused() throws IOException {
    Path recording = encrypted();
    flip(
        recording, headerBytes(recording) - 64); // the wrapped key ends before the content's header

    Run run = decrypt(recording);

    assertFailed(run, ExitCode.REFUSED, recording.toString(), "or they are damaged");
    assertNothingWrittenBut(recording);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"iv", "first", "middle", "last"})
  void damagedByte_isCaughtByTheMac(String where) throws IOException {
    Path recording = encryptedWithMac();
    flip(recording, offset(recording, where));

    assertFailed(
        decrypt(recording), ExitCode.FAILED, recording.toString(), "does not match its tag");
    assertThat(output).doesNotExist();
    assertNoParts();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"iv", "first", "middle"})
  void damageWithoutMac_isNotCaught_butUnauthenticatedIsSaid(String where) throws IOException {
    Path recording = encrypted();
    flip(recording, offset(recording, where));

    Run run = decrypt(recording);

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.messages()).contains(recording.toString()).contains("unauthenticated");
    assertThat(Files.readAllBytes(output)).isNotEqualTo(CALL_BYTES).hasSameSizeAs(CALL_BYTES);
  }

  /** The last block holds the padding; without a .mac that is all there is to see. A fixed file, for a fixed outcome. */
  @Test
  void damagedLastByteWithoutMac_spoilsThePadding_andUnauthenticatedIsSaid() throws IOException {
    Path recording =
        Files.write(folder.resolve("recording"), Samples.bytes("openssl/call-aes256.der"));
    flip(recording, Files.size(recording) - 1);

    Run run = decrypt(recording);

    assertFailed(
        run, ExitCode.FAILED, recording.toString(), "the padding at the end is wrong", "changed");
    assertThat(run.messages()).contains("warning: " + recording + ": unauthenticated");
    assertNothingWrittenBut(recording);
  }

  @Test
  void macOfAnotherRecording_isCaught() throws IOException {
    Path recording = encryptedWithMac();
    Path other = folder.resolve("other");
    assertOk(Run.of("encrypt", "--cert", FIRST.certificatePath(), "--mac", CALL, "-o", other));

    Run run = Run.of(
        "decrypt",
        "--key",
        FIRST.keyPath(),
        "--mac-file",
        folder.resolve("other.mac"),
        recording,
        "-o",
        output);

    assertFailed(run, ExitCode.FAILED, recording.toString());
    assertThat(output).doesNotExist();
  }

  @Test
  void existingOutput_isKept_untilForced() throws IOException {
    Files.writeString(output, "mine");

    Run refused = Run.of("encrypt", "--cert", FIRST.certificatePath(), CALL, "-o", output);

    assertFailed(refused, ExitCode.FAILED, output.toString(), "--force");
    assertThat(output).hasContent("mine");

    assertOk(Run.of("encrypt", "--cert", FIRST.certificatePath(), "--force", CALL, "-o", output));
    Path plain = folder.resolve("plain");
    Files.writeString(plain, "mine, too");
    Run kept = Run.of("decrypt", "--key", FIRST.keyPath(), output, "-o", plain);
    assertFailed(kept, ExitCode.FAILED, plain.toString(), "--force");
    assertThat(plain).hasContent("mine, too");

    assertOk(Run.of("decrypt", "--key", FIRST.keyPath(), "--force", output, "-o", plain));
    assertThat(plain).hasBinaryContent(CALL_BYTES);
    assertNoParts();
  }

  @Test
  void failureUnderForce_keepsWhatWasThere() throws IOException {
    Path recording = encryptedWithMac();
    flip(recording, offset(recording, "last"));
    Files.writeString(output, "mine");

    Run run = Run.of("decrypt", "--key", FIRST.keyPath(), "--force", recording, "-o", output);

    assertFailed(run, ExitCode.FAILED, recording.toString());
    assertThat(output).hasContent("mine");
    assertNoParts();
  }

  @Test
  void outputThatIsTheInput_isRefused_evenUnderForce() throws IOException {
    Path file = Files.write(folder.resolve("call.mp3"), CALL_BYTES);

    Run run = Run.of("encrypt", "--cert", FIRST.certificatePath(), "--force", file, "-o", file);

    assertFailed(run, ExitCode.USAGE, file.toString());
    assertThat(file).hasBinaryContent(CALL_BYTES);
  }

  @Test
  void missingOutputDirectory_isNotFound() throws IOException {
    Path lost = folder.resolve("no/where/out");

    Run run = Run.of("encrypt", "--cert", FIRST.certificatePath(), CALL, "-o", lost);

    assertFailed(run, ExitCode.NOT_FOUND, lost.toString(), "does not exist");
    Run decrypted = Run.of(
        "decrypt", "--key", FIRST.keyPath(), Samples.path("openssl/small-aes256.der"), "-o", lost);
    assertFailed(decrypted, ExitCode.NOT_FOUND, lost.toString(), "does not exist");
    assertNothingWritten();
  }

  @ParameterizedTest
  @CsvSource({
    "--call, openssl/small.bin, neither WAV nor MP3 nor MP4",
    "--call, openssl/empty.bin, an empty file",
    "--call, openssl/call-aes256.der, an encrypted recording must be decrypted first",
    "--call, media/screen.mp4, expected: the call as WAV or MP3",
    "--screen, media/call.mp3, expected: the screen as MP4"
  })
  void mediaThatAreOthers_areNotRecorded(String option, String sample, String reason)
      throws IOException {
    Path file = Samples.path(sample);

    Run run = Run.of("record", "--store", folder.resolve("store"), option, file);

    assertFailed(run, ExitCode.FAILED, file.toString(), reason);
    assertNoParts();
  }

  @Test
  void storeThatIsAFile_isNotFound() throws IOException {
    Path file = Files.writeString(folder.resolve("note.txt"), "hello\n");

    assertFailed(
        Run.of("record", "--store", file, "--call", CALL),
        ExitCode.NOT_FOUND,
        file.toString(),
        "is not a directory");
    assertThat(file).hasContent("hello\n");
  }

  @Test
  void missingInputs_areNotFound() throws IOException {
    Path missing = folder.resolve("missing.pem");
    Object certificate = FIRST.certificatePath();
    Path recording = Samples.path("openssl/small-aes256.der");
    List<Run> runs = List.of(
        Run.of("encrypt", "--cert", missing, CALL, "-o", output),
        Run.of("encrypt", "--cert", certificate, missing, "-o", output),
        Run.of("decrypt", "--key", missing, recording, "-o", output),
        Run.of("decrypt", "--key", FIRST.keyPath(), missing, "-o", output),
        Run.of("decrypt", "--key", FIRST.keyPath(), "--recip", missing, recording, "-o", output),
        Run.of(
            "decrypt",
            "--key",
            FIRST.keyPath(),
            "--password-file",
            missing,
            recording,
            "-o",
            output),
        Run.of("decrypt", "--key", FIRST.keyPath(), "--mac-file", missing, recording, "-o", output),
        Run.of("inspect", missing),
        Run.of("record", "--store", folder.resolve("store"), "--screen", missing),
        Run.of(
            "record",
            "--store",
            folder.resolve("store"),
            "--screen-cert",
            missing,
            "--screen",
            Samples.path("media/screen.mp4")),
        Run.of("record", "--store", folder.resolve("store"), "--call", missing),
        Run.of("record", "--store", folder.resolve("store"), "--cert", missing, "--call", CALL),
        Run.of("recordings", "list", "--store", missing));
    for (Run run : runs) {
      assertFailed(run, ExitCode.NOT_FOUND, missing.toString());
    }
    assertNothingWritten();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = """
          decrypt --key KEY --range 0-9 - -o OUT                  | --range
          decrypt --key KEY --range 9-0 CALL -o OUT               | '9-0'
          decrypt --key KEY --range - CALL -o OUT                 | '-'
          decrypt --key KEY --range -0 CALL -o OUT                | '-0'
          decrypt --key KEY --range a-b CALL -o OUT               | 'a-b'
          decrypt --key KEY --range 99999999999999999999- CALL -o OUT | 99999999999999999999-
          encrypt --cert CERT --mac CALL -o -                     | --mac-file
          encrypt --cert CERT --mac-file OUT CALL -o OUT          | --mac-file
          encrypt --cert CERT --format zip CALL -o OUT            | pkcs7
          encrypt --cert CERT --json CALL -o -                    | --json
          encrypt CALL -o OUT                                     | --cert
          encrypt --cert CERT CALL                                | --output
          decrypt CALL -o OUT                                     | --key
          decrypt --key KEY -o OUT                                | IN
          encrypt --cert CERT CALL -o OUT --nonsense              | --nonsense
          record --store OUT                                      | --call
          record --call CALL                                      | --store
          record --store OUT --call CALL --pace slow              | slow
          recordings                                              | list
          recordings list --store OUT --limit 0                   | limit
          recordings list --store OUT --from yesterday            | yesterday
          recordings show --store OUT ../x                        | ../x
          nonsense                                                | nonsense
          """, quoteCharacter = '"')
  void misuse_isExitCode2(String line, String named) throws IOException {
    Object[] arguments = Stream.of(line.split(" "))
        .map(word -> switch (word) {
          case "KEY" -> FIRST.keyPath();
          case "CERT" -> FIRST.certificatePath();
          case "CALL" -> CALL;
          case "OUT" -> output;
          default -> word;
        })
        .toArray();

    Run run = Run.of(arguments);

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.messages()).startsWith("tapeseal: ").contains(named);
    assertThat(run.output()).isEmpty();
    assertNothingWritten();
  }

  /** A limit on a file's size fails a write as a full disk does, and needs no root. */
  @Test
  void fullDisk_leavesNothingHalfWritten() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "/bin/bash is missing");
    Path recording = encrypted();
    Path messages = folder.resolve("messages");

    assertThat(limited(
            50,
            messages,
            "encrypt",
            "--cert",
            FIRST.certificatePath(),
            "--mac",
            CALL,
            "-o",
            output))
        .isEqualTo(ExitCode.FAILED.number());
    assertThat(messages).content().contains("tapeseal: " + output + ": cannot be written: ");
    assertThat(messages).content().doesNotContain("\tat ");
    assertNothingWrittenBut(recording, messages);

    assertThat(limited(50, messages, "decrypt", "--key", FIRST.keyPath(), recording, "-o", output))
        .isEqualTo(ExitCode.FAILED.number());
    assertThat(messages).content().contains("tapeseal: " + output + ": cannot be written: ");
    assertThat(messages).content().doesNotContain("\tat ");
    assertNothingWrittenBut(recording, messages);
  }

  /** The limit is high enough for SQLite, whose library unpacks itself into a temporary file. */
  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void fullDiskUnderAStore_leavesNoRecording(boolean encrypted) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "/bin/bash is missing");
    Path messages = folder.resolve("messages");
    Path store = folder.resolve("store");
    Path call = folder.resolve("call.wav");
    try (MediaWriter writer =
        MediaWriter.open(AudioFormat.muLaw(8000, 1), Files.newByteChannel(call, CREATE, WRITE))) {
      writer.writeSilence(1000_000_000, Continuity.CONTINUED);
    }
    List<Object> record = new ArrayList<>(List.of("record", "--store", store, "--call", call));
    if (encrypted) {
      record.addAll(List.of("--cert", FIRST.certificatePath()));
    }

    assertThat(limited(5000, messages, record.toArray())).isEqualTo(ExitCode.FAILED.number());

    assertThat(messages)
        .content()
        .contains("tapeseal: " + store.toRealPath(), ".wav: cannot be written: ")
        .doesNotContain("\tat ");
    assertNoParts();
    assertThat(Run.of("recordings", "list", "--json", "--store", store).json().get("recordings"))
        .isEmpty();
  }

  /** Runs the command in a process that may write so much to a file. */
  private static int limited(int kibibytes, Path messages, Object... arguments) throws Exception {
    List<String> command = Stream.concat(
            Stream.of(
                "/bin/bash",
                "-c",
                "ulimit -f " + kibibytes + "; exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Tapeseal.class.getName()),
            Stream.of(arguments).map(Object::toString))
        .toList();
    Process process = new ProcessBuilder(command)
        .redirectError(messages.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      process.getOutputStream().close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private Path encrypted() {
    Path recording = folder.resolve("recording");
    assertOk(Run.of("encrypt", "--cert", FIRST.certificatePath(), CALL, "-o", recording));
    return recording;
  }

  private Path encryptedWithMac() {
    Path recording = folder.resolve("recording");
    assertOk(Run.of("encrypt", "--cert", FIRST.certificatePath(), "--mac", CALL, "-o", recording));
    return recording;
  }

  private Run decrypt(Path recording) {
    return Run.of("decrypt", "--key", FIRST.keyPath(), recording, "-o", output);
  }

  private static long headerBytes(Path recording) {
    return Run.of("inspect", "--json", recording).json().get("headerBytes").asLong();
  }

  /** The IV is an OCTET STRING of 16 bytes behind the identifier of AES-256-CBC (RFC 3565, section 4.1). */
  private static long ivOffset(Path recording) throws IOException {
    String hex = HexFormat.of().formatHex(Files.readAllBytes(recording));
    String before = "60864801650304012a" + "0410";
    int offset = hex.indexOf(before);
    assertThat(offset).isPositive();
    return (offset + before.length()) / 2L;
  }

  private static long offset(Path recording, String where) throws IOException {
    long first = headerBytes(recording);
    return switch (where) {
      case "iv" -> ivOffset(recording);
      case "first" -> first;
      case "middle" -> (first + Files.size(recording)) / 2;
      default -> Files.size(recording) - 1;
    };
  }

  private static void flip(Path file, long offset) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[Math.toIntExact(offset)] ^= 1;
    Files.write(file, bytes);
  }

  private static void assertOk(Run run) {
    assertThat(run.exitCode()).as(run.toString()).isZero();
  }

  private static void assertFailed(Run run, ExitCode exitCode, String... named) {
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(exitCode.number());
    String error = run.messages()
        .lines()
        .filter(line -> !line.contains("warning:"))
        .reduce("", (before, line) -> before + line + '\n');
    assertThat(error.lines()).as(error).hasSize(1);
    assertThat(error)
        .startsWith("tapeseal: ")
        .contains(named)
        .doesNotContain("Exception")
        .doesNotContain("unexpected failure");
    assertThat(run.output()).isEmpty();
  }

  private void assertNothingWritten() throws IOException {
    assertNoParts();
    assertThat(output).doesNotExist();
  }

  private void assertNothingWrittenBut(Path... expected) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(expected);
    }
  }

  private void assertNoParts() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
    }
  }
}
