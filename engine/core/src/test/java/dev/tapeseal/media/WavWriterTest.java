package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WavWriterTest {

  @TempDir
  Path folder;

  /** Whether the header says how long the file is. */
  enum Length {
    KNOWN,
    UNKNOWN
  }

  static Stream<AudioFormat> formats() {
    return Stream.of(1, 2)
        .flatMap(channels -> Stream.of(
            AudioFormat.pcm(8000, channels, 8),
            AudioFormat.pcm(16_000, channels, 16),
            AudioFormat.pcm(44_100, channels, 24),
            AudioFormat.pcm(48_000, channels, 32),
            AudioFormat.muLaw(8000, channels),
            AudioFormat.aLaw(8000, channels)));
  }

  static Stream<Arguments> formatsAndLengths() {
    return grid(0, 1, 501, 4001);
  }

  /** In a file with hardly a sample ffmpeg finds no audio. */
  static Stream<Arguments> formatsAndLengthsForFfmpeg() {
    return grid(501, 4001);
  }

  private static Stream<Arguments> grid(int... sampleCounts) {
    return formats()
        .flatMap(format -> Stream.of(Length.values())
            .flatMap(length -> IntStream.of(sampleCounts)
                .mapToObj(samples -> Arguments.of(format, length, samples))));
  }

  @ParameterizedTest(name = "{0}, length {1}, {2} samples")
  @MethodSource("formatsAndLengths")
  void whatIsWritten_isReadBack(AudioFormat format, Length length, int samples) throws Exception {
    byte[] data = random(samples * format.blockBytes());

    byte[] wav = write(format, length, data);

    try (MediaSource source = MediaTools.open(wav)) {
      assertThat(source.audioFormat()).contains(format);
      assertThat(MediaTools.concat(MediaTools.frames(source))).isEqualTo(data);
    }
  }

  @ParameterizedTest(name = "{0}, length {1}, {2} samples")
  @MethodSource("formatsAndLengthsForFfmpeg")
  void ffmpegAndSox_readTheSameSamples_withoutComplaint(
      AudioFormat format, Length length, int samples) throws Exception {
    MediaTools.assumeInstalled("ffmpeg", "ffprobe", "sox");
    byte[] data = random(samples * format.blockBytes());
    Path wav = Files.write(folder.resolve("out.wav"), write(format, length, data));

    byte[] byFfmpeg = switch (length) {
      case KNOWN -> MediaTools.quietly(ffmpegCopying(wav, "-xerror"));
      case UNKNOWN -> MediaTools.quietly(ffmpegCopying(wav, "-y")); // -xerror: see the next test
    };
    byte[] bySox = switch (length) {
      case KNOWN -> MediaTools.quietly("sox", wav.toString(), "-t", "raw", "-");
      case UNKNOWN ->
        MediaTools.run("sox", wav.toString(), "-t", "raw", "-"); // it warns of an early end
    };
    String facts = MediaTools.text(
        "ffprobe",
        "-v",
        "error",
        "-show_entries",
        "stream=codec_name,sample_rate,channels",
        "-of",
        "csv=p=0",
        wav.toString());

    assertThat(byFfmpeg).isEqualTo(data);
    assertThat(bySox)
        .isEqualTo(format.codec() == AudioCodec.MU_LAW ? withoutNegativeZero(data) : data);
    assertThat(facts.strip())
        .isEqualTo(codecName(format) + "," + format.sampleRateHz() + "," + format.channels());
  }

  /**
   * With -xerror ffmpeg takes no WAV of unknown length, its own neither, unless it ends with a
   * whole packet.
   */
  @Test
  void aLiveStream_isAsGoodAsFfmpegsOwn() throws Exception {
    MediaTools.assumeInstalled("ffmpeg");
    Path tone = Files.write(
        folder.resolve("tone.wav"),
        write(AudioFormat.pcm(8000, 1, 16), Length.KNOWN, random(9000)));
    byte[] theirs = MediaTools.run(
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-i",
        tone.toString(),
        "-c:a",
        "copy",
        "-bitexact",
        "-f",
        "wav",
        "-");

    byte[] ours = write(AudioFormat.pcm(8000, 1, 16), Length.UNKNOWN, random(9000));

    assertThat(ours).isEqualTo(theirs);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("formats")
  void silence_isExact_andDecodesToZeros(AudioFormat format) throws Exception {
    Sink sink = new Sink();
    long dataBytes = (long) format.sampleRateHz() * 3 / 2 * format.blockBytes();
    try (WavWriter writer = WavWriter.ofLength(sink, format, dataBytes)) {
      writer.writeSilence(1_500_000, Continuity.INTERRUPTED);
      assertThat(writer.durationUs()).isEqualTo(1_500_000);
    }

    byte[] wav = sink.bytes();
    int headerBytes = format.codec() == AudioCodec.PCM ? 44 : 58;
    assertThat(wav).hasSize(headerBytes + format.sampleRateHz() * 3 / 2 * format.blockBytes());
    byte[] silence = new byte[wav.length - headerBytes];
    Arrays.fill(
        silence,
        switch (format.codec()) {
          case MU_LAW -> (byte) 0xFF;
          case A_LAW -> (byte) 0xD5;
          default -> (byte) (format.bitsPerSample() == 8 ? 0x80 : 0);
        });
    assertThat(Arrays.copyOfRange(wav, headerBytes, wav.length)).isEqualTo(silence);

    MediaTools.assumeInstalled("ffmpeg");
    byte[] decoded = MediaTools.decode(Files.write(folder.resolve("silence.wav"), wav));
    assertThat(decoded).hasSize(format.sampleRateHz() * 3 / 2 * format.channels() * 2);
    int loudest = MediaTools.loudest(decoded, 0, decoded.length);
    assertThat(loudest)
        .isLessThanOrEqualTo(format.codec() == AudioCodec.A_LAW ? 8 : 0); // A-law has no zero
  }

  @Test
  void theHeaderOfALiveMuLawStream_isAsTheStandardHasIt() throws Exception {
    Sink sink = new Sink();
    WavWriter.open(sink, AudioFormat.muLaw(8000, 2)).close();

    assertThat(HexFormat.of().formatHex(sink.bytes()))
        .isEqualTo("52494646" + "ffffffff" + "57415645" // RIFF, unknown size, WAVE
            + "666d7420" + "12000000" + "0700" + "0200" + "401f0000" + "803e0000" + "0200" + "0800"
            + "0000" // fmt
            + "66616374" + "04000000" + "ffffffff" // fact, unknown number of samples
            + "64617461" + "ffffffff"); // data, unknown size
  }

  @Test
  void theHeaderOfAKnownLength_countsThePadding() throws Exception {
    byte[] wav = write(AudioFormat.pcm(8000, 1, 8), Length.KNOWN, new byte[3]);

    assertThat(wav).hasSize(48);
    ByteBuffer header = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(header.getInt(4)).isEqualTo(40);
    assertThat(header.getInt(40)).isEqualTo(3);
  }

  @Test
  void framesThatDoNotFit_areRefused_andTheWriterGoesOn() throws Exception {
    Sink sink = new Sink();
    try (WavWriter writer = WavWriter.ofLength(sink, AudioFormat.pcm(8000, 2, 16), 8)) {
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(3)))
          .isInstanceOf(MediaException.Malformed.class)
          .hasMessage("offset 44: a frame of 3 bytes (expected: whole samples of 4 bytes)");
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(12)))
          .hasMessage(
              "offset 44: a frame of 12 bytes (expected: at most the 8 that the header still allows)");
      writer.write(ByteBuffer.allocate(8));
    }
    assertThat(sink.bytes()).hasSize(52);
    assertThat(sink.isOpen()).isFalse();
  }

  @Test
  void close_saysThatTheFileIsCutShort_whenLessWasWrittenThanAnnounced() throws Exception {
    Sink sink = new Sink();
    WavWriter writer = WavWriter.ofLength(sink, AudioFormat.pcm(8000, 2, 16), 8);
    writer.write(ByteBuffer.allocate(4));

    assertThatThrownBy(writer::close)
        .hasMessage("offset 48: WAV data of 4 bytes (expected: 8, as its header says)");
    assertThat(sink.isOpen()).isFalse();
  }

  @Test
  void afterAFailedWrite_theWriterOnlyCloses() throws Exception {
    Sink sink = new Sink();
    WavWriter writer = WavWriter.open(sink, AudioFormat.muLaw(8000, 1));
    sink.full = true;
    assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(160)))
        .isInstanceOf(IOException.class);
    sink.full = false;

    assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(160)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("media writer: an earlier write failed");
    assertThatThrownBy(() -> writer.writeSilence(1, Continuity.CONTINUED))
        .isInstanceOf(IllegalStateException.class);
    writer.close();
    assertThat(sink.bytes()).hasSize(58);
  }

  @Test
  void lengthsThatNoHeaderCanHold_areRefused() {
    AudioFormat format = AudioFormat.pcm(8000, 2, 16);
    for (long bytes : new long[] {-4, 3, 0xFFFF_FFFCL, 1L << 40}) {
      assertThatThrownBy(() -> WavWriter.ofLength(new Sink(), format, bytes))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void write_allocatesNothing() throws Exception {
    ByteBuffer frame = ByteBuffer.allocate(160);
    try (WavWriter writer = WavWriter.open(new NullChannel(), AudioFormat.muLaw(8000, 1))) {
      Allocation.assertNone(100_000, () -> writer.write(frame.clear()));
    }
  }

  private static byte[] write(AudioFormat format, Length length, byte[] data) throws IOException {
    Sink sink = new Sink();
    try (WavWriter writer = switch (length) {
      case KNOWN -> WavWriter.ofLength(sink, format, data.length);
      case UNKNOWN -> WavWriter.open(sink, format);
    }) {
      for (int at = 0; at < data.length; ) {
        int count = Math.min(data.length - at, 160 * format.blockBytes());
        writer.write(ByteBuffer.wrap(data, at, count));
        at += count;
      }
    }
    return sink.bytes();
  }

  private static String[] ffmpegCopying(Path wav, String option) {
    return new String[] {
      "ffmpeg",
      "-nostdin",
      "-v",
      "error",
      option,
      "-i",
      wav.toString(),
      "-map",
      "0:a",
      "-c:a",
      "copy",
      "-f",
      "data",
      "-"
    };
  }

  private static String codecName(AudioFormat format) {
    return switch (format.codec()) {
      case MU_LAW -> "pcm_mulaw";
      case A_LAW -> "pcm_alaw";
      default -> format.bitsPerSample() == 8 ? "pcm_u8" : "pcm_s" + format.bitsPerSample() + "le";
    };
  }

  /** Sox decodes and encodes mu-law, whose two zeros become one. */
  private static byte[] withoutNegativeZero(byte[] muLaw) {
    byte[] bytes = muLaw.clone();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == 0x7F ? (byte) 0xFF : bytes[i];
    }
    return bytes;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
