package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Mp3WriterTest {

  private static final int SETTLING_FRAMES =
      2; // overlap and filter bank of a decoder after something else

  @TempDir
  Path folder;

  static List<LameStream> streams() {
    return LameStream.grid();
  }

  /** Where the silence stands, and how long it is. */
  static Stream<Arguments> streamsAndSilences() {
    return LameStream.grid().stream()
        .flatMap(stream -> Stream.of(1, 3, 20).map(frames -> Arguments.of(stream, frames)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void frames_passThroughAsTheyAre(LameStream stream) throws Exception {
    Path mp3 = stream.encode(folder);
    Sink sink = new Sink();
    long durationUs;
    try (MediaSource source = MediaSource.open(mp3);
        MediaWriter writer = MediaWriter.open(source.audioFormat().orElseThrow(), sink)) {
      Frame frame = new Frame();
      while (source.next(frame)) {
        writer.write(frame.bytes());
      }
      durationUs = writer.durationUs();
      assertThat(durationUs).isEqualTo(source.durationUs());
    }
    assertThat(sink.bytes()).isEqualTo(Files.readAllBytes(mp3));
  }

  @ParameterizedTest(name = "{0}, {1} silent frames")
  @MethodSource("streamsAndSilences")
  void whatFollowsASilence_isDecodedAsWithoutIt(LameStream stream, int silentFrames)
      throws Exception {
    MediaTools.assumeInstalled("ffmpeg");
    List<byte[]> frames = frames(stream.encode(folder));
    int before = frames.size() / 2;

    Path without = Files.write(folder.resolve("without.mp3"), MediaTools.concat(frames));
    Path with = Files.write(
        folder.resolve("with.mp3"),
        withSilence(stream, frames, before, silentFrames, before, Continuity.CONTINUED));

    byte[] expected = MediaTools.decode(without);
    byte[] decoded = MediaTools.decode(with);
    int frameBytes = bytesPerFrame(stream);
    assertThat(decoded).hasSize(expected.length + silentFrames * frameBytes);
    int same = (before - 1) * frameBytes;
    assertThat(Arrays.copyOf(decoded, same)).isEqualTo(Arrays.copyOf(expected, same));
    if (silentFrames > SETTLING_FRAMES) {
      int silenceStart = (before + SETTLING_FRAMES) * frameBytes;
      assertThat(MediaTools.loudest(decoded, silenceStart, (before + silentFrames) * frameBytes))
          .isZero();
    }
    int settled = (before + silentFrames + SETTLING_FRAMES) * frameBytes;
    assertThat(Arrays.copyOfRange(decoded, settled, decoded.length))
        .isEqualTo(
            Arrays.copyOfRange(expected, settled - silentFrames * frameBytes, expected.length));
  }

  @ParameterizedTest(name = "{0}, {1} silent frames")
  @MethodSource("streamsAndSilences")
  void whatFollowsAnInterruption_isSilentUntilItIsWhole_andNeverNoise(
      LameStream stream, int silentFrames) throws Exception {
    MediaTools.assumeInstalled("ffmpeg");
    List<byte[]> frames = frames(stream.encode(folder));
    int before = frames.size() / 3;
    int after = before + 7; // frames that were left out

    Path without = Files.write(folder.resolve("without.mp3"), MediaTools.concat(frames));
    Path with = Files.write(
        folder.resolve("with.mp3"),
        withSilence(stream, frames, before, silentFrames, after, Continuity.INTERRUPTED));

    byte[] expected = MediaTools.decode(without);
    byte[] decoded = MediaTools.decode(with);
    int frameBytes = bytesPerFrame(stream);
    int shift = (before + silentFrames - after) * frameBytes;
    assertThat(decoded).hasSize(expected.length + shift);
    int end = (before + silentFrames) * frameBytes;
    int muted = mutedFrames(MediaTools.frames(MediaSource.open(with)), before + silentFrames);
    assertThat(muted)
        .isLessThanOrEqualTo(frames.size() / 8); // at 8 kbit/s a frame has 11 bytes of main data
    if (silentFrames + muted > SETTLING_FRAMES) {
      assertThat(MediaTools.loudest(
              decoded, (before + SETTLING_FRAMES) * frameBytes, end + muted * frameBytes))
          .isZero();
    }
    int settled = end + (muted + SETTLING_FRAMES) * frameBytes;
    assertThat(Arrays.copyOfRange(decoded, settled, decoded.length))
        .isEqualTo(Arrays.copyOfRange(expected, settled - shift, expected.length));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void otherDecoders_saySoToo(LameStream stream) throws Exception {
    MediaTools.assumeSoxReadsMp3();
    List<byte[]> frames = frames(stream.encode(folder));
    int before = frames.size() / 2;
    int plainBySox =
        decodeBySox(folder.resolve("in.mp3")).length; // libmad leaves out the last frame
    for (Continuity next : Continuity.values()) {
      int after = next == Continuity.CONTINUED ? before : before + 5;
      Path mp3 = Files.write(
          folder.resolve("with.mp3"), withSilence(stream, frames, before, 9, after, next));

      byte[] bySox = decodeBySox(mp3);
      MediaTools.run(
          "lame",
          "--quiet",
          "--decode",
          "-t",
          mp3.toString(),
          folder.resolve("by-lame.raw").toString());
      byte[] byLame = Files.readAllBytes(folder.resolve("by-lame.raw"));

      int frameBytes = bytesPerFrame(stream);
      assertThat(bySox.length)
          .isCloseTo(plainBySox + (9 - (after - before)) * frameBytes, within(frameBytes));
      for (byte[] decoded : List.of(bySox, byLame)) {
        int from = (before + SETTLING_FRAMES + 1) * frameBytes;
        assertThat(MediaTools.loudest(decoded, from, (before + 8) * frameBytes))
            .isLessThanOrEqualTo(1); // dither
        assertThat(MediaTools.loudest(decoded, (before + 12) * frameBytes, decoded.length))
            .isGreaterThan(1000);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void silence_neverDrifts(LameStream stream) throws Exception {
    Sink sink = new Sink();
    long frameUs = (stream.rate() >= 32_000 ? 1152 : 576) * 1_000_000L / stream.rate();
    try (MediaWriter writer =
        MediaWriter.open(AudioFormat.mp3(stream.rate(), stream.channels()), sink)) {
      long expectedUs = 0;
      for (int pause = 0; pause < 1000; pause++) {
        long pauseUs = pause * 7919L % 130_000; // shorter and longer than a frame
        writer.writeSilence(pauseUs, Continuity.INTERRUPTED);
        expectedUs += pauseUs;
        assertThat(writer.durationUs())
            .isBetween(expectedUs - frameUs / 2 - 2, expectedUs + frameUs / 2 + 2);
      }
      try (MediaSource source = MediaTools.open(sink.bytes())) {
        assertThat(source.durationUs()).isEqualTo(writer.durationUs());
      }
    }
    MediaTools.assumeInstalled("ffmpeg");
    byte[] decoded = MediaTools.decode(Files.write(folder.resolve("silence.mp3"), sink.bytes()));
    assertThat(MediaTools.loudest(decoded, 0, decoded.length)).isZero();
  }

  @Test
  void silence_keepsTheAverageBitrate_byPadding() throws Exception {
    Sink sink = new Sink();
    try (Mp3Writer writer = Mp3Writer.open(sink, AudioFormat.mp3(44_100, 2))) {
      writer.writeSilence(100_000_000, Continuity.INTERRUPTED);
      double bitsPerSecond = sink.bytes().length * 8 / (writer.durationUs() / 1e6);

      assertThat(bitsPerSecond).isBetween(31_995.0, 32_005.0);
    }
  }

  @Test
  void theFirstFrame_setsTheFormat_andSilenceBeforeItIsWrittenWithIt() throws Exception {
    Sink sink = new Sink();
    byte[] frame = Mp3Silence.frame(Mp3Header.of(8000, 1));
    try (Mp3Writer writer = Mp3Writer.open(sink)) {
      writer.writeSilence(720_000, Continuity.CONTINUED);
      assertThat(sink.bytes()).isEmpty();

      writer.write(ByteBuffer.wrap(frame));

      assertThat(writer.durationUs()).isEqualTo(792_000);
      assertThat(sink.bytes()).hasSize(11 * frame.length);
    }
  }

  @Test
  void aFrameOfAnotherFormat_isRefused_andTheWriterGoesOn() throws Exception {
    Sink sink = new Sink();
    byte[] first = Mp3Silence.frame(Mp3Header.of(8000, 2));
    try (Mp3Writer writer = Mp3Writer.open(sink)) {
      writer.write(ByteBuffer.wrap(first));

      assertThatThrownBy(
              () -> writer.write(ByteBuffer.wrap(Mp3Silence.frame(Mp3Header.of(16_000, 2)))))
          .isInstanceOf(MediaException.Unsupported.class)
          .hasMessage("offset 288: a frame of MPEG-2 layer III, 16000 Hz, stereo"
              + " (expected: MPEG-2.5 layer III, 8000 Hz, stereo, as the stream began)");
      assertThatThrownBy(
              () -> writer.write(ByteBuffer.wrap(Mp3Silence.frame(Mp3Header.of(8000, 1)))))
          .hasMessageContaining("8000 Hz, mono (expected");
      assertThatThrownBy(() -> writer.write(ByteBuffer.wrap(first, 0, first.length - 1)))
          .hasMessage("offset 288: an MP3 frame of 287 bytes (expected: 288, as its header says)");
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(3)))
          .hasMessage("offset 288: a frame of 3 bytes (expected: one MP3 frame)");
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(160)))
          .hasMessage(
              "offset 288: a frame that begins with 00000000 (expected: a layer III header)");
      writer.write(ByteBuffer.wrap(first));
    }
    assertThat(sink.bytes()).isEqualTo(MediaTools.concat(List.of(first, first)));
  }

  @Test
  void aSilenceThatCannotBe_isRefused() {
    Mp3Writer writer = Mp3Writer.open(new Sink());
    for (long us :
        new long[] {-1, MediaWriter.MAX_SILENCE_US + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> writer.writeSilence(us, Continuity.CONTINUED))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("silence: " + us + " us (expected: 0 to 1000000000000)");
    }
  }

  @Test
  void afterAFailedWrite_theWriterOnlyCloses() throws Exception {
    Sink sink = new Sink();
    Mp3Writer writer = Mp3Writer.open(sink, AudioFormat.mp3(8000, 1));
    sink.full = true;
    assertThatThrownBy(() -> writer.writeSilence(100_000, Continuity.CONTINUED))
        .isInstanceOf(IOException.class);
    sink.full = false;

    assertThatThrownBy(() -> writer.writeSilence(100_000, Continuity.CONTINUED))
        .isInstanceOf(IllegalStateException.class);
    writer.close();
    assertThat(sink.bytes()).isEmpty();
    assertThat(sink.isOpen()).isFalse();
  }

  @Test
  void write_allocatesNothing() throws Exception {
    ByteBuffer frame = ByteBuffer.wrap(Mp3Silence.frame(Mp3Header.of(8000, 2)));
    try (Mp3Writer writer = Mp3Writer.open(new NullChannel())) {
      Allocation.assertNone(50_000, () -> writer.write(frame.clear()));
    }
  }

  private static byte[] decodeBySox(Path mp3) throws IOException {
    return MediaTools.quietly(
        "sox", "-D", mp3.toString(), "-t", "raw", "-b", "16", "-e", "signed", "-");
  }

  private static List<byte[]> frames(Path mp3) throws IOException {
    try (MediaSource source = MediaSource.open(mp3)) {
      return MediaTools.frames(source);
    }
  }

  private static byte[] withSilence(
      LameStream stream,
      List<byte[]> frames,
      int before,
      int silentFrames,
      int after,
      Continuity next)
      throws IOException {
    Sink sink = new Sink();
    try (Mp3Writer writer = Mp3Writer.open(sink)) {
      for (byte[] frame : frames.subList(0, before)) {
        writer.write(ByteBuffer.wrap(frame));
      }
      writer.writeSilence(
          (long) silentFrames * (stream.rate() >= 32_000 ? 1152 : 576) * 1_000_000L / stream.rate(),
          next);
      for (byte[] frame : frames.subList(after, frames.size())) {
        writer.write(ByteBuffer.wrap(frame));
      }
    }
    return sink.bytes();
  }

  /**
   * How many frames from an index on have no data: side information all zero but where the main
   * data begin.
   */
  private static int mutedFrames(List<byte[]> frames, int from) {
    int muted = 0;
    while (from + muted < frames.size()) {
      byte[] frame = frames.get(from + muted);
      int header = Mp3Header.of(ByteBuffer.wrap(frame));
      int side = Mp3Header.mainDataOffset(header) - Mp3Header.sideInfoBytes(header);
      for (int i = side + 2; i < side + Mp3Header.sideInfoBytes(header); i++) {
        if (frame[i] != 0) {
          return muted;
        }
      }
      muted++;
    }
    return muted;
  }

  private static int bytesPerFrame(LameStream stream) {
    return (stream.rate() >= 32_000 ? 1152 : 576) * stream.channels() * 2;
  }
}
