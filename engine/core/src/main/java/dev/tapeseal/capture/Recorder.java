package dev.tapeseal.capture;

import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.CertificateRefusedException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.MediaType;
import dev.tapeseal.media.MediaWriter;
import dev.tapeseal.profile.CallProvision;
import dev.tapeseal.profile.CertificateSelection;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts recordings into a store. Encrypted under every certificate that is given; clear where none is.
 *
 * <p>A certificate that the policy refuses refuses the recording, before a frame is taken and before the store
 * hears of it; those of a provision were judged when it was made. Starting costs one RSA encryption a certificate, some
 * 30 to 50 µs, unless {@link #withSessionKeys} has them made ahead, and one fsync. Safe for any thread; each session is
 * confined to one.
 *
 * <p>It is longer than most classes because each kind of start is a method with its refusals.
 */
public final class Recorder {
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

  private final RecordingStore store;
  private final CertificatePolicy policy;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final AlarmListener alarmListener;
  private final LongAdder alarms;
  private final SecureRandom random;
  private final RecordingFormat format;
  private final SessionKeySource sessionKeys;

  private Recorder(
      RecordingStore store,
      CertificatePolicy policy,
      Clock clock,
      LongSupplier nanoClock,
      AlarmListener alarmListener,
      LongAdder alarms,
      SecureRandom random,
      RecordingFormat format,
      SessionKeySource sessionKeys) {
    this.store = store;
    this.policy = policy;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.alarmListener = alarmListener;
    this.alarms = alarms;
    this.random = random;
    this.format = format;
    this.sessionKeys = sessionKeys;
  }

  /**
   * Records as {@link RecordingFormat#PKCS7} under {@link CertificatePolicy#forRecording}, by the system's clock;
   * alarms are logged.
   */
  public static Recorder into(RecordingStore store) {
    SecureRandom random = new SecureRandom();
    return new Recorder(
        store,
        CertificatePolicy.forRecording(),
        Clock.systemUTC(),
        System::nanoTime,
        (callUuid, alarm) -> LOG.warn("alarm: call {}: {}", callUuid, alarm),
        new LongAdder(),
        random,
        RecordingFormat.PKCS7,
        SessionKeySource.generating(random));
  }

  /**
   * The same by other clocks.
   *
   * @param clock the time of day: what metadata and the policy go by
   * @param nanoClock counts nanoseconds from anywhere, and never backwards: what pauses are measured by
   */
  public Recorder withClocks(Clock clock, LongSupplier nanoClock) {
    return new Recorder(
        store, policy, clock, nanoClock, alarmListener, alarms, random, format, sessionKeys);
  }

  /** The same with somebody else to hear of alarms; all count together. */
  public Recorder withAlarms(AlarmListener listener) {
    return new Recorder(
        store, policy, clock, nanoClock, listener, alarms, random, format, sessionKeys);
  }

  /** The same in another format; calls under an IVR profile are recorded in the profile's. */
  public Recorder withFormat(RecordingFormat other) {
    return new Recorder(
        store, policy, clock, nanoClock, alarmListener, alarms, random, other, sessionKeys);
  }

  /** The same with session keys from elsewhere, as {@link PreparedEnvelopes} has them ready. */
  public Recorder withSessionKeys(SessionKeySource source) {
    return new Recorder(
        store, policy, clock, nanoClock, alarmListener, alarms, random, format, source);
  }

  /** How many alarms were raised so far: one a certificate that a recording had to do without. */
  public long alarms() {
    return alarms.sum();
  }

  /**
   * Starts a call recording under certificates that are named, in the format of its frames.
   *
   * @param certificates 0 to 16, each once
   * @param audio what the frames will be
   * @throws CertificateRefusedException where one of the certificates may not be used; it is named
   * @throws IOException where the store refuses, or has a recording of this call
   */
  public CallSession startCall(
      Interaction interaction, List<RecordingCertificate> certificates, AudioFormat audio)
      throws IOException, CertificateRefusedException {
    judge(certificates);
    return startCall(interaction, certificates, audio, CapturePlan.of(audio.mediaType(), format));
  }

  /**
   * Starts a call recording under an IVR profile, as MCP does: under the certificates that passed, with an alarm for
   * each that did not; as WAV or MP3 and under a name as the profile says.
   *
   * @param audio what the frames will be
   * @throws dev.tapeseal.media.MediaException.Unsupported where the profile wants MP3 and it has no such rate or so
   *     many channels, or wants WAV and the frames are MP3
   * @throws IOException where the profile's format is none of ours, the store refuses, or has a recording of this call
   */
  public CallSession startCall(Interaction interaction, CallProvision provision, AudioFormat audio)
      throws IOException {
    CapturePlan plan = CapturePlan.of(provision.profile(), audio);
    Interaction under = interaction.withIvrProfile(provision.profile().name().value());
    raise(under, provision.certificates());
    return startCall(under, provision.certificates().certificates(), audio, plan);
  }

  private CallSession startCall(
      Interaction interaction,
      List<RecordingCertificate> certificates,
      AudioFormat audio,
      CapturePlan plan)
      throws IOException {
    MediaCapture capture = start(RecordingKind.CALL, interaction, certificates, plan);
    try {
      MediaWriter writer = plan.open(audio, capture.destination());
      return new CallSession(capture, writer, nanoClock);
    } catch (IOException | RuntimeException e) {
      capture.closeAfter(e);
      throw e;
    }
  }

  /**
   * Starts a screen recording under certificates that are named: a finished MP4 file that is handed over in slices.
   *
   * @param certificates 0 to 16, each once
   * @throws CertificateRefusedException where one of the certificates may not be used; it is named
   * @throws IOException where the store refuses
   */
  public ScreenSession startScreen(Interaction interaction, List<RecordingCertificate> certificates)
      throws IOException, CertificateRefusedException {
    judge(certificates);
    return startScreenUnder(interaction, certificates);
  }

  /**
   * Starts a screen recording under the screen recording certificates, as SRS does: under those that passed, with an
   * alarm for each that did not.
   *
   * @throws IOException where the store refuses
   */
  public ScreenSession startScreen(Interaction interaction, CertificateSelection certificates)
      throws IOException {
    raise(interaction, certificates);
    return startScreenUnder(interaction, certificates.certificates());
  }

  private ScreenSession startScreenUnder(
      Interaction interaction, List<RecordingCertificate> certificates) throws IOException {
    return new ScreenSession(start(
        RecordingKind.SCREEN, interaction, certificates, CapturePlan.of(MediaType.MP4, format)));
  }

  private void judge(List<RecordingCertificate> certificates) throws CertificateRefusedException {
    for (RecordingCertificate certificate : certificates) {
      policy.accept(certificate, clock.instant());
    }
  }

  private void raise(Interaction interaction, CertificateSelection certificates) {
    for (String alarm : certificates.alarms()) {
      alarms.increment();
      alarmListener.raised(interaction.callUuid(), alarm);
    }
  }

  private MediaCapture start(
      RecordingKind kind,
      Interaction interaction,
      List<RecordingCertificate> certificates,
      CapturePlan plan)
      throws IOException {
    CapturedMedia media = CapturedMedia.of(kind, interaction, plan, clock.instant(), random);
    if (certificates.isEmpty()) {
      return MediaCapture.clear(store, media, nanoClock);
    }
    return MediaCapture.encrypted(
        store, media, nanoClock, plan.format(), certificates, sessionKeys, random);
  }
}
