package dev.tapeseal.capture;

import static dev.tapeseal.capture.StoredMedia.certificates;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.CertificateRefusedException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.media.Allocation;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.Frame;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenSessionTest {
  private static final Path SCREEN = Samples.path("media/screen.mp4");
  private static final Duration DURATION = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong();
  private final Interaction interaction = Interaction.anonymous(new SecureRandom())
      .withNumbers("8522001", "+14160000001")
      .withAgent("agent-1042");

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

  private Recorder recorder() {
    return Recorder.into(store).withClocks(Clock.systemUTC(), nanos::get);
  }

  private ScreenSession start(List<RecordingCertificate> certificates) throws Exception {
    return recorder().startScreen(interaction, certificates);
  }

  private static void replay(ScreenSession screen) throws IOException {
    try (MediaSource source = MediaSource.open(SCREEN)) {
      Frame slice = new Frame();
      while (source.next(slice)) {
        screen.write(slice.bytes());
      }
    }
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void slices_becomeTheFileThatTheyWere_invisibleUntilItIsStopped(boolean encrypted)
      throws Exception {
    Recording recording;
    try (ScreenSession screen = start(certificates(encrypted))) {
      replay(screen);
      assertThat(store.query(RecordingQuery.ALL).recordings()).isEmpty();

      recording = screen.stop(DURATION);
    }

    assertThat(stored.play(recording)).isEqualTo(Files.readAllBytes(SCREEN));
    MediaFile file = recording.mediaFiles().get(0);
    assertThat(file.type()).isEqualTo("video/mp4");
    assertThat(file.duration()).isEqualTo(DURATION);
    assertThat(file.sizeBytes()).isEqualTo(Files.size(stored.file(recording)));
    assertThat(store.find(recording.id())).contains(recording);
    assertThat(store.query(RecordingQuery.ALL.withKind(RecordingKind.SCREEN)).recordings())
        .containsExactly(recording);
  }

  /** Sizes around a piece of ciphertext, and slices that are nothing at all. */
  @ParameterizedTest(name = "slices of {0} bytes")
  @ValueSource(ints = {1000, 65_535, 65_536, 65_537, 500_000})
  void slicesOfAnySize_becomeTheSameFile(int sliceBytes) throws Exception {
    byte[] file = Files.readAllBytes(SCREEN);
    Recording recording;
    try (ScreenSession screen = start(certificates(true))) {
      for (int done = 0; done < file.length; done += sliceBytes) {
        screen.write(ByteBuffer.wrap(file, done, Math.min(sliceBytes, file.length - done)));
        screen.write(ByteBuffer.allocate(0));
      }
      recording = screen.stop(DURATION);
    }

    assertThat(stored.play(recording)).isEqualTo(file);
  }

  @Test
  void screenAndCall_areLinkedByCallAndAgent_andAreTwoRecordings() throws Exception {
    Recording call;
    Recording screen;
    try (CallSession callSession =
            recorder().startCall(interaction, certificates(true), AudioFormat.mp3(8000, 2));
        ScreenSession screenSession = start(certificates(true))) {
      replay(screenSession);
      call = callSession.stop();
      screen = screenSession.stop(DURATION);
    }

    assertThat(screen.id()).isNotEqualTo(call.id());
    assertThat(screen.callUuid()).isEqualTo(call.callUuid()).isEqualTo(interaction.callUuid());
    assertThat(screen.agentId()).isEqualTo(call.agentId()).isEqualTo("agent-1042");
    assertThat(
            store.query(RecordingQuery.ALL.withCallUuid(interaction.callUuid())).recordings())
        .containsExactlyInAnyOrder(call, screen);
  }

  @Test
  void sessionThatIsNotStopped_leavesNothing() throws Exception {
    try (ScreenSession screen = start(certificates(true))) {
      replay(screen);
      assertThat(stored.partFiles()).isNotEmpty();
    }

    assertThat(store.query(RecordingQuery.ALL).recordings()).isEmpty();
    assertThat(stored.files()).isEmpty();
  }

  @Test
  void sessionThatEnded_takesNoMore() throws Exception {
    try (ScreenSession screen = start(certificates(true))) {
      replay(screen);
      screen.stop(DURATION);

      assertThatThrownBy(() -> screen.write(ByteBuffer.allocate(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("ended");
      assertThatThrownBy(() -> screen.stop(DURATION))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("ended");
    }
    assertThat(store.query(RecordingQuery.ALL).recordings()).hasSize(1);
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void slices_areHandedToTheSystemASecondLater(boolean encrypted) throws Exception {
    ByteBuffer slice = ByteBuffer.allocate(10_000);
    try (ScreenSession screen = start(certificates(encrypted))) {
      screen.write(slice.clear());
      long before = stored.biggestPart();
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      screen.write(slice.clear());

      assertThat(before).isLessThan(10_000);
      assertThat(stored.biggestPart()).isGreaterThanOrEqualTo(20_000);
    }
  }

  @Test
  void refusedCertificate_isNamed_beforeTheStoreHearsOfTheRecording() throws Exception {
    List<RecordingCertificate> expired = certificates(SampleCertificates.EXPIRED);

    assertThatThrownBy(() -> start(expired))
        .isInstanceOf(CertificateRefusedException.class)
        .hasMessageContaining("expired.pem")
        .hasMessageContaining("validity");
    assertThat(stored.files()).isEmpty();
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void write_allocatesNothing(boolean encrypted) throws Exception {
    ByteBuffer slice = ByteBuffer.allocate(4096);
    try (ScreenSession screen = start(certificates(encrypted))) {
      Allocation.assertNone(5000, () -> {
        nanos.addAndGet(100_000_000); // once a second it hands over what is there
        screen.write(slice.clear());
      });
    }
  }
}
