package dev.tapeseal.capture;

import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.CertificateRefusedException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.MediaType;
import dev.tapeseal.media.MediaWriter;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Starts recordings into a store. Encrypted under every certificate that is given; clear where none is.
 *
 * <p>A certificate that the policy refuses refuses the recording, before a frame is taken and before the store
 * hears of it. Starting costs one RSA encryption a certificate, some 30 to 50 µs, and one fsync. Safe for any
 * thread; each session is confined to one.
 */
public final class Recorder {
  private final RecordingStore store;
  private final RecordingFormat format;
  private final CertificatePolicy policy;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final SecureRandom random;

  private Recorder(
      RecordingStore store,
      RecordingFormat format,
      CertificatePolicy policy,
      Clock clock,
      LongSupplier nanoClock,
      SecureRandom random) {
    this.store = store;
    this.format = format;
    this.policy = policy;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.random = random;
  }

  /** Records as {@link RecordingFormat#PKCS7} under {@link CertificatePolicy#forRecording}, by the system's clock. */
  public static Recorder into(RecordingStore store) {
    return new Recorder(
        store,
        RecordingFormat.PKCS7,
        CertificatePolicy.forRecording(),
        Clock.systemUTC(),
        System::nanoTime,
        new SecureRandom());
  }

  /**
   * The same by other clocks.
   *
   * @param clock the time of day: what metadata and the policy go by
   * @param nanoClock counts nanoseconds from anywhere, and never backwards: what pauses are measured by
   */
  public Recorder withClocks(Clock clock, LongSupplier nanoClock) {
    return new Recorder(store, format, policy, clock, nanoClock, random);
  }

  /**
   * Starts a call recording, as MCP does.
   *
   * @param certificates 0 to 16, each once
   * @param audio what the frames will be
   * @throws CertificateRefusedException where one of the certificates may not be used; it is named
   * @throws IOException where the store refuses, or has a recording of this call
   */
  public CallSession startCall(
      Interaction interaction, List<RecordingCertificate> certificates, AudioFormat audio)
      throws IOException, CertificateRefusedException {
    MediaCapture capture = start(RecordingKind.CALL, interaction, certificates, audio.mediaType());
    try {
      return new CallSession(capture, MediaWriter.open(audio, capture.destination()), nanoClock);
    } catch (IOException | RuntimeException e) {
      capture.closeAfter(e);
      throw e;
    }
  }

  /**
   * Starts a screen recording, as SRS does: a finished MP4 file that is handed over in slices.
   *
   * @param certificates 0 to 16, each once
   * @throws CertificateRefusedException where one of the certificates may not be used; it is named
   * @throws IOException where the store refuses
   */
  public ScreenSession startScreen(Interaction interaction, List<RecordingCertificate> certificates)
      throws IOException, CertificateRefusedException {
    MediaCapture capture = start(RecordingKind.SCREEN, interaction, certificates, MediaType.MP4);
    return new ScreenSession(capture);
  }

  private MediaCapture start(
      RecordingKind kind,
      Interaction interaction,
      List<RecordingCertificate> certificates,
      MediaType type)
      throws IOException, CertificateRefusedException {
    Instant now = clock.instant();
    for (RecordingCertificate certificate : certificates) {
      policy.accept(certificate, now);
    }
    CapturedMedia media = CapturedMedia.of(kind, interaction, type, now, random);
    if (certificates.isEmpty()) {
      return MediaCapture.clear(store, media, nanoClock);
    }
    return MediaCapture.encrypted(store, media, nanoClock, format, certificates, random);
  }
}
