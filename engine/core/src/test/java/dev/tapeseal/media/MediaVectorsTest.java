package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.media.mp4.Track;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Public files that nobody here wrote: what becomes of each is pinned, with its facts or the reason
 * of its refusal.
 */
class MediaVectorsTest {

  private static final long MAX_NANOS = 2_000_000_000L;
  private static final long MAX_BYTES = 64 << 20;

  @Test
  void everyMp3AndWav_hasItsPinnedOutcome() throws Exception {
    assertOutcomes(MediaTools.vectors("mp3wav"), "vectors-mp3wav.txt");
  }

  @Test
  void everyMp4_hasItsPinnedOutcome() throws Exception {
    assertOutcomes(MediaTools.vectors("mp4"), "vectors-mp4.txt");
  }

  private static void assertOutcomes(Path folder, String pinned) throws Exception {
    List<String> outcomes = new ArrayList<>();
    for (Path file : MediaFuzzTest.files(folder)) {
      long start = System.nanoTime();
      long allocated =
          Allocation.bytesOf(() -> outcomes.add(file.getFileName() + " | " + outcome(file)));

      assertThat(System.nanoTime() - start).as("nanoseconds for %s", file).isLessThan(MAX_NANOS);
      assertThat(allocated).as("bytes allocated for %s", file).isLessThan(MAX_BYTES);
    }
    try (InputStream expected = MediaVectorsTest.class.getResourceAsStream(pinned)) {
      assertThat(outcomes)
          .containsExactlyElementsOf(new String(expected.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList());
    }
  }

  private static String outcome(Path file) throws IOException {
    try (MediaSource source = MediaSource.open(file)) {
      List<byte[]> frames = MediaTools.frames(source);
      byte[] all = MediaTools.concat(frames);
      String facts =
          frames.size() + " frames, " + all.length + " bytes, " + source.durationUs() + " us";
      if (source instanceof Mp4Source mp4) {
        assertThat(all).as("the slices of %s", file).isEqualTo(Files.readAllBytes(file));
        return facts
            + mp4.file().tracks().stream()
                .map(MediaVectorsTest::facts)
                .collect(Collectors.joining());
      }
      AudioFormat format = source.audioFormat().orElseThrow();
      facts += ", " + format.codec() + " " + format.sampleRateHz() + "/" + format.channels() + "/"
          + format.bitsPerSample();
      if (source instanceof Mp3Source mp3 && mp3.tag().isPresent()) {
        facts += ", " + mp3.tag().get().kind() + " frames " + mp3.tag().get().frames() + ", delay "
            + mp3.delaySamples() + ", padding " + mp3.paddingSamples();
      }
      return facts;
    } catch (MediaException refused) {
      return refused.getClass().getSimpleName() + ": " + refused.getMessage();
    }
  }

  private static String facts(Track track) {
    return ", " + track.handlerType() + " " + String.join(" ", track.sampleEntryTypes()) + " "
        + track.samples().sampleCount() + " samples in " + track.samples().chunkCount();
  }
}
