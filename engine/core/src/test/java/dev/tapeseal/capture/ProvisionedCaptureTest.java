package dev.tapeseal.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.keystore.BareKeys;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.Frame;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.profile.CallProvision;
import dev.tapeseal.profile.ProfileException;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recording as an administrator provisioned it, while the years go by. */
class ProvisionedCaptureTest {
  private static final ProfileName PROFILE = new ProfileName("recording");
  private static final String OURS = "tapeseal.recording";
  private static final AudioFormat AUDIO = AudioFormat.muLaw(8000, 2);

  /** A, until 2074; renewed on the same key, until 2075. B, until November 2076, is its own CA. */
  private static final SampleIdentity A = SampleCertificates.FIRST;

  private static final SampleIdentity A_RENEWED = SampleCertificates.FIRST_RENEWED;
  private static final SampleIdentity B = SampleCertificates.SELF_SIGNED;

  private final List<String> alarms = new ArrayList<>();
  private Instant now = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @SuppressWarnings("NullAway.Init") // open sets it
  private DataFolder data;

  @SuppressWarnings("NullAway.Init") // open sets it
  private Provisioning provisioning;

  @SuppressWarnings("NullAway.Init") // open sets it
  private RecordingStore store;

  @BeforeEach
  void open() throws IOException {
    data = DataFolder.open(folder, Map.of());
    provisioning = Provisioning.open(data);
    provisioning.profiles().create(PROFILE);
    store = RecordingStore.open(data.recordings());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private void deploy(SampleIdentity identity) throws Exception {
    provisioning.profiles().deploy(PROFILE, certificate(identity));
  }

  private void withdraw(SampleIdentity identity) throws Exception {
    provisioning.profiles().withdraw(PROFILE, certificate(identity));
  }

  private static RecordingCertificate certificate(SampleIdentity identity) throws Exception {
    return RecordingCertificate.read(identity.certificatePath());
  }

  private Recorder recorder() {
    Clock clock = new Clock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }
    };
    return Recorder.into(store)
        .withClocks(clock, System::nanoTime)
        .withAlarms((callUuid, alarm) -> alarms.add(alarm));
  }

  private Interaction interaction() {
    return Interaction.anonymous(new SecureRandom())
        .withNumbers("+1 (416) 000", "8522001")
        .withAgent("agent-7")
        .withConnection("00-1A-2B", "SIP_Server");
  }

  private Recording record(Recorder recorder, AudioFormat audio, Interaction interaction)
      throws IOException {
    CallProvision provision = provisioning.forCall(Optional.empty(), now);
    byte[] spoken = new byte[audio.blockBytes() * 160];
    Arrays.fill(spoken, (byte) 0x55);
    try (CallSession call = recorder.startCall(interaction, provision, audio)) {
      for (int i = 0; i < 50; i++) {
        call.write(ByteBuffer.wrap(spoken));
      }
      return call.stop();
    }
  }

  private Recording record() throws IOException {
    return record(recorder(), AUDIO, interaction());
  }

  private static MediaFile media(Recording recording) {
    return recording.mediaFiles().get(0);
  }

  private static List<String> recipients(Recording recording) {
    return Objects.requireNonNull(media(recording).encryption()).recipients().stream()
        .map(MediaRecipient::publicKeySha256)
        .toList();
  }

  private byte[] play(Recording recording, SampleIdentity identity) throws Exception {
    MediaFile media = media(recording);
    String path = Objects.requireNonNull(media.descriptor().get("path"));
    String macId =
        Objects.requireNonNull(Objects.requireNonNull(media.encryption()).macId());
    RecordingContext context = new RecordingContext(
        recording.tenant().name(), recording.id().value(), media.type(), "call");
    try (BareKeys keys = BareKeys.read(List.of(identity.keyPath()), List.of(), null);
        RecordingReader reader = RecordingReader.open(
            RecordingSource.ofFile(data.recordings().resolve(path)),
            keys,
            RecordingExpectation.authenticated(context).withMacId(macId))) {
      ByteBuffer played = ByteBuffer.allocate((int) reader.size());
      while (played.hasRemaining() && reader.read(played) >= 0) {}
      return played.array();
    }
  }

  @Test
  void renewal_keepsEveryRecordingPlayable() throws Exception {
    deploy(A);
    Recording underA = record();
    assertThat(recipients(underA)).containsExactly(certificate(A).publicKeySha256());

    now = Instant.parse("2073-12-20T00:00:00Z");
    deploy(B);
    Recording underBoth = record();
    assertThat(recipients(underBoth))
        .containsExactly(certificate(A).publicKeySha256(), certificate(B).publicKeySha256());
    assertThat(provisioning.forCall(PROFILE, now).certificates().warnings())
        .anyMatch(warning -> warning.contains("certificates-1") && warning.contains("validity"));

    now = Instant.parse("2074-06-01T00:00:00Z"); // A has expired
    assertThatThrownBy(this::record)
        .isInstanceOf(ProfileException.CertificatesRefused.class)
        .hasMessageContaining("certificates-1")
        .hasMessageContaining("expired");
    withdraw(B);
    assertThatThrownBy(this::record).isInstanceOf(ProfileException.CertificatesRefused.class);
    deploy(B);
    withdraw(A);
    Recording underB = record();

    byte[] said = play(underA, A);
    assertThat(play(underBoth, A)).isEqualTo(said);
    assertThat(play(underBoth, B)).isEqualTo(said);
    assertThat(play(underB, B)).isEqualTo(said);

    deploy(A_RENEWED);
    Recording renewed = record();
    for (Recording recording : List.of(underA, underBoth, renewed)) {
      assertThat(play(recording, A_RENEWED)).isEqualTo(said); // the same key
    }
    assertThat(store.query(RecordingQuery.ALL).recordings()).hasSize(4); // refusals left nothing
    assertThat(alarms).isEmpty();
  }

  @Test
  void lenientProfile_recordsForThoseThatPass_andRaisesAnAlarmForEachOther() throws Exception {
    deploy(A);
    deploy(SampleCertificates.EXPIRED);
    deploy(SampleCertificates.NOT_YET_VALID);
    provisioning
        .profiles()
        .set(PROFILE, OURS, "when-certificates-fail", "record-with-those-that-pass");
    Recorder recorder = recorder();

    Recording recording = record(recorder, AUDIO, interaction());

    assertThat(recipients(recording)).containsExactly(certificate(A).publicKeySha256());
    assertThat(alarms).hasSize(2);
    assertThat(alarms.get(0)).contains("certificates-2", "expired");
    assertThat(alarms.get(1)).contains("certificates-3", "not yet valid");
    assertThat(recorder.alarms()).isEqualTo(2);

    withdraw(A);
    assertThatThrownBy(() -> record(recorder, AUDIO, interaction()))
        .isInstanceOf(ProfileException.CertificatesRefused.class); // never clear instead
  }

  @Test
  void profileWithoutCertificates_recordsClear() throws Exception {
    Recording recording = record();

    assertThat(media(recording).encryption()).isNull();
    assertThat(media(recording).ivrProfile()).isEqualTo("recording");
  }

  @Test
  void profileOfMp3_encodesWhatComesAsWav_pausesIncluded() throws Exception {
    deploy(A);
    provisioning.profiles().set(PROFILE, OURS, "mime-type", "audio/mp3");

    Recording recording = record();

    assertThat(media(recording).type()).isEqualTo("audio/mp3");
    assertThat(media(recording).mediaId().value()).endsWith(".mp3");
    assertThat(media(recording).duration()).hasMillis(1000);
    Path played = java.nio.file.Files.write(folder.resolve("played.mp3"), play(recording, A));
    try (MediaSource source = MediaSource.open(played)) {
      assertThat(source.audioFormat()).contains(AudioFormat.mp3(8000, 2));
      assertThat(source.durationUs()).isBetween(1_000_000L, 1_200_000L);
    }
  }

  @Test
  void sessionThatEncodes_isGivenUp_andLeavesNothing() throws Exception {
    deploy(A);
    provisioning.profiles().set(PROFILE, OURS, "mime-type", "audio/mp3");
    try (CallSession call =
        recorder().startCall(interaction(), provisioning.forCall(PROFILE, now), AUDIO)) {
      call.write(ByteBuffer.allocate(16_000));
    }

    assertThat(store.query(RecordingQuery.ALL).recordings()).isEmpty();
  }

  @Test
  void profileOfMp3_takesMp3AsItIs_andWavOfNoMp3RateIsRefused() throws Exception {
    provisioning.profiles().set(PROFILE, OURS, "mime-type", "audio/mp3");
    CallProvision provision = provisioning.forCall(PROFILE, now);
    Path mp3 = dev.tapeseal.samples.Samples.path("media/call.mp3");
    Recording recording;
    try (MediaSource source = MediaSource.open(mp3);
        CallSession call =
            recorder().startCall(interaction(), provision, source.audioFormat().orElseThrow())) {
      Frame frame = new Frame();
      while (source.next(frame)) {
        call.write(frame.bytes());
      }
      recording = call.stop();
    }
    String path = Objects.requireNonNull(media(recording).descriptor().get("path"));
    assertThat(data.recordings().resolve(path)).hasSameBinaryContentAs(mp3);

    assertThatThrownBy(
            () -> recorder().startCall(interaction(), provision, AudioFormat.pcm(9000, 1, 16)))
        .isInstanceOf(MediaException.Unsupported.class)
        .hasMessageContaining("9000 Hz");
    assertThat(store.query(RecordingQuery.ALL).recordings()).hasSize(1);
  }

  @Test
  void profileOfWav_refusesMp3() throws Exception {
    provisioning.profiles().set(PROFILE, OURS, "mime-type", "audio/wav");

    assertThatThrownBy(() -> record(recorder(), AudioFormat.mp3(8000, 1), interaction()))
        .isInstanceOf(MediaException.Unsupported.class)
        .hasMessageContaining("IVR profile recording")
        .hasMessageContaining("audio/wav");
  }

  @Test
  void fileNameTemplate_namesTheMedia() throws Exception {
    deploy(A);
    provisioning
        .profiles()
        .set(
            PROFILE,
            OURS,
            "file-name-template",
            "{call-uuid}_{ani}_{connection-id}_{sip-server-application-name}_{mcp-date-time}_{id}");
    Interaction interaction = interaction();

    Recording recording = record(recorder(), AUDIO, interaction);
    Recording other = record();

    assertThat(media(recording).mediaId().value())
        .matches(interaction.callUuid().replace('_', '-')
            + "_\\+1--416--000_00-1A-2B_SIP-Server_2030-01-01_00-00-00_[A-Za-z0-9+-]+\\.wav")
        .isNotEqualTo(media(other).mediaId().value());
    assertThat(media(recording).parameters()).containsEntry("connId", "00-1A-2B");
    assertThat(play(recording, A)).isEqualTo(play(other, A));
  }

  @Test
  void unknownFormat_refusesTheCall() throws Exception {
    provisioning.profiles().set(PROFILE, OURS, "format", "zip");

    assertThatThrownBy(this::record)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("IVR profile recording: format 'zip' (expected: pkcs7");
  }

  @Test
  void screens_areUnderTheScreenCertificates() throws Exception {
    deploy(A);
    provisioning.screenCertificates().assign(certificate(B));
    Recording recording;
    try (ScreenSession screen =
        recorder().startScreen(interaction(), provisioning.forScreen(now))) {
      screen.write(ByteBuffer.allocate(1000));
      recording = screen.stop(java.time.Duration.ofSeconds(1));
    }

    assertThat(recipients(recording)).containsExactly(certificate(B).publicKeySha256());
  }
}
