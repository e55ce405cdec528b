package dev.tapeseal.envelope;

import static org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_aes128_CBC;
import static org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_aes192_CBC;
import static org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_aes256_CBC;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** Encodes everything of an EnvelopedData that stands before the content (RFC 5652 section 6.1). */
final class EnvelopeEncoder {
  /** The most that an envelope's header may have. */
  static final int MAX_HEADER_BYTES = 256 * 1024;

  /** The most ciphertext whose enclosing lengths {@link LengthForm#DEFINITE} can state. */
  static final long MAX_PATCHED_CONTENT = LengthForm.MAX_PATCHED_LENGTH - MAX_HEADER_BYTES;

  /** Closes the five lengths that {@link LengthForm#INDEFINITE} leaves open. */
  static final byte[] END_OF_ENVELOPE = new byte[5 * 2];

  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;

  private static final int CONTEXT_0 = 0x80;
  private static final int CONSTRUCTED = 0x20;

  private final byte[] contentType = encoded(CMSObjectIdentifiers.envelopedData);
  private final byte[] version = encoded(new ASN1Integer(0));
  private final byte[] recipientInfos;
  private final byte[] encryptedContentType = encoded(CMSObjectIdentifiers.data);
  private final byte[] contentEncryptionAlgorithm;

  /**
   * Readies the headers of one recording.
   *
   * @param keyBits of AES-CBC: 128, 192 or 256
   */
  EnvelopeEncoder(RecipientInfos recipientInfos, int keyBits, byte[] iv) {
    this.recipientInfos = recipientInfos.der();
    ASN1ObjectIdentifier cipher = switch (keyBits) {
      case 128 -> id_aes128_CBC;
      case 192 -> id_aes192_CBC;
      default -> id_aes256_CBC;
    };
    this.contentEncryptionAlgorithm =
        encoded(new AlgorithmIdentifier(cipher, new DEROctetString(iv)));
  }

  /** A whole envelope without the content, which is a file of its own (RFC 5652 section 6.1). */
  byte[] encodeDetached() {
    byte[] encryptedContentInfo =
        element(SEQUENCE, encryptedContentType, contentEncryptionAlgorithm);
    byte[] envelopedData = element(SEQUENCE, version, recipientInfos, encryptedContentInfo);
    return element(
        SEQUENCE, contentType, element(CONTEXT_0 | CONSTRUCTED, envelopedData)); // ContentInfo
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

  /** One element in DER around encoded parts, which it takes as they are. */
  static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    openTag(element, tag, LengthForm.DER, length);
    for (byte[] part : parts) {
      element.writeBytes(part);
    }
    return element.toByteArray();
  }

  static byte[] encoded(ASN1Encodable element) {
    try {
      return element.toASN1Primitive().getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }
}
