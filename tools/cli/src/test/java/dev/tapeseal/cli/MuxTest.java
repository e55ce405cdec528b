package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.Ffmpeg;
import dev.tapeseal.samples.Ffprobe;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two files, muxed or refused. */
class MuxTest {
  private static final Path CALL = Samples.path("media/tagged.mp3");
  private static final Path SCREEN = Samples.path("media/screen.mp4");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private Path encrypted(Path media) {
    Path out = folder.resolve(media.getFileName() + ".p7m");
    Run run = Run.of("encrypt", "--cert", FIRST.certificatePath(), "--mac", media, "-o", out);
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return out;
  }

  private Path clearMux(String... options) {
    Path out = folder.resolve("clear.mp4");
    Run run = Run.of(Stream.concat(Stream.of("mux", CALL, SCREEN, "-o", out), Stream.of(options))
        .toArray());
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return out;
  }

  @Test
  void clearPair_plays() throws IOException {
    Assumptions.assumeTrue(Ffmpeg.isPresent() && Ffprobe.isPresent(), "no ffmpeg");

    Path muxed = clearMux();

    Ffmpeg.decode(muxed);
    assertThat(Ffprobe.streams(muxed).stream().map(stream -> stream.text("codec_name")))
        .containsExactly("h264", "mp3");
    assertThat(folder.resolve("clear.mp4.mac")).doesNotExist();
  }

  @Test
  void encryptedPair_isTheClearOne_encrypted() {
    Path clear = clearMux(
        "--call-start", "2026-11-24T13:15:00.137Z", "--screen-start", "2026-11-24T13:15:00Z");
    Path out = folder.resolve("muxed.mp4");

    Run run = Run.of(
        "mux",
        "--json",
        "--key",
        FIRST.keyPath(),
        "--cert",
        SECOND.certificatePath(),
        "--ca",
        Samples.path("certificates/ca.pem"),
        "--call-start",
        "2026-11-24T13:15:00.137Z",
        "--screen-start",
        "2026-11-24T13:15:00Z",
        encrypted(CALL),
        encrypted(SCREEN),
        "-o",
        out);

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.messages()).isEmpty();
    assertThat(run.json().path("encrypted").asBoolean()).isTrue();
    assertThat(run.json().path("authenticated").asBoolean()).isTrue();
    assertThat(run.json().path("durationMs").asLong()).isBetween(29_900L, 30_200L);
    Run played = Run.of("decrypt", "--key", SECOND.keyPath(), out, "-o", "-");
    assertThat(played.exitCode()).as(played.toString()).isZero();
    assertThat(played.messages()).isEmpty();
    assertThat(played.output()).isEqualTo(contentOf(clear));
  }

  @Test
  void mixedPair_isRefused_naming_whatIsPlain_andTheCure() throws IOException {
    Path out = folder.resolve("muxed.mp4");
    Path call = encrypted(CALL);

    Run plainScreen = Run.of("mux", call, SCREEN, "-o", out);

    assertThat(plainScreen.exitCode()).isEqualTo(5);
    assertThat(plainScreen.messages())
        .contains("call recording " + call + " is encrypted")
        .contains("screen recording " + SCREEN + " is plain")
        .contains("no screen recording certificate")
        .contains("assign a screen recording certificate");
    Path screen = encrypted(SCREEN);
    Run plainCall = Run.of(
        "mux",
        "--force",
        "--key",
        FIRST.keyPath(),
        "--cert",
        FIRST.certificatePath(),
        CALL,
        screen,
        "-o",
        out);
    assertThat(plainCall.exitCode()).isEqualTo(5);
    assertThat(plainCall.messages())
        .contains("screen recording " + screen + " is encrypted")
        .contains("call recording " + CALL + " is plain")
        .contains("deploy a recording certificate to the IVR profile");
    assertNothingMade("muxed.mp4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"call-aes256.der", "call-stream.ber", "call.pem", "smime-call-stream.ber"})
  void whateverFormTheEnvelopeHas_itIsEncrypted(String envelope) {
    Path call = Samples.path("openssl/" + envelope);

    Run run = Run.of("mux", call, SCREEN, "-o", folder.resolve("muxed.mp4"));

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(5);
    assertThat(run.messages()).contains("mixed pair").contains(call + " is encrypted");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(delimiter = '|', textBlock = """
          2 | --cert CERT.pem      | mux ENCRYPTED_CALL ENCRYPTED_SCREEN -o OUT
          2 | --key KEY.pem        | mux --cert CERT ENCRYPTED_CALL ENCRYPTED_SCREEN -o OUT
          5 | another recipient's  | mux --cert CERT --key OTHER ENCRYPTED_CALL ENCRYPTED_SCREEN -o OUT
          2 | expected: CALL       | mux CALL -o OUT
          2 | expected: CALL       | mux CALL SCREEN
          2 | one without          | mux --call-start 2026-11-24T13:15:00Z CALL SCREEN -o OUT
          2 | apart                | mux --call-start 2026-11-24T13:15:00Z --screen-start 2026-11-22T13:15:00Z CALL SCREEN -o OUT
          2 | a pipe cannot seek   | mux - SCREEN -o OUT
          4 | does not exist       | mux nothing.mp3 SCREEN -o OUT
          4 | holds no store       | mux --store FOLDER/none
          2 | the catalog alone    | mux --store FOLDER/none CALL SCREEN
          1 | a call in video/mp4  | mux SCREEN SCREEN -o OUT
          1 | expected             | mux CALL CALL -o OUT
          1 | neither              | mux NOTHING SCREEN -o OUT
          2 | too                  | mux CALL SCREEN -o CALL --force
          """)
  void wrongUse_isSaidInOneSentence(int exitCode, String said, String command) throws IOException {
    Path out = folder.resolve("muxed.mp4");
    Path call = Files.copy(CALL, folder.resolve("call.mp3"));
    Path nothing = Files.write(folder.resolve("nothing"), new byte[100]);
    Object[] arguments = Stream.of(command.split(" ", -1))
        .map(word -> switch (word) {
          case "OUT" -> out;
          case "CALL" -> call;
          case "SCREEN" -> SCREEN;
          case "NOTHING" -> nothing;
          case "CERT" -> FIRST.certificatePath();
          case "OTHER" -> SECOND.keyPath();
          case "ENCRYPTED_CALL" -> encrypted(CALL);
          case "ENCRYPTED_SCREEN" -> encrypted(SCREEN);
          default -> word.replace("FOLDER", folder.toString());
        })
        .toArray();

    Run run = Run.of(arguments);

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(exitCode);
    assertThat(run.messages()).contains(said).doesNotContain("unexpected failure");
    assertThat(call).hasSameBinaryContentAs(CALL);
    assertNothingMade("muxed.mp4");
  }

  @Test
  void outputThatExists_staysUnlessForced_andLosesTheOldMac() throws IOException {
    Path out = Files.writeString(folder.resolve("muxed.mp4"), "mine");
    Files.writeString(folder.resolve("muxed.mp4.mac"), "of another");

    assertThat(Run.of("mux", CALL, SCREEN, "-o", out).exitCode()).isEqualTo(1);
    assertThat(out).hasContent("mine");
    assertThat(Run.of("mux", "--force", CALL, SCREEN, "-o", out).exitCode()).isZero();
    assertThat(out).hasSameBinaryContentAs(clearMux());
    assertThat(folder.resolve("muxed.mp4.mac")).doesNotExist();
  }

  @Test
  void damagedRecording_leavesNothing() throws IOException {
    Path screen = encrypted(SCREEN);
    byte[] content = Files.readAllBytes(screen);
    content[content.length / 2] ^= 1;
    Files.write(screen, content);

    Run run = Run.of(
        "mux",
        "--key",
        FIRST.keyPath(),
        "--cert",
        FIRST.certificatePath(),
        encrypted(CALL),
        screen,
        "-o",
        folder.resolve("muxed.mp4"));

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
    assertNothingMade("muxed.mp4");
  }

  private void assertNothingMade(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(
              files.map(file -> file.getFileName().toString()).filter(file -> file.contains(name)))
          .isEmpty();
    }
  }

  private static byte[] contentOf(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
