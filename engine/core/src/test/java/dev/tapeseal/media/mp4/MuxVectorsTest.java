package dev.tapeseal.media.mp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.mp4.MuxedMp4.WavCoding;
import dev.tapeseal.samples.Ffmpeg;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Media that nobody here wrote: each is muxed as ffmpeg agrees, or refused with its reason. */
class MuxVectorsTest {
  private static final Path VECTORS =
      Path.of(System.getProperty("tapeseal.root")).resolveSibling("shared").resolve("vectors");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long MAX_NANOS = 2_000_000_000L;
  private static final long MAX_BYTES = 64 << 20;

  private static final boolean ALL = Boolean.getBoolean("tapeseal.long");

  @TempDir
  Path folder;

  @Test
  void everyScreen_isMuxedOrRefused() throws Exception {
    List<String> outcomes = new ArrayList<>();
    for (Path screen : files(vectors("mp4"), ".mp4")) {
      outcomes.add(
          name(screen) + " | " + outcome(screen, Samples.path("media/tagged.mp3"), Judged.VIDEO));
    }
    assertPinned(outcomes, "vectors-muxed-screens.txt");
  }

  @Test
  void everyCall_isMuxedOrRefused() throws Exception {
    List<String> outcomes = new ArrayList<>();
    for (Path call : files(vectors("mp3wav"), "")) {
      outcomes.add(name(call) + " | " + outcome(tinyScreen(), call, Judged.DECODED));
    }
    assertPinned(outcomes, "vectors-muxed-calls.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"forensics-samples-files", "python3-imageio", "hollywood", "pampi"})
  void debianVideos_areMuxed(String debianPackage) throws Exception {
    Path call =
        files(debianMedia("asterisk-core-sounds-en-wav"), "demo-instruct.wav").get(0);
    List<Path> screens = files(debianMedia(debianPackage), ".mp4");
    assumeFalse(screens.isEmpty(), debianPackage + " of this release holds no MP4");
    for (Path screen : screens) {
      assertThat(outcome(screen, call, Judged.VIDEO)).as(name(screen)).isEqualTo("muxed");
    }
  }

  private static void assertPinned(List<String> outcomes, String resource) throws IOException {
    try (InputStream pinned = MuxVectorsTest.class.getResourceAsStream(resource)) {
      assertThat(outcomes)
          .containsExactlyElementsOf(
              new String(pinned.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
  }

  /** A picture of a few pixels, so that decoding it takes no time. */
  private Path tinyScreen() throws IOException {
    Path screen = folder.resolve("tiny.mp4");
    if (!Files.exists(screen)) {
      Ffmpeg.run(
          "-f",
          "lavfi",
          "-i",
          "testsrc=duration=1:size=32x32:rate=2",
          "-c:v",
          "libx264",
          "-pix_fmt",
          "yuv420p",
          screen.toString());
    }
    return screen;
  }

  private enum Judged {
    VIDEO,
    DECODED
  }

  private String outcome(Path screen, Path call, Judged judged) throws IOException {
    Path output = folder.resolve("out.mp4");
    Files.deleteIfExists(output);
    long start = System.nanoTime();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    String refusal = null;
    try {
      MuxOracle.mux(screen, call, Duration.ZERO, WavCoding.FLAC, output);
    } catch (MediaException refused) {
      refusal = refused.getClass().getSimpleName() + ": " + refused.getMessage();
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
        .as("bytes allocated for %s", screen)
        .isLessThan(MAX_BYTES);
    assertThat(System.nanoTime() - start).as("nanoseconds for %s", screen).isLessThan(MAX_NANOS);
    if (refusal != null) {
      return refusal;
    }
    if (ALL && judged == Judged.VIDEO) { // ffmpeg reads no delay behind garbage or of every encoder
      new MuxOracle(folder).judge(screen, call, 0, WavCoding.FLAC);
    } else if (judged == Judged.DECODED) {
      Ffmpeg.decode(output);
    } else {
      new MuxOracle(folder).judgeVideo(screen, output, 0);
    }
    return "muxed";
  }

  private static Path vectors(String name) {
    Path vectors = VECTORS.resolve(name);
    assumeTrue(Files.isDirectory(vectors), "no public test vectors at " + vectors);
    assumeTrue(Ffmpeg.isPresent(), "ffmpeg is not on PATH");
    return vectors;
  }

  private static Path debianMedia(String name) {
    String media = System.getenv("TAPESEAL_DEBIAN_MEDIA");
    assumeTrue(media != null, "TAPESEAL_DEBIAN_MEDIA is not set: tools/bin/verify sets it");
    Path unpacked = Path.of(media, name);
    assumeTrue(Files.isDirectory(unpacked), name + " is not unpacked");
    return unpacked;
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file) && !file.endsWith("LICENSE"))
          .filter(file -> file.toString().endsWith(suffix))
          .sorted()
          .toList();
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
