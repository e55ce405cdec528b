package dev.tapeseal.envelope;

import dev.tapeseal.certificate.RecipientIdentifier;
import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import dev.tapeseal.content.ContentEncryptionKey;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;

/**
 * A fresh session key, and the same key encrypted under every recording certificate: all of a recording's start
 * that costs RSA, so that it can be made ahead and on another thread (some 30 to 50 µs a certificate).
 *
 * <p>It serves one recording. {@link RecordingWriter#open} takes it over and closes it; one that is never used is
 * closed by whoever made it.
 */
public final class WrappedSessionKey implements AutoCloseable {
  /** How many certificates a recording may be encrypted under. */
  public static final int MAX_RECIPIENTS = 16;

  private final ContentEncryptionKey key;
  private final List<Recipient> recipients;
  private boolean taken;

  private WrappedSessionKey(ContentEncryptionKey key, List<Recipient> recipients) {
    this.key = key;
    this.recipients = recipients;
  }

  /**
   * Makes a session key for one recording.
   *
   * @param certificates 1 to {@value #MAX_RECIPIENTS}, each once, each with an RSA key; whether they may be used is
   *     their policy's business and was asked before
   */
  public static WrappedSessionKey generate(
      List<X509Certificate> certificates, SecureRandom random) {
    if (certificates.isEmpty() || certificates.size() > MAX_RECIPIENTS) {
      throw new IllegalArgumentException("recording certificates: " + certificates.size()
          + " (expected: 1 to " + MAX_RECIPIENTS + ")");
    }
    ContentEncryptionKey key = ContentEncryptionKey.generate(random);
    try {
      List<Recipient> recipients = new ArrayList<>();
      for (X509Certificate certificate : certificates) {
        recipients.add(wrap(key, certificate, random));
      }
      return new WrappedSessionKey(key, List.copyOf(recipients));
    } catch (RuntimeException e) {
      key.close();
      throw e;
    }
  }

  private static Recipient wrap(
      ContentEncryptionKey key, X509Certificate certificate, SecureRandom random) {
    RecipientIdentifier identifier = new IssuerAndSerialNumber(
        certificate.getIssuerX500Principal(), certificate.getSerialNumber());
    byte[] plainKey = key.copyBytes();
    try {
      Cipher rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
      rsa.init(Cipher.ENCRYPT_MODE, certificate.getPublicKey(), random);
      return new Recipient(identifier, new KeyTransport.Pkcs1(), rsa.doFinal(plainKey));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "recording certificate " + identifier + ": its public key encrypts no session"
              + " key (expected: RSA)",
          e);
    } finally {
      Arrays.fill(plainKey, (byte) 0);
    }
  }

  /** The recipients, in the order of the certificates. */
  public List<Recipient> recipients() {
    return recipients;
  }

  /** Hands the key to the one recording that it serves. */
  ContentEncryptionKey take() {
    if (taken) {
      throw new IllegalStateException(
          "session key: used before (expected: a fresh one for every recording)");
    }
    taken = true;
    return key;
  }

  /** Wipes the key. */
  @Override
  public void close() {
    taken = true;
    key.close();
  }
}
