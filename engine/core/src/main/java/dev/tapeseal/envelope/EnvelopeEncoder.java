package dev.tapeseal.envelope;

import static org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_aes256_CBC;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.rsaEncryption;

import dev.tapeseal.certificate.RecipientIdentifier;
import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import dev.tapeseal.certificate.RecipientIdentifier.SubjectKeyIdentifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.KeyTransRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** Encodes everything of an EnvelopedData that stands before the content (RFC 5652 section 6.1). */
final class EnvelopeEncoder {
  /** The most that an envelope's header may have. */
  static final int MAX_HEADER_BYTES = 256 * 1024;

  /** The most ciphertext whose enclosing lengths {@link LengthForm#DEFINITE} can state. */
  static final long MAX_PATCHED_CONTENT = LengthForm.MAX_PATCHED_LENGTH - MAX_HEADER_BYTES;

  /** Closes the five lengths that {@link LengthForm#INDEFINITE} leaves open. */
  static final byte[] END_OF_ENVELOPE = new byte[5 * 2];

  private static final int SEQUENCE = 0x30;
  private static final int CONTEXT_0 = 0x80;
  private static final int CONSTRUCTED = 0x20;

  private final byte[] contentType = encoded(CMSObjectIdentifiers.envelopedData);
  private final byte[] version = encoded(new ASN1Integer(0));
  private final byte[] recipientInfos;
  private final byte[] encryptedContentType = encoded(CMSObjectIdentifiers.data);
  private final byte[] contentEncryptionAlgorithm;

  EnvelopeEncoder(List<Recipient> recipients, byte[] iv) {
    recipientInfos = encoded(new DERSet(
        recipients.stream().map(EnvelopeEncoder::recipientInfo).toArray(RecipientInfo[]::new)));
    contentEncryptionAlgorithm =
        encoded(new AlgorithmIdentifier(id_aes256_CBC, new DEROctetString(iv)));
  }

  private static RecipientInfo recipientInfo(Recipient recipient) {
    return new RecipientInfo(new KeyTransRecipientInfo(
        recipientIdentifier(recipient.identifier()),
        keyEncryptionAlgorithm(recipient.keyTransport()),
        new DEROctetString(recipient.encryptedKey())));
  }

  private static org.bouncycastle.asn1.cms.RecipientIdentifier recipientIdentifier(
      RecipientIdentifier identifier) {
    if (identifier instanceof IssuerAndSerialNumber named) {
      return new org.bouncycastle.asn1.cms.RecipientIdentifier(
          new org.bouncycastle.asn1.cms.IssuerAndSerialNumber(
              X500Name.getInstance(named.issuer().getEncoded()), named.serialNumber()));
    }
    SubjectKeyIdentifier keyed = (SubjectKeyIdentifier) identifier;
    return new org.bouncycastle.asn1.cms.RecipientIdentifier(
        new DEROctetString(HexFormat.of().parseHex(keyed.hex())));
  }

  private static AlgorithmIdentifier keyEncryptionAlgorithm(KeyTransport keyTransport) {
    if (keyTransport instanceof KeyTransport.Pkcs1) {
      return new AlgorithmIdentifier(rsaEncryption, DERNull.INSTANCE);
    }
    throw new IllegalArgumentException(
        "key transport: " + keyTransport + " (expected: RSAES-PKCS1-v1_5)");
  }

  /** The header of an envelope around so many octets of ciphertext; {@link LengthForm#INDEFINITE} ignores them. */
  byte[] encode(LengthForm form, long ciphertextBytes) {
    long encryptedContentInfo = encryptedContentType.length
        + contentEncryptionAlgorithm.length
        + elementBytes(form, ciphertextBytes);
    long envelopedData =
        version.length + recipientInfos.length + elementBytes(form, encryptedContentInfo);
    long content = elementBytes(form, envelopedData);
    long contentInfo = contentType.length + elementBytes(form, content);

    ByteArrayOutputStream header = new ByteArrayOutputStream();
    openTag(header, SEQUENCE, form, contentInfo); // ContentInfo
    header.writeBytes(contentType);
    openTag(header, CONTEXT_0 | CONSTRUCTED, form, content);
    openTag(header, SEQUENCE, form, envelopedData); // EnvelopedData
    header.writeBytes(version);
    header.writeBytes(recipientInfos);
    openTag(header, SEQUENCE, form, encryptedContentInfo); // EncryptedContentInfo
    header.writeBytes(encryptedContentType);
    header.writeBytes(contentEncryptionAlgorithm);
    int encryptedContent = form == LengthForm.INDEFINITE ? CONTEXT_0 | CONSTRUCTED : CONTEXT_0;
    openTag(header, encryptedContent, form, ciphertextBytes); // [0] IMPLICIT OCTET STRING
    return header.toByteArray();
  }

  private static long elementBytes(LengthForm form, long length) {
    return 1 + form.lengthOctets(length) + length;
  }

  private static void openTag(ByteArrayOutputStream header, int tag, LengthForm form, long length) {
    header.write(tag);
    form.write(header, length);
  }

  private static byte[] encoded(ASN1Encodable element) {
    try {
      return element.toASN1Primitive().getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }
}
