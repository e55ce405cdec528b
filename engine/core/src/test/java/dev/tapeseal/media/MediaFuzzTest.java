package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.media.mp4.TinyMp4;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes come in: media, or a {@link MediaException}, soon. */
class MediaFuzzTest {

  private static final long SEED = 20_260_101;
  private static final long MAX_NANOS = 2_000_000_000L;

  static Stream<byte[]> seeds() {
    byte[] wav = WavSourceTest.riff(
        WavSourceTest.chunk("fmt ", WavSourceTest.fmt(1, 2, 8000, 16)),
        WavSourceTest.chunk("data", new byte[400]));
    byte[] mp3 = Mp3SourceTest.silence(Mp3Header.of(8000, 2), 5);
    return Stream.of(wav, mp3, TinyMp4.ofVideo());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyTruncation_isMediaOrRefused(byte[] seed) {
    for (int length = 0; length < seed.length; length++) {
      readOrRefuse(Arrays.copyOf(seed, length), "truncated to " + length);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyBitOfTheHeaders_mayFlip(byte[] seed) {
    for (int bit = 0; bit < Math.min(seed.length, 1500) * 8; bit++) {
      byte[] flipped = seed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      readOrRefuse(flipped, "bit " + bit);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyFieldOfTheHeaders_mayBeExtreme(byte[] seed) {
    for (int at = 0; at + 4 <= Math.min(seed.length, 1500); at++) {
      for (int value :
          new int[] {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x00FF_FFFF, 0xFFFF_FF00}) {
        byte[] changed = seed.clone();
        for (int i = 0; i < 4; i++) {
          changed[at + i] = (byte) (value >>> (24 - 8 * i));
        }
        readOrRefuse(changed, "offset " + at + " = " + value);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void manyBytes_mayChangeAtOnce(byte[] seed) {
    Random random = new Random(SEED);
    for (int round = 0; round < 5000; round++) {
      byte[] changed = seed.clone();
      for (int i = random.nextInt(1, 12); i > 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      readOrRefuse(changed, "seed " + SEED + ", round " + round);
    }
  }

  @Test
  void theVectors_mayBeDamaged() throws Exception {
    Random random = new Random(SEED);
    for (Path file : files(MediaTools.vectors("mp4"), MediaTools.vectors("mp3wav"))) {
      byte[] content = Files.readAllBytes(file);
      for (int round = 0; round < 40; round++) {
        byte[] changed = Arrays.copyOf(
            content, round % 4 == 0 ? random.nextInt(content.length) : content.length);
        for (int i = random.nextInt(1, 30); i > 0 && changed.length > 0; i--) {
          changed[random.nextInt(Math.min(changed.length, i % 2 == 0 ? 4096 : changed.length))] =
              (byte) random.nextInt();
        }
        readOrRefuse(changed, file.getFileName() + ", seed " + SEED + ", round " + round);
      }
    }
  }

  static List<Path> files(Path... folders) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> all = Files.list(folder)) {
        all.filter(file -> !file.endsWith("LICENSE")).sorted().forEach(files::add);
      }
    }
    return files;
  }

  private static void readOrRefuse(byte[] content, String what) {
    long start = System.nanoTime();
    try (MediaSource source = MediaTools.open(content)) {
      assertThat(source.durationUs()).as(what).isNotNegative();
      Frame frame = new Frame();
      while (source.next(frame)) {
        if (frame.presentationTimeUs() < 0
            || frame.durationUs() < 0
            || !frame.bytes().hasRemaining()) {
          throw new AssertionError(what + ": a frame at " + frame.presentationTimeUs() + " us");
        }
      }
    } catch (MediaException refused) {
      assertThat(refused.offset()).as(what).isBetween(0L, Long.MAX_VALUE);
      assertThat(refused).hasMessageStartingWith("offset " + refused.offset() + ": ");
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(what + ": " + e, e);
    }
    assertThat(System.nanoTime() - start).as(what).isLessThan(MAX_NANOS);
  }
}
