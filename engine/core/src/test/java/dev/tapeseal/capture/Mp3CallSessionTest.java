package dev.tapeseal.capture;

import static dev.tapeseal.capture.StoredMedia.certificates;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tapeseal.media.Allocation;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.Frame;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that come as MP3, a frame at a time: 72 ms each, in the sample of 8 kHz. */
class Mp3CallSessionTest {
  private static final Path CALL = Samples.path("media/call.mp3");
  private static final AudioFormat AUDIO = AudioFormat.mp3(8000, 2);
  private static final Duration FRAME = Duration.ofMillis(72);
  /** A frame keeps up to 511 bytes of its data in those before it: two frames of 288 bytes. */
  private static final int FRAMES_THAT_LEAN_ON_WHAT_WAS_LEFT_OUT = 2;

  private final AtomicLong nanos = new AtomicLong();

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @SuppressWarnings("NullAway.Init") // openStore sets it
  private RecordingStore store;

  @SuppressWarnings("NullAway.Init") // openStore sets it
  private StoredMedia stored;

  @BeforeEach
  void openStore() throws IOException {
    store = RecordingStore.open(folder);
    stored = new StoredMedia(folder);
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  private CallSession start(boolean encrypted, AudioFormat audio) throws Exception {
    return Recorder.into(store)
        .withClocks(Clock.systemUTC(), nanos::get)
        .startCall(Interaction.anonymous(new SecureRandom()), certificates(encrypted), audio);
  }

  /** The frames of a file, in copies of their own. */
  private static List<ByteBuffer> frames(Path file) throws IOException {
    List<ByteBuffer> frames = new ArrayList<>();
    try (MediaSource source = MediaSource.open(file)) {
      Frame frame = new Frame();
      while (source.next(frame)) {
        ByteBuffer copy = ByteBuffer.allocate(frame.bytes().remaining());
        frames.add(copy.put(frame.bytes().duplicate()).flip());
      }
    }
    return frames;
  }

  private List<ByteBuffer> playedFrames(Recording recording) throws Exception {
    return frames(Files.write(folder.resolve("played"), stored.play(recording)));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "call.mp3",
        "mono-16k.mp3",
        "stereo-44k.mp3",
        "tagged.mp3",
        "vbr.mp3",
        "call.wav",
        "alaw.wav",
        "pcm16.wav"
      })
  void everyFrame_isStoredAsItCame(String sample) throws Exception {
    Path file = Samples.path("media/" + sample);
    for (boolean encrypted : new boolean[] {true, false}) {
      Recording recording;
      Duration duration;
      try (MediaSource source = MediaSource.open(file);
          CallSession call = start(encrypted, source.audioFormat().orElseThrow())) {
        Frame frame = new Frame();
        while (source.next(frame)) {
          call.write(frame.bytes());
        }
        recording = call.stop();
        duration = Duration.ofNanos(source.durationUs() * 1000);
      }

      assertThat(playedFrames(recording)).isEqualTo(frames(file));
      assertThat(recording.mediaFiles().get(0).duration())
          .isCloseTo(duration, Duration.ofMillis(1));
      assertThat(recording.mediaFiles().get(0).sizeBytes())
          .isEqualTo(Files.size(stored.file(recording)));
    }
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void untaggedCall_isStoredByteForByte(boolean encrypted) throws Exception {
    Recording recording;
    try (CallSession call = start(encrypted, AUDIO)) {
      for (ByteBuffer frame : frames(CALL)) {
        call.write(frame);
      }
      recording = call.stop();
    }

    assertThat(stored.play(recording)).isEqualTo(Files.readAllBytes(CALL));
    assertThat(recording.mediaFiles().get(0).type()).isEqualTo("audio/mp3");
    assertThat(recording.mediaFiles().get(0).mediaId().value()).endsWith(".mp3");
  }

  @Test
  void pause_becomesSilentFrames_andWhatFollowsStandsWhereItWasSaid() throws Exception {
    List<ByteBuffer> spoken = frames(CALL);
    Recording recording;
    try (CallSession call = start(true, AUDIO)) {
      for (int i = 0; i < spoken.size(); i++) {
        if (i == 100) {
          call.pause();
          call.pause(); // goes on from the first
        }
        if (i == 150) {
          call.resume();
          call.resume(); // there is none
        }
        call.write(spoken.get(i).duplicate());
        nanos.addAndGet(FRAME.toNanos());
      }
      recording = call.stop();
    }

    List<ByteBuffer> played = playedFrames(recording);

    assertThat(played).hasSameSizeAs(spoken);
    assertThat(played.subList(0, 100)).isEqualTo(spoken.subList(0, 100));
    assertThat(played.subList(100, 150)).doesNotContainAnyElementsOf(spoken);
    int whole = 150 + FRAMES_THAT_LEAN_ON_WHAT_WAS_LEFT_OUT;
    assertThat(played.subList(whole, played.size()))
        .isEqualTo(spoken.subList(whole, spoken.size()));
    assertThat(recording.mediaFiles().get(0).duration()).isEqualTo(FRAME.multipliedBy(419));
  }

  @Test
  void callThatBeginsWithAPause_andEndsInOne_isAsLongAsItLasted() throws Exception {
    List<ByteBuffer> spoken = frames(CALL);
    Recording recording;
    try (CallSession call = start(true, AUDIO)) {
      call.pause();
      nanos.addAndGet(FRAME.multipliedBy(10).toNanos());
      call.resume();
      for (ByteBuffer frame : spoken.subList(0, 20)) {
        call.write(frame);
      }
      call.pause();
      nanos.addAndGet(FRAME.multipliedBy(5).toNanos());
      recording = call.stop();
    }

    assertThat(playedFrames(recording)).hasSize(10 + 20 + 5);
    assertThat(recording.mediaFiles().get(0).duration()).isEqualTo(FRAME.multipliedBy(35));
  }

  @Test
  void manyShortPauses_doNotAddUpToAShift() throws Exception {
    List<ByteBuffer> spoken = frames(CALL);
    Recording recording;
    try (CallSession call = start(true, AUDIO)) {
      for (int i = 0; i < 100; i++) {
        call.write(spoken.get(i));
        call.pause();
        nanos.addAndGet(Duration.ofMillis(50).toNanos()); // shorter than a frame
        call.resume();
      }
      recording = call.stop();
    }

    Duration lasted = FRAME.multipliedBy(100).plusMillis(100 * 50);
    assertThat(recording.mediaFiles().get(0).duration()).isCloseTo(lasted, FRAME.dividedBy(2));
  }

  @Test
  void frameOfAnotherStream_isLeftOut_andTheCallGoesOn() throws Exception {
    List<ByteBuffer> spoken = frames(CALL);
    ByteBuffer foreign = frames(Samples.path("media/stereo-44k.mp3")).get(0);
    Recording recording;
    try (CallSession call = start(true, AUDIO)) {
      for (int i = 0; i < spoken.size(); i++) {
        if (i == 200) {
          assertThatExceptionOfType(MediaException.class)
              .isThrownBy(() -> call.write(foreign))
              .withMessageContaining("44100 Hz")
              .withMessageContaining("8000 Hz");
        }
        call.write(spoken.get(i));
      }
      recording = call.stop();
    }

    assertThat(stored.play(recording)).isEqualTo(Files.readAllBytes(CALL));
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void write_allocatesNothing(boolean encrypted) throws Exception {
    List<ByteBuffer> spoken = List.copyOf(frames(CALL));
    int[] next = {0};
    try (CallSession call = start(encrypted, AUDIO)) {
      Allocation.assertNone(20_000, () -> {
        nanos.addAndGet(FRAME.toNanos()); // once a second it hands over what is there
        call.write(spoken.get(next[0]++ % spoken.size()).rewind());
      });
    }
  }
}
