package dev.tapeseal.envelope;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.EncryptedContentInfo;
import org.bouncycastle.asn1.cms.EnvelopedData;

/** Writes the same envelope in other ways that BER and its armours allow. */
final class Rechunking {
  private static final int OCTET_STRING = 0x04;
  private static final int CONSTRUCTED = 0x20;

  private Rechunking() {}

  /** Puts the content into OCTET STRINGs of random lengths, nested at random, with lengths of every kind. */
  static byte[] randomly(byte[] envelope, Random random) {
    EnvelopedData data =
        EnvelopedData.getInstance(ContentInfo.getInstance(envelope).getContent());
    EncryptedContentInfo info = data.getEncryptedContentInfo();
    byte[] octets = info.getEncryptedContent().getOctets();

    byte[] content = element(0xA0, pieces(octets, 0, octets.length, random, 0), random);
    byte[] contentInfo = element(
        0x30,
        joined(der(info.getContentType()), der(info.getContentEncryptionAlgorithm()), content),
        random);
    byte[] enveloped = element(
        0x30, joined(der(data.getVersion()), der(data.getRecipientInfos()), contentInfo), random);
    return element(
        0x30,
        joined(
            der(ContentInfo.getInstance(envelope).getContentType()),
            element(0xA0, enveloped, random)),
        random);
  }

  private static byte[] pieces(byte[] octets, int from, int to, Random random, int depth) {
    ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    int at = from;
    do {
      int length = Math.min(to - at, random.nextInt(random.nextBoolean() ? 40 : 20_000));
      pieces.writeBytes(
          random.nextInt(4) == 0 && depth < 5
              ? element(
                  OCTET_STRING | CONSTRUCTED,
                  pieces(octets, at, at + length, random, depth + 1),
                  random)
              : element(OCTET_STRING, Arrays.copyOfRange(octets, at, at + length), random));
      at += length;
    } while (at < to);
    return pieces.toByteArray();
  }

  /** With a length that is minimal, padded, or, where the element is constructed, indefinite. */
  private static byte[] element(int tag, byte[] content, Random random) {
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    if ((tag & CONSTRUCTED) != 0 && random.nextBoolean()) {
      LengthForm.INDEFINITE.write(element, content.length);
      element.writeBytes(content);
      element.writeBytes(new byte[2]);
    } else {
      (random.nextInt(3) == 0 ? LengthForm.DEFINITE : LengthForm.DER)
          .write(element, content.length);
      element.writeBytes(content);
    }
    return element.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  private static byte[] der(ASN1Encodable element) {
    return EnvelopeEncoder.encoded(element);
  }

  static byte[] pem(byte[] message, int lineLength, String lineEnd) {
    String body = Base64.getMimeEncoder(lineLength, lineEnd.getBytes(StandardCharsets.US_ASCII))
        .encodeToString(message);
    return ("-----BEGIN PKCS7-----" + lineEnd + body + lineEnd + "-----END PKCS7-----" + lineEnd)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
