package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Media that nobody here made: Debian packages that tools/bin/verify unpacks. */
class DebianMediaTest {

  private static Path packageFolder(String name) {
    String folder = System.getenv("TAPESEAL_DEBIAN_MEDIA");
    assumeTrue(folder != null, "TAPESEAL_DEBIAN_MEDIA is not set: tools/bin/verify sets it");
    Path unpacked = Path.of(folder, name);
    assumeTrue(Files.isDirectory(unpacked), name + " is not unpacked");
    return unpacked;
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"asterisk-core-sounds-en-wav", "asterisk-core-sounds-it-wav"})
  void promptsOfAsterisk_areReadToTheirLastSample(String name) throws IOException {
    int read = 0;
    for (Path prompt : files(packageFolder(name), ".wav")) {
      try (MediaSource source = MediaSource.open(prompt)) {
        assertThat(source.audioFormat())
            .as(prompt.toString())
            .contains(AudioFormat.pcm(8000, 1, 16));
        assertThat(timeOf(source)).as(prompt.toString()).isEqualTo(source.durationUs());
        read++;
      }
    }
    assertThat(read).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"forensics-samples-files", "python3-imageio", "hollywood", "pampi"})
  void mp4_isReplayedByteForByte(String name) throws IOException {
    List<Path> videos = files(packageFolder(name), ".mp4");
    assumeTrue(!videos.isEmpty(), name + " of this release holds no MP4");

    for (Path video : videos) {
      assertThat(outcome(video)).as(video.toString()).isEqualTo("identical");
    }
  }

  private static String outcome(Path video) throws IOException {
    try (MediaSource source = MediaSource.open(video)) {
      ByteArrayOutputStream replayed = new ByteArrayOutputStream();
      Frame frame = new Frame();
      while (source.next(frame)) {
        replayed.write(frame.bytes().array(), 0, frame.bytes().limit());
      }
      return Arrays.equals(replayed.toByteArray(), Files.readAllBytes(video))
          ? "identical"
          : "differs";
    } catch (MediaException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static long timeOf(MediaSource source) throws IOException {
    Frame frame = new Frame();
    long end = 0;
    while (source.next(frame)) {
      end = frame.presentationTimeUs() + frame.durationUs();
    }
    return end;
  }
}
