package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WavSourceTest {

  private static final byte[] SAMPLES = new byte[1600];

  static {
    for (int i = 0; i < SAMPLES.length; i++) {
      SAMPLES[i] = (byte) (i * 7);
    }
  }

  static Stream<Arguments> formats() {
    return Stream.of(8, 16, 24, 32)
        .flatMap(bits -> Stream.of(
            Arguments.of(1, 1, bits, AudioFormat.pcm(8000, 1, bits)),
            Arguments.of(1, 2, bits, AudioFormat.pcm(8000, 2, bits))));
  }

  @ParameterizedTest(name = "tag {0}, {1} channels, {2} bits")
  @MethodSource("formats")
  void everyPcmFormat_isRead_plainAndExtensible(
      int tag, int channels, int bits, AudioFormat expected) throws Exception {
    byte[] samples = Arrays.copyOf(SAMPLES, 1200); // whole samples of each
    for (byte[] fmt :
        List.of(fmt(tag, channels, 8000, bits), extensible(tag, channels, 8000, bits))) {
      try (MediaSource source = MediaTools.open(riff(chunk("fmt ", fmt), chunk("data", samples)))) {
        assertThat(source.audioFormat()).contains(expected);
        assertThat(MediaTools.concat(MediaTools.frames(source))).isEqualTo(samples);
      }
    }
  }

  @ParameterizedTest(name = "tag {0} with {1} bits")
  @CsvSource({"6,8,A_LAW", "7,8,MU_LAW", "6,0,A_LAW", "7,16,MU_LAW"})
  void g711_isRead_whateverItsBitsSay(int tag, int bits, AudioCodec codec) throws Exception {
    byte[] fmt = fmt(tag, 2, 8000, 8);
    fmt[14] = (byte) bits;
    try (MediaSource source = MediaTools.open(riff(chunk("fmt ", fmt), chunk("data", SAMPLES)))) {
      assertThat(source.audioFormat()).contains(new AudioFormat(codec, 8000, 2, 8));
      assertThat(source.durationUs()).isEqualTo(100_000);
    }
  }

  @Test
  void unknownChunks_arePassedOver_oddOnesWithTheirPadding() throws Exception {
    byte[] wav = riff(
        chunk("LIST", new byte[3]),
        chunk("fmt ", fmt(1, 1, 8000, 16)),
        chunk("junk", new byte[0]),
        chunk("odd ", new byte[1]),
        chunk("data", SAMPLES),
        chunk("LIST", new byte[50]));
    try (MediaSource source = MediaTools.open(wav)) {
      assertThat(MediaTools.concat(MediaTools.frames(source))).isEqualTo(SAMPLES);
    }
  }

  @ParameterizedTest(name = "a data size of {0}")
  @ValueSource(longs = {0, 0xFFFF_FFFFL, 0x7FFF_F000L, 1601, 1602})
  void aDataSizeThatCannotBe_meansToTheEnd(long size) throws Exception {
    byte[] wav = riff(chunk("fmt ", fmt(1, 1, 8000, 16)), chunk("data", SAMPLES));
    ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).putInt(40, (int) size);
    try (MediaSource source = MediaTools.open(wav)) {
      assertThat(MediaTools.concat(MediaTools.frames(source))).isEqualTo(SAMPLES);
    }
  }

  @Test
  void aLastSampleThatIsNotWhole_isLeftOut() throws Exception {
    byte[] wav = riff(chunk("fmt ", fmt(1, 2, 8000, 16)), chunk("data", SAMPLES));
    try (MediaSource source = MediaTools.open(Arrays.copyOf(wav, wav.length - 1))) {
      assertThat(MediaTools.concat(MediaTools.frames(source)))
          .isEqualTo(Arrays.copyOf(SAMPLES, 1596));
    }
  }

  @ParameterizedTest(name = "{0} Hz")
  @ValueSource(ints = {1, 49, 50, 51, 8000, 11_025, 44_100, 48_000, 384_000})
  void frames_last20Milliseconds_andNeverDrift(int rate) throws Exception {
    byte[] samples = new byte[Math.max(4, rate * 2)];
    try (MediaSource source =
        MediaTools.open(riff(chunk("fmt ", fmt(6, 1, rate, 8)), chunk("data", samples)))) {
      Frame frame = new Frame();
      long end = 0;
      long read = 0;
      while (source.next(frame)) {
        assertThat(frame.presentationTimeUs()).isEqualTo(end).isEqualTo(read * 1_000_000 / rate);
        if (rate >= 50) {
          assertThat(frame.durationUs())
              .isBetween(20_000L - 1_000_000 / rate - 1, 20_000L + 1_000_000 / rate + 1);
        }
        end += frame.durationUs();
        read += frame.bytes().remaining();
      }
      assertThat(read).isEqualTo(samples.length);
      assertThat(end).isEqualTo(source.durationUs());
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = """
          0x0002 | 1 | 8000   | 4  | offset 20: WAV with Microsoft ADPCM (expected: PCM, mu-law or A-law; convert it first)
          0x0003 | 1 | 8000   | 32 | offset 20: WAV with floating point samples (expected: PCM, mu-law or A-law; convert it first)
          0x0055 | 2 | 44100  | 0  | offset 20: WAV with MP3 (expected: PCM, mu-law or A-law; convert it first)
          0x1234 | 1 | 8000   | 8  | offset 20: WAV with format tag 0x1234 (expected: PCM, mu-law or A-law; convert it first)
          0x0001 | 0 | 8000   | 16 | offset 22: channels: 0 (expected: 1 to 16)
          0x0001 | 17 | 8000  | 16 | offset 22: channels: 17 (expected: 1 to 16)
          0x0001 | 1 | 0      | 16 | offset 24: sampling rate: 0 Hz (expected: 1 to 384000)
          0x0001 | 1 | 384001 | 16 | offset 24: sampling rate: 384001 Hz (expected: 1 to 384000)
          0x0001 | 1 | 8000   | 12 | offset 34: PCM of 12 bits per sample (expected: 8, 16, 24 or 32)
          """)
  void formatsThatAreNotSupported_areRefusedByName(
      String tag, int channels, int rate, int bits, String message) {
    byte[] wav =
        riff(chunk("fmt ", fmt(Integer.decode(tag), channels, rate, bits)), chunk("data", SAMPLES));

    assertThatThrownBy(() -> MediaTools.open(wav))
        .isInstanceOf(MediaException.class)
        .hasMessage(message);
  }

  @Test
  void aBlockAlignThatContradictsTheSamples_isRefused() {
    byte[] fmt = fmt(1, 2, 8000, 16);
    fmt[12] = 2;

    assertThatThrownBy(() -> MediaTools.open(riff(chunk("fmt ", fmt), chunk("data", SAMPLES))))
        .isInstanceOf(MediaException.Malformed.class)
        .hasMessage("offset 32: block align: 2 (expected: 4 for 2 channels of 16 bits)");
  }

  @Test
  void aPrivateSubformat_isRefused() {
    byte[] fmt = extensible(1, 1, 8000, 16);
    fmt[39] ^= 1;

    assertThatThrownBy(() -> MediaTools.open(riff(chunk("fmt ", fmt), chunk("data", SAMPLES))))
        .isInstanceOf(MediaException.Unsupported.class)
        .hasMessage("offset 44: WAV with a private sample format (expected: PCM or G.711)");
  }

  @Test
  void chunksThatAreMissing_areNamed() {
    assertThatThrownBy(() -> MediaTools.open(riff(chunk("fmt ", fmt(1, 1, 8000, 16)))))
        .hasMessage("offset 36: the file ends here (expected: a 'data' chunk)");
    assertThatThrownBy(() -> MediaTools.open(riff(chunk("data", SAMPLES))))
        .hasMessage("offset 12: 'data' chunk (expected: a 'fmt ' chunk before it)");
    assertThatThrownBy(
            () -> MediaTools.open("RIFF\0\0\0\0AVI LIST".getBytes(StandardCharsets.ISO_8859_1)))
        .hasMessage("offset 8: RIFF file of form 'AVI ' (expected: 'WAVE')");
    assertThatThrownBy(
            () -> MediaTools.open("RIFX\0\0\0\0WAVE".getBytes(StandardCharsets.ISO_8859_1)))
        .hasMessage("offset 0: RIFX file (expected: RIFF)");
  }

  @Test
  void endlessEmptyChunks_areGivenUp() {
    byte[][] chunks = new byte[20_000][];
    Arrays.fill(chunks, chunk("none", new byte[0]));

    assertThatThrownBy(() -> MediaTools.open(riff(chunks)))
        .isInstanceOf(MediaException.Malformed.class)
        .hasMessageContaining("10000 chunks without samples");
  }

  @Test
  void next_allocatesNothing_onceTheFrameHasGrown() throws Exception {
    byte[] samples = new byte[6_000_000];
    try (MediaSource source =
        MediaTools.open(riff(chunk("fmt ", fmt(7, 2, 8000, 8)), chunk("data", samples)))) {
      Frame frame = new Frame();
      Allocation.assertNone(3_000, () -> {
        if (!source.next(frame)) {
          throw new AssertionError("the stream is too short for this test");
        }
      });
    }
  }

  static byte[] riff(byte[]... chunks) {
    byte[] content = MediaTools.concat(List.of(chunks));
    ByteBuffer riff = ByteBuffer.allocate(12 + content.length).order(ByteOrder.LITTLE_ENDIAN);
    riff.put("RIFF".getBytes(StandardCharsets.ISO_8859_1)).putInt(4 + content.length);
    return riff.put("WAVE".getBytes(StandardCharsets.ISO_8859_1)).put(content).array();
  }

  static byte[] chunk(String id, byte[] content) {
    ByteBuffer chunk = ByteBuffer.allocate(8 + content.length + (content.length & 1))
        .order(ByteOrder.LITTLE_ENDIAN);
    return chunk
        .put(id.getBytes(StandardCharsets.ISO_8859_1))
        .putInt(content.length)
        .put(content)
        .array();
  }

  static byte[] fmt(int tag, int channels, int rate, int bits) {
    ByteBuffer fmt = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    int block = channels * bits / 8;
    fmt.putShort((short) tag).putShort((short) channels).putInt(rate).putInt(rate * block);
    return fmt.putShort((short) block).putShort((short) bits).array();
  }

  private static byte[] extensible(int tag, int channels, int rate, int bits) {
    ByteBuffer fmt = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    fmt.put(fmt(0xFFFE, channels, rate, bits))
        .putShort((short) 22)
        .putShort((short) bits)
        .putInt(3);
    fmt.putShort((short) tag).putShort((short) 0).order(ByteOrder.BIG_ENDIAN);
    return fmt.putInt(0x0000_1000).putInt(0x8000_00AA).putInt(0x0038_9B71).array();
  }
}
