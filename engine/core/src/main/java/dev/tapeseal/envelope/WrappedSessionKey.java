package dev.tapeseal.envelope;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.ContentEncryptionKey;
import java.security.SecureRandom;
import java.util.List;

/**
 * A fresh session key, and what opens it encrypted under every recording certificate: all of a recording's start
 * that costs RSA, so that it can be made ahead and on another thread (some 30 to 50 µs a certificate).
 *
 * <p>It serves one recording. {@link RecordingWriter#open} takes it over and closes it; one that is never used is
 * closed by whoever made it.
 */
public final class WrappedSessionKey implements AutoCloseable {
  /** How many certificates a recording may be encrypted under. */
  public static final int MAX_RECIPIENTS = RecipientInfos.MAX_RECIPIENTS;

  private final RecordingFormat format;
  private final ContentEncryptionKey key;
  private final ContentEncryptionKey transportedKey;
  private final RecipientInfos recipientInfos;
  private boolean taken;

  private WrappedSessionKey(
      RecordingFormat format,
      ContentEncryptionKey key,
      ContentEncryptionKey transportedKey,
      RecipientInfos recipientInfos) {
    this.format = format;
    this.key = key;
    this.transportedKey = transportedKey;
    this.recipientInfos = recipientInfos;
  }

  /**
   * Makes a session key for one recording.
   *
   * @param format the recording's: it says how keys are encrypted
   * @param certificates 1 to {@value #MAX_RECIPIENTS}, each once, each with an RSA key; whether they may be used is
   *     their policy's business and was asked before
   */
  public static WrappedSessionKey generate(
      RecordingFormat format, List<RecordingCertificate> certificates, SecureRandom random) {
    RecipientInfos.requireSome(certificates);
    ContentEncryptionKey key = ContentEncryptionKey.generate(random);
    ContentEncryptionKey transported = format.isCbc() ? key : ContentEncryptionKey.generate(random);
    try {
      return new WrappedSessionKey(
          format, key, transported, recipients(format, transported, certificates, random));
    } catch (RuntimeException e) {
      key.close();
      transported.close();
      throw e;
    }
  }

  static RecipientInfos recipients(
      RecordingFormat format,
      ContentEncryptionKey transported,
      List<RecordingCertificate> certificates,
      SecureRandom random) {
    return RecipientInfos.of(
        transported,
        certificates,
        format.isCbc() ? RecipientInfos.PKCS1 : RecipientInfos.OAEP,
        random);
  }

  /** The recipients, in the order of the certificates. */
  public List<Recipient> recipients() {
    return recipientInfos.recipients();
  }

  RecipientInfos recipientInfos() {
    return recipientInfos;
  }

  /** What the recipients' encrypted keys hold: the session key, or that of the key envelope around it. */
  ContentEncryptionKey transportedKey() {
    return transportedKey;
  }

  /** Hands the session key to the one recording that it serves. */
  ContentEncryptionKey take(RecordingFormat recordingFormat) {
    if (taken) {
      throw new IllegalStateException(
          "session key: used before (expected: a fresh one for every recording)");
    }
    if (recordingFormat.isCbc() != format.isCbc()) {
      throw new IllegalArgumentException("session key: wrapped for " + format.label()
          + " (expected: for " + recordingFormat.label() + ")");
    }
    taken = true;
    return key;
  }

  /** Wipes the keys. */
  @Override
  public void close() {
    taken = true;
    key.close();
    transportedKey.close();
  }
}
