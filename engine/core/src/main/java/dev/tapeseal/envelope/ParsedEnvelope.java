package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.BerInput.CONSTRUCTED;
import static dev.tapeseal.envelope.BerInput.CONTEXT_0;
import static dev.tapeseal.envelope.BerInput.CONTEXT_1;
import static dev.tapeseal.envelope.BerInput.INTEGER;
import static dev.tapeseal.envelope.BerInput.OBJECT_IDENTIFIER;
import static dev.tapeseal.envelope.BerInput.OCTET_STRING;
import static dev.tapeseal.envelope.BerInput.SEQUENCE;

import dev.tapeseal.content.CbcEncryptor;
import dev.tapeseal.content.ContentEncryptionKey;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable OctetPieces pieces;
  private final LengthForm form;

  private ParsedEnvelope(
      BerInput in,
      List<Recipient> recipients,
      int keyBits,
      byte[] iv,
      @Nullable OctetPieces pieces) {
    this.in = in;
    this.recipients = List.copyOf(recipients);
    this.keyBits = keyBits;
    this.iv = iv;
    this.headerBytes = in.position();
    this.pieces = pieces;
    this.form = pieces != null && pieces.isConstructed()
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
    RecipientParser recipients =
        openUpToRecipients(in, ObjectIdentifiers.ENVELOPED_DATA, "EnvelopedData");
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
    requireOneFor(recipients);
    return new ParsedEnvelope(in, recipients.recipients(), keyBits, iv, content(in));
  }

  /** Opens a message of the type up to its recipients; all of it but the content is bounded. */
  static RecipientParser openUpToRecipients(BerInput in, String expectedType, String name)
      throws IOException {
    in.allowUpTo(EnvelopeEncoder.MAX_HEADER_BYTES);
    in.open(SEQUENCE, "ContentInfo");
    String type = objectIdentifier(in, "the content type");
    if (!type.equals(expectedType)) {
      throw new EnvelopeException.Unsupported(
          "CMS message: " + ObjectIdentifiers.name(type) + " (expected: " + name + ")");
    }
    in.open(CONTEXT_0 | CONSTRUCTED, "the content of ContentInfo");
    in.open(SEQUENCE, name);
    in.primitive(INTEGER, 1, "the version");
    if (in.nextTag() == (CONTEXT_0 | CONSTRUCTED)) {
      in.skipElement(); // originatorInfo
    }
    return new RecipientParser(in);
  }

  /** Refuses a message without a recipient that an RSA key opens. */
  static void requireOneFor(RecipientParser recipients) throws EnvelopeException.Unsupported {
    if (recipients.recipients().isEmpty()) {
      throw new EnvelopeException.Unsupported("recipients: " + recipients.others()
          + " (expected: at least one with RSA key transport)");
    }
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

  /** Null where the content is absent, because it is a file of its own. */
  private static @Nullable OctetPieces content(BerInput in) throws IOException {
    int tag = in.nextTag();
    if (tag == BerInput.END) {
      return null;
    }
    boolean constructed = tag == (CONTEXT_0 | CONSTRUCTED);
    long length =
        in.open(constructed ? CONTEXT_0 | CONSTRUCTED : CONTEXT_0, "the encrypted content");
    in.allowUpTo(Long.MAX_VALUE);
    return new OctetPieces(in, constructed ? -1 : length);
  }

  static String objectIdentifier(BerInput in, String name) throws IOException {
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

  /** Whether the ciphertext is a file of its own. */
  boolean isDetached() {
    return pieces == null;
  }

  /**
   * The ciphertext, piece by piece.
   *
   * @throws EnvelopeException.Unsupported where it is a file of its own
   */
  OctetPieces pieces() throws EnvelopeException.Unsupported {
    if (pieces == null) {
      throw new EnvelopeException.Unsupported("envelope: without content, which must be a file of"
          + " its own (expected: that file, with this one beside it or named as its envelope)");
    }
    return pieces;
  }

  /** Decrypts the session key. */
  ContentEncryptionKey unwrap(KeyUnwrapper unwrapper) throws EnvelopeException {
    return unwrap(recipients, keyBits, unwrapper);
  }

  static ContentEncryptionKey unwrap(
      List<Recipient> recipients, int keyBits, KeyUnwrapper unwrapper) throws EnvelopeException {
    ContentEncryptionKey key = unwrapper.unwrap(recipients, keyBits);
    if (key.bits() != keyBits) {
      int bits = key.bits();
      key.close();
      throw new EnvelopeException.KeyNotUnwrapped("session key: " + bits + " bits (expected: "
          + keyBits + ", as the content cipher takes)");
    }
    return key;
  }

  /** How the lengths before the content are stated. */
  LengthForm form() {
    return form;
  }

  /** Reads what follows the content, once all of its pieces were passed: it must be whole. */
  void finish() throws IOException {
    if (pieces != null) {
      in.close("the encrypted content");
    }
    in.close("EncryptedContentInfo");
    if (in.nextTag() == (CONTEXT_1 | CONSTRUCTED)) {
      in.skipElement(); // unprotectedAttrs
    }
    in.close("EnvelopedData");
    in.close("the content of ContentInfo");
    in.close("ContentInfo");
  }
}
