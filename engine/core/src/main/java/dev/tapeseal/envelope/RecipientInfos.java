package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.EnvelopeEncoder.SEQUENCE;
import static dev.tapeseal.envelope.EnvelopeEncoder.SET;
import static dev.tapeseal.envelope.EnvelopeEncoder.element;
import static dev.tapeseal.envelope.EnvelopeEncoder.encoded;
import static org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_sha256;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_RSAES_OAEP;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_mgf1;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.rsaEncryption;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.ContentEncryptionKey;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** A key encrypted under recording certificates, as an envelope has it (RFC 5652 section 6.2). */
final class RecipientInfos {
  /** How many certificates a recording may be encrypted under. */
  static final int MAX_RECIPIENTS = 16;

  private static final String HASH = "SHA-256";
  private static final AlgorithmIdentifier SHA_256 =
      new AlgorithmIdentifier(id_sha256, DERNull.INSTANCE);

  /** RSAES-PKCS1-v1_5. */
  static final KeyTransport PKCS1 = new KeyTransport.Pkcs1();

  /** RSAES-OAEP with SHA-256, MGF1 with the same, an empty label. */
  static final KeyTransport OAEP = new KeyTransport.Oaep(HASH, HASH);

  private final List<Recipient> recipients;
  private final byte[] der;

  private RecipientInfos(List<Recipient> recipients, byte[] der) {
    this.recipients = List.copyOf(recipients);
    this.der = der;
  }

  /**
   * Encrypts a key under every certificate; some 30 to 50 µs each.
   *
   * @param certificates 1 to {@value #MAX_RECIPIENTS}, each once
   * @param keyTransport {@link #PKCS1} or {@link #OAEP}
   */
  static RecipientInfos of(
      ContentEncryptionKey key,
      List<RecordingCertificate> certificates,
      KeyTransport keyTransport,
      SecureRandom random) {
    requireSome(certificates);
    List<Recipient> recipients = new ArrayList<>();
    List<byte[]> recipientInfos = new ArrayList<>();
    for (RecordingCertificate certificate : certificates) {
      byte[] encryptedKey = encrypt(key, certificate, keyTransport, random);
      recipients.add(new Recipient(certificate.identifier(), keyTransport, encryptedKey));
      recipientInfos.add(recipientInfo(certificate, keyTransport, encryptedKey));
    }
    recipientInfos.sort(Arrays::compareUnsigned); // as DER has a SET OF
    return new RecipientInfos(recipients, element(SET, recipientInfos.toArray(byte[][]::new)));
  }

  /** In the order of the certificates. */
  List<Recipient> recipients() {
    return recipients;
  }

  /** A SET OF RecipientInfo in DER. */
  byte[] der() {
    return der;
  }

  static void requireSome(List<RecordingCertificate> certificates) {
    if (certificates.isEmpty() || certificates.size() > MAX_RECIPIENTS) {
      throw new IllegalArgumentException("recording certificates: " + certificates.size()
          + " (expected: 1 to " + MAX_RECIPIENTS + ")");
    }
    if (Set.copyOf(certificates).size() < certificates.size()) {
      throw new IllegalArgumentException(
          "recording certificates: " + certificates + " (expected: each once)");
    }
  }

  private static byte[] encrypt(
      ContentEncryptionKey key,
      RecordingCertificate certificate,
      KeyTransport keyTransport,
      SecureRandom random) {
    byte[] plainKey = key.copyBytes();
    try {
      Cipher rsa;
      if (keyTransport.equals(OAEP)) {
        rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
        rsa.init(
            Cipher.ENCRYPT_MODE,
            certificate.publicKey(),
            new OAEPParameterSpec(
                HASH, "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT),
            random);
      } else {
        rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        rsa.init(Cipher.ENCRYPT_MODE, certificate.publicKey(), random);
      }
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
  private static byte[] recipientInfo(
      RecordingCertificate certificate, KeyTransport keyTransport, byte[] encryptedKey) {
    byte[] issuerAndSerialNumber = element(
        SEQUENCE,
        certificate.issuerDer(),
        encoded(new ASN1Integer(certificate.x509().getSerialNumber())));
    AlgorithmIdentifier algorithm = keyTransport.equals(OAEP)
        ? new AlgorithmIdentifier(
            id_RSAES_OAEP,
            new RSAESOAEPparams(
                SHA_256,
                new AlgorithmIdentifier(id_mgf1, SHA_256),
                RSAESOAEPparams.DEFAULT_P_SOURCE_ALGORITHM))
        : new AlgorithmIdentifier(rsaEncryption, DERNull.INSTANCE);
    return element(
        SEQUENCE,
        encoded(new ASN1Integer(0)), // version
        issuerAndSerialNumber,
        encoded(algorithm),
        encoded(new DEROctetString(encryptedKey)));
  }
}
