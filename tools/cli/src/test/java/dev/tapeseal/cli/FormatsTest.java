package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Formats with an envelope beside the media, from end to end. */
class FormatsTest {
  private static final Path CALL = Samples.path("media/call.mp3");
  private static final byte[] MEDIA = Samples.bytes("media/call.mp3");

  @TempDir
  private Path folder;

  private Run encrypt(String format, Path output, Object... more) {
    Object[] arguments = {
      "encrypt", "--format", format, "--cert", FIRST.certificatePath(), CALL, "-o", output
    };
    return Run.of(joined(arguments, more));
  }

  private static Object[] joined(Object[] arguments, Object... more) {
    Object[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return all;
  }

  private static Run decrypt(Path recording, Object... more) {
    Object[] arguments = {"decrypt", "--key", FIRST.keyPath(), recording, "-o", "-"};
    return Run.of(joined(arguments, more));
  }

  private static Run assertOk(Run run) {
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return run;
  }

  private static void assertRefused(Run run, ExitCode exitCode, String... messages) {
    assertThat(run.exitCode()).as(run.toString()).isEqualTo(exitCode.number());
    assertThat(run.messages()).contains(messages);
  }

  @ParameterizedTest
  @CsvSource({"sealed,.p7k", "pkcs7-detached,.p7"})
  void envelopeLiesBesideTheMedia_orWhereItIsNamed(String format, String suffix)
      throws IOException {
    Path recording = folder.resolve("call.bin");
    Path envelope = folder.resolve("call.bin" + suffix);
    assertOk(encrypt(format, recording));
    assertThat(envelope).exists();

    assertThat(assertOk(decrypt(recording)).output()).isEqualTo(MEDIA);
    assertThat(assertOk(decrypt(recording, "--range", "70000-70099")).output())
        .isEqualTo(Arrays.copyOfRange(MEDIA, 70_000, 70_100));

    Path elsewhere = Files.move(envelope, folder.resolve("keys"));
    assertThat(assertOk(decrypt(recording, "--envelope", elsewhere)).output()).isEqualTo(MEDIA);
    assertThat(assertOk(Run.of("inspect", "--json", "--envelope", elsewhere, recording))
            .json()
            .get("format")
            .asString())
        .isEqualTo(format);
    assertRefused(decrypt(recording), ExitCode.FAILED, recording.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sealed", "pkcs7-detached"})
  void recordingPassesThroughPipes_withItsEnvelopeBesideThem(String format) {
    Path envelope = folder.resolve("keys");
    byte[] media = assertOk(Run.fed(
            MEDIA,
            "encrypt",
            "--format",
            format,
            "--cert",
            FIRST.certificatePath(),
            "--envelope",
            envelope,
            "-",
            "-o",
            "-"))
        .output();

    assertThat(assertOk(Run.fed(
                media, "decrypt", "--key", FIRST.keyPath(), "--envelope", envelope, "-", "-o", "-"))
            .output())
        .isEqualTo(MEDIA);

    assertRefused(
        Run.fed(
            MEDIA,
            "encrypt",
            "--format",
            format,
            "--cert",
            FIRST.certificatePath(),
            "-",
            "-o",
            "-"),
        ExitCode.USAGE,
        "--envelope FILE");
    assertRefused(
        Run.fed(
            Arrays.copyOf(media, media.length - 7),
            "decrypt",
            "--key",
            FIRST.keyPath(),
            "--envelope",
            envelope,
            "-",
            "-o",
            "-"),
        ExitCode.FAILED,
        "incomplete");
  }

  @Test
  void sealedRecording_isAuthenticatedWithoutAMac_andADetachedOneIsNot() throws IOException {
    Path sealed = folder.resolve("sealed");
    Path detached = folder.resolve("detached");
    Path tagged = folder.resolve("tagged");
    assertOk(encrypt("sealed", sealed));
    assertOk(encrypt("pkcs7-detached", detached));
    assertOk(encrypt("pkcs7-detached", tagged, "--mac"));

    assertThat(decrypt(sealed).messages()).isEmpty();
    assertThat(decrypt(detached).messages()).contains("unauthenticated");
    assertThat(decrypt(tagged).messages()).isEmpty();
    assertThat(assertOk(Run.of("inspect", sealed)).text())
        .contains(
            "sealed: AES-GCM in segments",
            "120672 bytes",
            "RSAES-OAEP SHA-256",
            "every segment authenticates itself");
    assertThat(assertOk(Run.of("inspect", detached)).text())
        .contains("pkcs7-detached", "the ciphertext beside it", "unauthenticated");
    assertThat(assertOk(Run.of("inspect", "--json", sealed))
            .json()
            .at("/sealed/segments")
            .asInt())
        .isEqualTo(2);

    byte[] changed = Files.readAllBytes(sealed);
    changed[40_000] ^= 1;
    Files.write(sealed, changed);
    Run refused = decrypt(sealed);
    assertRefused(refused, ExitCode.FAILED, "segment 0", "incomplete");
    assertThat(refused.messages()).doesNotContain("unauthenticated");
  }

  @Test
  void whatDoesNotGoTogether_isAUsageError() {
    Path out = folder.resolve("out");
    assertRefused(encrypt("sealed", out, "--mac"), ExitCode.USAGE, "authenticates itself");
    assertRefused(
        encrypt("pkcs7", out, "--envelope", folder.resolve("e")), ExitCode.USAGE, "--envelope");
    assertRefused(encrypt("sealed", out, "--envelope", out), ExitCode.USAGE, "another file");
    assertRefused(encrypt("zip", out), ExitCode.USAGE, "pkcs7, pkcs7-detached, sealed");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void companionsOfAnotherRecording_areNotLeftBehind() throws IOException {
    Path recording = folder.resolve("call.bin");
    assertOk(encrypt("sealed", recording));
    assertRefused(encrypt("pkcs7", recording), ExitCode.FAILED, "--force");
    Files.delete(recording);
    assertRefused(encrypt("pkcs7", recording), ExitCode.FAILED, "call.bin.p7k", "--force");

    assertOk(encrypt("pkcs7-detached", recording, "--force", "--mac"));
    assertThat(assertOk(decrypt(recording)).output()).isEqualTo(MEDIA);
    assertOk(encrypt("pkcs7", recording, "--force"));
    assertThat(assertOk(decrypt(recording)).output()).isEqualTo(MEDIA);
    try (var files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName).map(Path::toString)).isEqualTo(List.of("call.bin"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sealed", "pkcs7-detached"})
  void recordedCall_liesInTheFormat_andIsPlayed(String format) throws IOException {
    Path store = folder.resolve("store");
    Run recorded = assertOk(Run.of(
        "record",
        "--store",
        store,
        "--cert",
        FIRST.certificatePath(),
        "--format",
        format,
        "--call",
        CALL,
        "--json"));

    var file = recorded.json().at("/recordings/0/mediaFiles/0");
    assertThat(file.at("/tapeseal/format").asString()).isEqualTo(format);
    Path media = store.resolve(file.at("/mediaDescriptor/path").asString());
    assertThat(assertOk(decrypt(media)).output()).isEqualTo(MEDIA);
    assertThat(decrypt(media).messages()).isEmpty();
    assertRefused(
        Run.of("decrypt", "--key", SECOND.keyPath(), media, "-o", "-"),
        ExitCode.REFUSED,
        "the private key opens none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sealed", "pkcs7-detached"})
  void demo_showsTheFormat(String format) {
    Run demo = assertOk(Run.of("demo", "--dir", folder.resolve("demo"), "--format", format));

    assertThat(demo.text()).contains("--format " + format, "identical", "refused, because");
  }
}
