package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.BerInput.CONSTRUCTED;
import static dev.tapeseal.envelope.BerInput.CONTEXT_0;
import static dev.tapeseal.envelope.BerInput.CONTEXT_1;
import static dev.tapeseal.envelope.BerInput.INTEGER;
import static dev.tapeseal.envelope.BerInput.OBJECT_IDENTIFIER;
import static dev.tapeseal.envelope.BerInput.OCTET_STRING;
import static dev.tapeseal.envelope.BerInput.SEQUENCE;

import dev.tapeseal.content.CbcEncryptor;
import java.io.IOException;
import java.util.List;

/**
 * An EnvelopedData read up to its content (RFC 5652 section 6.1), whoever wrote it: at most
 * {@value EnvelopeEncoder#MAX_HEADER_BYTES} bytes. The content is walked through by {@link #pieces}, then
 * {@link #finish} reads what follows it.
 */
final class ParsedEnvelope {
  private final BerInput in;
  private final List<Recipient> recipients;
  private final int keyBits;
  private final byte[] iv;
  private final long headerBytes;
  private final OctetPieces pieces;
  private final LengthForm form;

  private ParsedEnvelope(
      BerInput in, List<Recipient> recipients, int keyBits, byte[] iv, OctetPieces pieces) {
    this.in = in;
    this.recipients = List.copyOf(recipients);
    this.keyBits = keyBits;
    this.iv = iv;
    this.headerBytes = in.position();
    this.pieces = pieces;
    this.form = pieces.isConstructed()
        ? LengthForm.INDEFINITE
        : in.hasMinimalLengths() ? LengthForm.DER : LengthForm.DEFINITE;
  }

  /**
   * Reads a header.
   *
   * @throws EnvelopeException.Malformed where it is none
   * @throws EnvelopeException.Unsupported where it is of a kind, or with an algorithm, that cannot be read
   */
  static ParsedEnvelope read(BerInput in) throws IOException {
    in.allowUpTo(EnvelopeEncoder.MAX_HEADER_BYTES);
    in.open(SEQUENCE, "ContentInfo");
    String type = objectIdentifier(in, "the content type");
    if (!type.equals(ObjectIdentifiers.ENVELOPED_DATA)) {
      throw new EnvelopeException.Unsupported(
          "CMS message: " + ObjectIdentifiers.name(type) + " (expected: EnvelopedData)");
    }
    in.open(CONTEXT_0 | CONSTRUCTED, "the content of ContentInfo");
    in.open(SEQUENCE, "EnvelopedData");
    in.primitive(INTEGER, 1, "the version");
    if (in.nextTag() == (CONTEXT_0 | CONSTRUCTED)) {
      in.skipElement(); // originatorInfo
    }
    RecipientParser recipients = new RecipientParser(in);
    recipients.parse();

    in.open(SEQUENCE, "EncryptedContentInfo");
    objectIdentifier(in, "the encrypted content's type");
    in.open(SEQUENCE, "the content encryption algorithm");
    String cipher = objectIdentifier(in, "the content encryption algorithm");
    Integer keyBits = ObjectIdentifiers.AES_CBC_KEY_BITS.get(cipher);
    if (keyBits == null) {
      throw new EnvelopeException.Unsupported("content cipher: " + ObjectIdentifiers.name(cipher)
          + " (expected: AES-128-CBC, AES-192-CBC or AES-256-CBC)");
    }
    byte[] iv = iv(in);
    in.close("the content encryption algorithm");
    if (recipients.recipients().isEmpty()) {
      throw new EnvelopeException.Unsupported("recipients: " + recipients.others()
          + " (expected: at least one with RSA key transport)");
    }
    return new ParsedEnvelope(in, recipients.recipients(), keyBits, iv, content(in));
  }

  private static byte[] iv(BerInput in) throws IOException {
    long start = in.position();
    byte[] iv = in.primitive(OCTET_STRING, CbcEncryptor.BLOCK_BYTES, "the IV");
    if (iv.length != CbcEncryptor.BLOCK_BYTES) {
      throw new EnvelopeException.Malformed(
          start, "the IV: " + iv.length + " bytes (expected: " + CbcEncryptor.BLOCK_BYTES + ")");
    }
    return iv;
  }

  private static OctetPieces content(BerInput in) throws IOException {
    int tag = in.nextTag();
    if (tag == BerInput.END) {
      throw new EnvelopeException.Unsupported(
          "envelope: without content (expected: the ciphertext in it)");
    }
    boolean constructed = tag == (CONTEXT_0 | CONSTRUCTED);
    long length =
        in.open(constructed ? CONTEXT_0 | CONSTRUCTED : CONTEXT_0, "the encrypted content");
    in.allowUpTo(Long.MAX_VALUE);
    return new OctetPieces(in, constructed ? -1 : length);
  }

  private static String objectIdentifier(BerInput in, String name) throws IOException {
    return ObjectIdentifiers.dotted(
        in.primitive(OBJECT_IDENTIFIER, ObjectIdentifiers.MAX_BYTES, name));
  }

  /** The recipients with RSA key transport, at least one. */
  List<Recipient> recipients() {
    return recipients;
  }

  /** The content cipher's key: 128, 192 or 256 bits of AES-CBC. */
  int keyBits() {
    return keyBits;
  }

  byte[] iv() {
    return iv.clone();
  }

  /** Everything before the content, its tag and length included. */
  long headerBytes() {
    return headerBytes;
  }

  /** The ciphertext, piece by piece. */
  OctetPieces pieces() {
    return pieces;
  }

  /** How the lengths before the content are stated. */
  LengthForm form() {
    return form;
  }

  /** Reads what follows the content, once all of its pieces were passed: it must be whole. */
  void finish() throws IOException {
    in.close("the encrypted content");
    in.close("EncryptedContentInfo");
    if (in.nextTag() == (CONTEXT_1 | CONSTRUCTED)) {
      in.skipElement(); // unprotectedAttrs
    }
    in.close("EnvelopedData");
    in.close("the content of ContentInfo");
    in.close("ContentInfo");
  }
}
