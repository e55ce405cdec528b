package dev.tapeseal.media.mp4;

import static dev.tapeseal.media.mp4.TinyMp4.ascii;
import static dev.tapeseal.media.mp4.TinyMp4.box;
import static dev.tapeseal.media.mp4.TinyMp4.join;
import static dev.tapeseal.media.mp4.TinyMp4.stco;
import static dev.tapeseal.media.mp4.TinyMp4.u32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.mp4.MuxedMp4.WavCoding;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.io.channels.ByteArraySeekableByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be muxed is refused with its reason, when it is opened; whatever bytes come in, nothing else happens. */
class MuxRefusalTest {
  private static final long SEED = 20_261_124;
  private static final long MAX_NANOS = 2_000_000_000L;
  private static final byte[] CALL = Arrays.copyOf(Samples.bytes("media/mono-mulaw.wav"), 600);

  static List<Arguments> refusedScreens() {
    byte[] tiny = TinyMp4.ofVideo();
    return List.of(
        Arguments.of(replaced(tiny, "avc1\0\0", "encv\0\0"), "samples encrypted by 'encv'"),
        Arguments.of(replaced(tiny, "avc1\0\0", "enca\0\0"), "samples encrypted by 'enca'"),
        Arguments.of(replaced(tiny, "vide", "soun"), "no video track"),
        Arguments.of(replaced(tiny, "stsz", "stz2"), "compact sample sizes"),
        Arguments.of(replaced(tiny, "url \0\0\0\1", "url \0\0\0\0"), "samples in another file"),
        Arguments.of(Arrays.copyOf(tiny, tiny.length - 1), "the rest of the file"),
        Arguments.of(Arrays.copyOf(tiny, 400), "the rest of the file"),
        Arguments.of(join(tiny, box("moof", new byte[8])), "fragmented MP4, 'moof'"),
        Arguments.of(join(box("ftyp", ascii("isom"), u32(0)), TinyMp4.mdat()), "no 'moov' box"),
        Arguments.of(join(TinyMp4.moov(stco(1000, 1000)), TinyMp4.mdat()), "within the file's"),
        Arguments.of(replaced(tiny, "stbl", "stbx"), "without 'stbl'"),
        Arguments.of(nested(), "nested 17 deep"),
        Arguments.of(
            join(TinyMp4.moov(stco(8, 8), edits(1001)), TinyMp4.mdat(), new byte[0]), "1001 edits"),
        Arguments.of(Samples.bytes("media/call.mp3"), "expected"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refusedScreens")
  void screen_isRefused_withItsReason(byte[] screen, String reason) {
    assertThatThrownBy(() -> mux(screen, CALL))
        .isInstanceOf(MediaException.class)
        .hasMessageStartingWith("screen: offset ")
        .hasMessageContaining(reason);
  }

  static List<Arguments> refusedCalls() {
    byte[] mono16k = Samples.bytes("media/mono-16k.mp3");
    byte[] stereo8k = Samples.bytes("media/call.mp3");
    byte[] free = stereo8k.clone();
    for (int at = 0; at < free.length; at += 288) {
      free[at + 2] &= 0x0F;
    }
    byte[] wav32 = replacedAt(Samples.bytes("media/pcm16.wav"), 34, (byte) 32, 32, (byte) 8);
    return List.of(
        Arguments.of(join(stereo8k, mono16k), "the stream changes to"),
        Arguments.of(free, "free format"),
        Arguments.of(Samples.bytes("media/screen.mp4"), "a call in video/mp4"),
        Arguments.of(wav32, "32 bits"),
        Arguments.of(Arrays.copyOf(Samples.bytes("media/pcm16.wav"), 44), "without a frame"),
        Arguments.of(new byte[0], "an empty file"),
        Arguments.of(Samples.bytes("openssl/call-aes256.der"), "encrypted recording"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refusedCalls")
  void call_isRefused_withItsReason(byte[] call, String reason) {
    assertThatThrownBy(() -> mux(TinyMp4.ofVideo(), call))
        .isInstanceOf(MediaException.class)
        .hasMessageStartingWith("call: offset ")
        .hasMessageContaining(reason);
  }

  @Test
  void recordingsOfDifferentDays_areNoPair() {
    assertThatThrownBy(() -> MuxedMp4.open(
            channel(TinyMp4.ofVideo()), channel(CALL), Duration.ofHours(25), WavCoding.FLAC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT25H apart");
  }

  @Test
  void callThatChangesMeanwhile_failsBeforeItIsWritten() throws Exception {
    byte[] call = Samples.bytes("media/call.mp3");
    MuxedMp4 muxed =
        MuxedMp4.open(channel(TinyMp4.ofVideo()), channel(call), Duration.ZERO, WavCoding.FLAC);
    Arrays.fill(call, 100_000, call.length, (byte) 0);

    assertThatThrownBy(() -> readAll(muxed))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another than before");
  }

  @Test
  void everyFieldOfAScreen_mayBeExtreme() throws Exception {
    byte[] seed = TinyMp4.ofVideo();
    int muxed = 0;
    for (int at = 0; at + 4 <= seed.length - 208; at++) {
      for (int value : new int[] {0, 1, 2, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0xFFFF_FF00}) {
        byte[] changed = seed.clone();
        ByteBuffer.wrap(changed).putInt(at, value);
        muxed += muxOrRefuse(changed, CALL, "offset " + at + " = " + value);
      }
    }
    assertThat(muxed).isGreaterThan(1000);
  }

  @Test
  void screensAndCalls_mayBeDamaged() throws Exception {
    Random random = new Random(SEED);
    byte[][] screens = {TinyMp4.ofVideo(), Samples.bytes("media/screen.mp4")};
    byte[][] calls = {
      Arrays.copyOf(Samples.bytes("media/vbr.mp3"), 1500),
      Arrays.copyOf(Samples.bytes("media/alaw.wav"), 1000)
    };
    int muxed = 0;
    for (int round = 0; round < 2000; round++) {
      byte[] screen = screens[round % 50 == 0 ? 1 : 0].clone();
      byte[] call = calls[round % 2].clone();
      int moov = round % 50 == 0 ? screen.length - 2000 : 0;
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        screen[moov + random.nextInt(screen.length - moov)] = (byte) random.nextInt();
        call[random.nextInt(call.length)] = (byte) random.nextInt();
      }
      muxed += muxOrRefuse(screen, call, "seed " + SEED + ", round " + round);
    }
    assertThat(muxed).isGreaterThan(300);
  }

  /** What was muxed is a file that our own reader takes. */
  private static int muxOrRefuse(byte[] screen, byte[] call, String what) {
    long start = System.nanoTime();
    int muxed = 0;
    try {
      byte[] made = mux(screen, call);
      Mp4File file = Mp4File.read(channel(made));
      assertThat(file.tracks()).as(what).hasSize(2);
      muxed = 1;
    } catch (MediaException refused) {
      assertThat(refused.getMessage()).as(what).matches("(?s)(screen|call): offset \\d+: .*");
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(what + ": " + e, e);
    }
    assertThat(System.nanoTime() - start).as(what).isLessThan(MAX_NANOS);
    return muxed;
  }

  private static byte[] mux(byte[] screen, byte[] call) throws IOException {
    return readAll(MuxedMp4.open(channel(screen), channel(call), Duration.ZERO, WavCoding.FLAC));
  }

  private static byte[] readAll(MuxedMp4 muxed) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) muxed.sizeBytes());
    muxed.read(all);
    assertThat(all.hasRemaining()).isFalse();
    assertThat(muxed.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    return all.array();
  }

  private static SeekableByteChannel channel(byte[] content) {
    return ByteArraySeekableByteChannel.wrap(content);
  }

  private static byte[] edits(int count) {
    byte[][] all = new byte[count + 1][];
    all[0] = join(u32(0), u32(count));
    for (int i = 1; i <= count; i++) {
      all[i] = join(u32(1), u32(0), u32(0x10000));
    }
    return box("elst", all);
  }

  private static byte[] nested() {
    byte[] inner = box("trak");
    for (int i = 0; i < 16; i++) {
      inner = box("trak", inner);
    }
    return box("moov", inner);
  }

  private static byte[] replaced(byte[] content, String what, String by) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(what);
    return text.replace(what, by).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] replacedAt(byte[] content, int at, byte by, int at2, byte by2) {
    byte[] changed = content.clone();
    changed[at] = by;
    changed[at2] = by2;
    return changed;
  }
}
