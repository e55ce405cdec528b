package dev.tapeseal.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.tapeseal.certificate.CertificateRefusedException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.keystore.BareKeys;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
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
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

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

  @BeforeEach
  void openStore() throws IOException {
    store = RecordingStore.open(folder);
    Arrays.fill(frame.array(), SPOKEN);
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  private static List<RecordingCertificate> certificates(SampleIdentity... identities)
      throws Exception {
    List<RecordingCertificate> read = new ArrayList<>();
    for (SampleIdentity identity : identities) {
      read.add(RecordingCertificate.read(identity.certificatePath()));
    }
    return read;
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

  private Path file(Recording recording) {
    String path = recording.mediaFiles().get(0).descriptor().get("path");
    return folder.resolve(Objects.requireNonNull(path));
  }

  private byte[] play(Recording recording) throws Exception {
    MediaFile media = recording.mediaFiles().get(0);
    String macId =
        Objects.requireNonNull(Objects.requireNonNull(media.encryption()).macId());
    RecordingContext context = new RecordingContext(
        recording.tenant().name(), recording.id().value(), media.type(), "call");
    try (BareKeys keys =
            BareKeys.read(List.of(SampleCertificates.FIRST.keyPath()), List.of(), null);
        RecordingReader reader = RecordingReader.open(
            RecordingSource.ofFile(file(recording)),
            keys,
            RecordingExpectation.authenticated(context).withMacId(macId))) {
      ByteBuffer played = ByteBuffer.allocate((int) reader.size());
      while (played.hasRemaining() && reader.read(played) >= 0) {}
      return played.array();
    }
  }

  private List<Path> partFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".part")).toList();
    }
  }

  private long biggestPart() throws IOException {
    long biggest = 0;
    for (Path part : partFiles()) {
      biggest = Math.max(biggest, Files.size(part));
    }
    return biggest;
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

    byte[] played = play(recording);

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

    assertThat(play(recording)).hasSize(WAV_HEADER_BYTES + 160 + 8000);
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
    try (CallSession call = recorder.startCall(
        interaction, encrypted ? certificates(SampleCertificates.FIRST) : List.of(), AUDIO)) {
      speak(call, 50);
      call.pause();
      failing[0] = true;

      assertThatThrownBy(call::stop).hasMessage("no clock");

      assertThat(partFiles()).isEmpty();
      assertThatThrownBy(call::stop)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("ended");
    }
    assertThat(store.query(RecordingQuery.ALL).recordings()).isEmpty();
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void pause_handsWhatWasSaidToTheSystem(boolean encrypted) throws Exception {
    try (CallSession call = start(encrypted ? certificates(SampleCertificates.FIRST) : List.of())) {
      speak(call, 50);
      call.pause();

      assertThat(biggestPart()).isGreaterThanOrEqualTo(50 * 160);
    }
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void frames_areHandedToTheSystemASecondLater(boolean encrypted) throws Exception {
    try (CallSession call = start(encrypted ? certificates(SampleCertificates.FIRST) : List.of())) {
      speak(call, 49);
      long before = biggestPart();
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      speak(call, 1);

      assertThat(before).isLessThan(49 * 160);
      assertThat(biggestPart()).isGreaterThanOrEqualTo(50 * 160);
    }
  }

  @Test
  void sessionThatIsNotStopped_leavesNothing() throws Exception {
    try (CallSession call = start(certificates(SampleCertificates.FIRST))) {
      speak(call, 500);
    }

    assertThat(store.query(RecordingQuery.ALL).recordings()).isEmpty();
    assertThat(partFiles()).isEmpty();
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
      assertThat(recording.mediaFiles().get(0).sizeBytes()).isEqualTo(Files.size(file(recording)));
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
    assertThat(partFiles()).isEmpty();
  }

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {true, false})
  void write_allocatesNothing(boolean encrypted) throws Exception {
    try (CallSession call = start(encrypted ? certificates(SampleCertificates.FIRST) : List.of())) {
      for (int round = 0; round < 3; round++) {
        speak(call, 20_000);
      }
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 3; round++) { // the JVM itself allocates now and then
        long before = THREADS.getCurrentThreadAllocatedBytes();
        speak(call, 20_000);
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      }

      assertThat(least).as("bytes allocated by 20,000 frames").isLessThan(1024);
    }
  }
}
