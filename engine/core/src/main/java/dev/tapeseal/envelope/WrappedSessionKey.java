package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.EnvelopeEncoder.SEQUENCE;
import static dev.tapeseal.envelope.EnvelopeEncoder.SET;
import static dev.tapeseal.envelope.EnvelopeEncoder.element;
import static dev.tapeseal.envelope.EnvelopeEncoder.encoded;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.rsaEncryption;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.ContentEncryptionKey;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

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
  private final byte[] recipientInfos;
  private boolean taken;

  private WrappedSessionKey(
      ContentEncryptionKey key, List<Recipient> recipients, byte[] recipientInfos) {
    this.key = key;
    this.recipients = List.copyOf(recipients);
    this.recipientInfos = recipientInfos;
  }

  /**
   * Makes a session key for one recording.
   *
   * @param certificates 1 to {@value #MAX_RECIPIENTS}, each once, each with an RSA key; whether they may be used is
   *     their policy's business and was asked before
   */
  public static WrappedSessionKey generate(
      List<RecordingCertificate> certificates, SecureRandom random) {
    if (certificates.isEmpty() || certificates.size() > MAX_RECIPIENTS) {
      throw new IllegalArgumentException("recording certificates: " + certificates.size()
          + " (expected: 1 to " + MAX_RECIPIENTS + ")");
    }
    if (Set.copyOf(certificates).size() < certificates.size()) {
      throw new IllegalArgumentException(
          "recording certificates: " + certificates + " (expected: each once)");
    }
    ContentEncryptionKey key = ContentEncryptionKey.generate(random);
    try {
      List<Recipient> recipients = new ArrayList<>();
      List<byte[]> recipientInfos = new ArrayList<>();
      for (RecordingCertificate certificate : certificates) {
        byte[] encryptedKey = wrap(key, certificate, random);
        recipients.add(
            new Recipient(certificate.identifier(), new KeyTransport.Pkcs1(), encryptedKey));
        recipientInfos.add(recipientInfo(certificate, encryptedKey));
      }
      recipientInfos.sort(Arrays::compareUnsigned); // as DER has a SET OF
      return new WrappedSessionKey(
          key, recipients, element(SET, recipientInfos.toArray(byte[][]::new)));
    } catch (RuntimeException e) {
      key.close();
      throw e;
    }
  }

  private static byte[] wrap(
      ContentEncryptionKey key, RecordingCertificate certificate, SecureRandom random) {
    byte[] plainKey = key.copyBytes();
    try {
      Cipher rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
      rsa.init(Cipher.ENCRYPT_MODE, certificate.publicKey(), random);
      return rsa.doFinal(plainKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "recording certificate " + certificate + ": its RSA key encrypts no session key", e);
    } finally {
      Arrays.fill(plainKey, (byte) 0);
    }
  }

  /**
   * KeyTransRecipientInfo (RFC 5652 section 6.2.1). The issuer is repeated byte for byte as the certificate has it,
   * because readers compare it so.
   */
  private static byte[] recipientInfo(RecordingCertificate certificate, byte[] encryptedKey) {
    byte[] issuerAndSerialNumber = element(
        SEQUENCE,
        certificate.issuerDer(),
        encoded(new ASN1Integer(certificate.x509().getSerialNumber())));
    return element(
        SEQUENCE,
        encoded(new ASN1Integer(0)), // version
        issuerAndSerialNumber,
        encoded(new AlgorithmIdentifier(rsaEncryption, DERNull.INSTANCE)),
        encoded(new DEROctetString(encryptedKey)));
  }

  /** The recipients, in the order of the certificates. */
  public List<Recipient> recipients() {
    return recipients;
  }

  /** The recipients as an envelope has them: a SET OF RecipientInfo in DER. */
  byte[] recipientInfos() {
    return recipientInfos;
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
