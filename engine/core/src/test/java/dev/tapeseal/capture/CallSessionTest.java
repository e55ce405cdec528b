package dev.tapeseal.capture;

import static dev.tapeseal.capture.StoredMedia.certificates;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.CertificateRefusedException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.media.Allocation;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallSessionTest {
  private static final AudioFormat AUDIO = AudioFormat.muLaw(8000, 1);
  private static final byte SPOKEN = 0x55;
  private static final byte SILENCE = (byte) 0xff;
  private static final int WAV_HEADER_BYTES = 58;

  private final AtomicLong nanos = new AtomicLong();
  private final ByteBuffer frame = ByteBuffer.allocate(160);
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
    Arrays.fill(frame.array(), SPOKEN);
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  private CallSession start(List<RecordingCertificate> certificates) throws Exception {
    return Recorder.into(store)
        .withClocks(Clock.systemUTC(), nanos::get)
        .startCall(interaction, certificates, AUDIO);
  }

  private void speak(CallSession call, int frames) throws IOException {
    for (int i = 0; i < frames; i++) {
      call.write(frame.clear());
    }
  }

  @Test
  void pause_becomesSilenceOfTheSameLength_andWhatIsSaidInItIsLeftOut() throws Exception {
    Recording recording;
    try (CallSession call = start(certificates(SampleCertificates.FIRST))) {
      speak(call, 50);
      call.pause();
      nanos.addAndGet(Duration.ofMillis(1500).toNanos());
      speak(call, 75); // dropped
      call.resume();
      speak(call, 10);
      recording = call.stop();
    }

    byte[] played = stored.play(recording);

    int pause = WAV_HEADER_BYTES + 50 * 160;
    assertThat(played).hasSize(pause + 12_000 + 10 * 160);
    assertThat(Arrays.copyOfRange(played, pause, pause + 12_000)).containsOnly(SILENCE);
    assertThat(Arrays.copyOfRange(played, pause + 12_000, played.length)).containsOnly(SPOKEN);
    assertThat(recording.mediaFiles().get(0).duration()).isEqualTo(Duration.ofMillis(2700));
  }

  @Test
  void stop_endsAPause() throws Exception {
    Recording recording;
    try (CallSession call = start(certificates(SampleCertificates.FIRST))) {
      speak(call, 1);
      call.pause();
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      recording = call.stop();
    }

    assertThat(stored.play(recording)).hasSize(WAV_HEADER_BYTES + 160 + 8000);
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void stopThatFailsToEndAPause_leavesNothing(boolean encrypted) throws Exception {
    boolean[] failing = {false};
    Recorder recorder = Recorder.into(store).withClocks(Clock.systemUTC(), () -> {
      if (failing[0]) {
        throw new IllegalStateException("no clock");
      }
      return nanos.get();
    });
    try (CallSession call = recorder.startCall(interaction, certificates(encrypted), AUDIO)) {
      speak(call, 50);
      call.pause();
      failing[0] = true;

      assertThatThrownBy(call::stop).hasMessage("no clock");

      assertThat(stored.partFiles()).isEmpty();
      assertThatThrownBy(call::stop)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("ended");
    }
    assertThat(store.query(RecordingQuery.ALL).recordings()).isEmpty();
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void pause_handsWhatWasSaidToTheSystem(boolean encrypted) throws Exception {
    try (CallSession call = start(certificates(encrypted))) {
      speak(call, 50);
      call.pause();

      assertThat(stored.biggestPart()).isGreaterThanOrEqualTo(50 * 160);
    }
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void frames_areHandedToTheSystemASecondLater(boolean encrypted) throws Exception {
    try (CallSession call = start(certificates(encrypted))) {
      speak(call, 49);
      long before = stored.biggestPart();
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      speak(call, 1);

      assertThat(before).isLessThan(49 * 160);
      assertThat(stored.biggestPart()).isGreaterThanOrEqualTo(50 * 160);
    }
  }

  @Test
  void sessionThatIsNotStopped_leavesNothing() throws Exception {
    try (CallSession call = start(certificates(SampleCertificates.FIRST))) {
      speak(call, 500);
    }

    assertThat(store.query(RecordingQuery.ALL).recordings()).isEmpty();
    assertThat(stored.partFiles()).isEmpty();
  }

  @Test
  void recording_isInvisibleUntilItIsStopped_thenLinkedToItsCallAndAgent() throws Exception {
    try (CallSession call =
        start(certificates(SampleCertificates.FIRST, SampleCertificates.SECOND))) {
      speak(call, 50);
      assertThat(store.query(RecordingQuery.ALL).recordings()).isEmpty();

      Recording recording = call.stop();

      assertThat(recording.id().value()).isEqualTo(interaction.callUuid());
      assertThat(recording.callUuid()).isEqualTo(interaction.callUuid());
      assertThat(recording.agentId()).isEqualTo("agent-1042");
      assertThat(recording.callerNumber()).isEqualTo("8522001");
      assertThat(recording.mediaFiles().get(0).sizeBytes())
          .isEqualTo(Files.size(stored.file(recording)));
      assertThat(
              Objects.requireNonNull(recording.mediaFiles().get(0).encryption()).recipients())
          .hasSize(2);
      assertThat(store.find(recording.id())).contains(recording);
      assertThatThrownBy(() -> call.write(frame.clear())).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void refusedCertificate_isNamed_beforeTheStoreHearsOfTheRecording() throws Exception {
    List<RecordingCertificate> certificates =
        certificates(SampleCertificates.FIRST, SampleCertificates.EXPIRED);

    assertThatThrownBy(() -> start(certificates))
        .isInstanceOf(CertificateRefusedException.class)
        .hasMessageContaining("expired.pem")
        .hasMessageContaining("validity");
    assertThat(folder.resolve(interaction.tenant().contactCenterId())).doesNotExist();
  }

  @Test
  void certificateThatIsGivenTwice_isRefused() throws Exception {
    List<RecordingCertificate> twice =
        certificates(SampleCertificates.FIRST, SampleCertificates.FIRST);

    assertThatThrownBy(() -> start(twice))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each once");
    assertThat(stored.partFiles()).isEmpty();
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void write_allocatesNothing(boolean encrypted) throws Exception {
    try (CallSession call = start(certificates(encrypted))) {
      Allocation.assertNone(20_000, () -> {
        nanos.addAndGet(20_000_000); // once a second it hands over what is there
        call.write(frame.clear());
      });
    }
  }
}
