package dev.tapeseal.media;

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

/** Replays the sample call and the sample screen into writers, with a pause, as a recorder does. */
class SampleReplayTest {

  private static final long PAUSE_US = 1_000_000;

  @TempDir
  Path folder;

  @ParameterizedTest
  @CsvSource({
    "call.wav, MU_LAW, 8000, 2", "call.mp3, MP3, 8000, 2", "alaw.wav, A_LAW, 8000, 2",
        "mono-mulaw.wav, MU_LAW, 8000, 1",
    "pcm16.wav, PCM, 8000, 2", "mono-16k.mp3, MP3, 16000, 1", "stereo-44k.mp3, MP3, 44100, 2",
        "tagged.mp3, MP3, 8000, 2",
    "vbr.mp3, MP3, 8000, 2"
  })
  void everySampleCall_isReplayed(String name, AudioCodec codec, int rate, int channels)
      throws Exception {
    Path sample = Samples.path("media/" + name);
    try (MediaSource source = MediaSource.open(sample)) {
      AudioFormat format = source.audioFormat().orElseThrow();
      assertThat(format.codec()).isEqualTo(codec);
      assertThat(format.sampleRateHz()).isEqualTo(rate);
      assertThat(format.channels()).isEqualTo(channels);
    }
    byte[] recorded = record(sample, Long.MAX_VALUE);
    try (MediaSource source = MediaSource.open(sample);
        MediaSource again = MediaTools.open(recorded)) {
      assertThat(again.durationUs()).isEqualTo(source.durationUs());
      assertThat(MediaTools.concat(MediaTools.frames(again)))
          .isEqualTo(MediaTools.concat(MediaTools.frames(source)));
    }
  }

  /** Offsets must not shift: what is said after a pause stands where it was said. */
  @ParameterizedTest
  @ValueSource(
      strings = {"call.wav", "call.mp3", "vbr.mp3", "mono-16k.mp3", "stereo-44k.mp3", "pcm16.wav"})
  void aPause_isSilence_andWhatFollowsStaysInItsPlace(String name) throws Exception {
    MediaTools.assumeInstalled("ffmpeg");
    Path sample = Samples.path("media/" + name);
    Path paused = Files.write(folder.resolve(name), record(sample, 1_000_000));
    Path whole = Files.write(folder.resolve("whole-" + name), record(sample, Long.MAX_VALUE));

    byte[] expected = decodeLeniently(whole);
    byte[] decoded = decodeLeniently(paused);

    assertThat(decoded).hasSameSizeAs(expected);
    int bytesPerSecond = bytesPerSecond(sample);
    int margin = bytesPerSecond / 4; // a frame on each side, a decoder's settling
    int pauseEnd = (int) ((1_000_000 + PAUSE_US) / 1_000_000) * bytesPerSecond;
    assertThat(Arrays.copyOf(decoded, bytesPerSecond - margin))
        .isEqualTo(Arrays.copyOf(expected, bytesPerSecond - margin));
    assertThat(MediaTools.loudest(decoded, bytesPerSecond + margin, pauseEnd - margin))
        .isZero();
    assertThat(Arrays.copyOfRange(decoded, pauseEnd + margin, decoded.length))
        .isEqualTo(Arrays.copyOfRange(expected, pauseEnd + margin, expected.length));
  }

  @Test
  void theSampleScreen_isReplayed_byteForByte() throws Exception {
    Path screen = Samples.path("media/screen.mp4");
    assertThat(MediaTools.concat(replayed(screen))).isEqualTo(Files.readAllBytes(screen));
    try (Mp4Source source = (Mp4Source) MediaSource.open(screen)) {
      assertThat(source.file().video().orElseThrow().sampleEntryTypes()).isEqualTo(List.of("avc1"));
      assertThat(source.durationUs()).isGreaterThan(1_000_000);
    }
  }

  /**
   * Replays a file; from a time on, what arrives in the next second is left out, and silence
   * written for it.
   */
  private static byte[] record(Path sample, long pauseUs) throws IOException {
    Sink sink = new Sink();
    try (MediaSource source = MediaSource.open(sample);
        MediaWriter writer = MediaWriter.open(source.audioFormat().orElseThrow(), sink)) {
      Frame frame = new Frame();
      long leftOutUs = 0;
      while (source.next(frame)) {
        if (frame.presentationTimeUs() >= pauseUs
            && frame.presentationTimeUs() < pauseUs + PAUSE_US) {
          leftOutUs += frame.durationUs();
          continue;
        }
        if (leftOutUs > 0) {
          writer.writeSilence(leftOutUs, Continuity.INTERRUPTED);
          leftOutUs = 0;
        }
        writer.write(frame.bytes());
      }
    }
    return sink.bytes();
  }

  /** Without -xerror, which takes no WAV of unknown length. */
  private static byte[] decodeLeniently(Path file) throws IOException {
    return MediaTools.quietly(
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-flags2",
        "+skip_manual",
        "-i",
        file.toString(),
        "-f",
        "s16le",
        "-");
  }

  private static int bytesPerSecond(Path sample) throws IOException {
    try (MediaSource source = MediaSource.open(sample)) {
      AudioFormat format = source.audioFormat().orElseThrow();
      return format.sampleRateHz() * format.channels() * 2;
    }
  }

  private static List<byte[]> replayed(Path sample) throws IOException {
    try (MediaSource source = MediaSource.open(sample)) {
      return MediaTools.frames(source);
    }
  }
}
