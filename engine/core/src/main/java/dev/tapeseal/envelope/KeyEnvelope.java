package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.BerInput.CONSTRUCTED;
import static dev.tapeseal.envelope.BerInput.CONTEXT_0;
import static dev.tapeseal.envelope.BerInput.CONTEXT_1;
import static dev.tapeseal.envelope.BerInput.CONTEXT_2;
import static dev.tapeseal.envelope.BerInput.INTEGER;
import static dev.tapeseal.envelope.BerInput.OCTET_STRING;
import static dev.tapeseal.envelope.BerInput.SEQUENCE;
import static dev.tapeseal.envelope.BerInput.SET;
import static dev.tapeseal.envelope.EnvelopeEncoder.element;
import static dev.tapeseal.envelope.EnvelopeEncoder.encoded;

import dev.tapeseal.content.ContentEncryptionKey;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.GCMParameters;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * The envelope of a sealed recording's key: a CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084), nonce 12
 * and tag 16 bytes. It is small and held whole, so nothing of it is used that was not verified. What others wrote is
 * read too, in any BER, with authenticated attributes or without.
 *
 * <p>It follows the standard's grammar field by field, which makes it long.
 */
final class KeyEnvelope {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int MAX_BUNDLE_BYTES = 16 * 1024;
  private static final int MAX_ATTRIBUTES_BYTES = 16 * 1024;
  private static final int KEY_BITS = ContentEncryptionKey.KEY_BITS;

  private final Armour armour;
  private final LengthForm form;
  private final List<Recipient> recipients;
  private final byte[] nonce;
  private final byte[] ciphertext; // and the tag
  private final byte[] attributes;

  private KeyEnvelope(
      Armour armour,
      LengthForm form,
      List<Recipient> recipients,
      byte[] nonce,
      byte[] ciphertext,
      byte[] attributes) {
    this.armour = armour;
    this.form = form;
    this.recipients = List.copyOf(recipients);
    this.nonce = nonce;
    this.ciphertext = ciphertext;
    this.attributes = attributes;
  }

  /** A key envelope in DER around a bundle. */
  static byte[] seal(
      RecipientInfos recipientInfos,
      ContentEncryptionKey key,
      KeyBundle bundle,
      SecureRandom random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] json = bundle.toJson();
    byte[] sealed;
    try {
      sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce).doFinal(json);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM takes every bundle", e);
    } finally {
      Arrays.fill(json, (byte) 0);
    }
    int length = sealed.length - TAG_BYTES;
    byte[] encryptedContentInfo = element(
        SEQUENCE,
        encoded(CMSObjectIdentifiers.data),
        encoded(new AlgorithmIdentifier(
            NISTObjectIdentifiers.id_aes256_GCM, new GCMParameters(nonce, TAG_BYTES))),
        element(CONTEXT_0, Arrays.copyOf(sealed, length)));
    byte[] authEnvelopedData = element(
        SEQUENCE,
        encoded(new ASN1Integer(0)), // version
        recipientInfos.der(),
        encryptedContentInfo,
        encoded(new DEROctetString(Arrays.copyOfRange(sealed, length, sealed.length))));
    return element(
        SEQUENCE, // ContentInfo
        encoded(CMSObjectIdentifiers.authEnvelopedData),
        element(CONTEXT_0 | CONSTRUCTED, authEnvelopedData));
  }

  /**
   * Reads a key envelope, without opening it.
   *
   * @throws EnvelopeException.Malformed where it is none
   * @throws EnvelopeException.Unsupported where it is of a kind, or with an algorithm, that cannot be read
   */
  static KeyEnvelope read(SeekableByteChannel file) throws IOException {
    Armour.Opened<SeekableByteChannel> opened = Armour.open(file);
    BerInput in = new BerInput(opened.message());
    RecipientParser recipients = ParsedEnvelope.openUpToRecipients(
        in, ObjectIdentifiers.AUTH_ENVELOPED_DATA, "AuthEnvelopedData");
    recipients.parse();
    in.open(SEQUENCE, "EncryptedContentInfo");
    ParsedEnvelope.objectIdentifier(in, "the encrypted content's type");
    byte[] nonce = readAlgorithm(in);
    byte[] content = readContent(in);
    in.close("EncryptedContentInfo");
    byte[] attributes = {};
    if (in.nextTag() == (CONTEXT_1 | CONSTRUCTED)) {
      attributes =
          in.element(CONTEXT_1 | CONSTRUCTED, MAX_ATTRIBUTES_BYTES, "the authenticated attributes");
      attributes[0] = SET; // under the tag they have their own type (RFC 5083 section 2.2)
    }
    byte[] tag = in.primitive(OCTET_STRING, TAG_BYTES, "the MAC");
    if (tag.length != TAG_BYTES) {
      throw new EnvelopeException.Unsupported(
          "key envelope: a MAC of " + tag.length + " bytes (expected: " + TAG_BYTES + ")");
    }
    if (in.nextTag() == (CONTEXT_2 | CONSTRUCTED)) {
      in.skipElement(); // unauthAttrs
    }
    in.close("AuthEnvelopedData");
    in.close("the content of ContentInfo");
    in.close("ContentInfo");
    ParsedEnvelope.requireOneFor(recipients);
    byte[] ciphertext = Arrays.copyOf(content, content.length + TAG_BYTES);
    System.arraycopy(tag, 0, ciphertext, content.length, TAG_BYTES);
    return new KeyEnvelope(
        opened.armour(),
        in.hasMinimalLengths() ? LengthForm.DER : LengthForm.INDEFINITE,
        recipients.recipients(),
        nonce,
        ciphertext,
        attributes);
  }

  private static byte[] readAlgorithm(BerInput in) throws IOException {
    in.open(SEQUENCE, "the content encryption algorithm");
    String cipher = ParsedEnvelope.objectIdentifier(in, "the content encryption algorithm");
    if (!cipher.equals(ObjectIdentifiers.AES_256_GCM)) {
      throw new EnvelopeException.Unsupported(
          "key envelope: " + ObjectIdentifiers.name(cipher) + " (expected: AES-256-GCM)");
    }
    in.open(SEQUENCE, "GCMParameters");
    byte[] nonce = in.primitive(OCTET_STRING, NONCE_BYTES, "the nonce");
    int tagBytes = in.atEnd() ? 12 : in.primitive(INTEGER, 1, "the MAC's length")[0];
    in.close("GCMParameters");
    in.close("the content encryption algorithm");
    if (nonce.length != NONCE_BYTES || tagBytes != TAG_BYTES) {
      throw new EnvelopeException.Unsupported("key envelope: nonce of " + nonce.length
          + " bytes, MAC of " + tagBytes + " (expected: " + NONCE_BYTES + " and " + TAG_BYTES
          + ")");
    }
    return nonce;
  }

  private static byte[] readContent(BerInput in) throws IOException {
    long start = in.position();
    boolean constructed = in.nextTag() == (CONTEXT_0 | CONSTRUCTED);
    long length =
        in.open(constructed ? CONTEXT_0 | CONSTRUCTED : CONTEXT_0, "the encrypted content");
    OctetPieces pieces = new OctetPieces(in, constructed ? -1 : length);
    byte[] content = new byte[MAX_BUNDLE_BYTES];
    int read = 0;
    while (pieces.next()) {
      if (pieces.length() > content.length - read) {
        throw new EnvelopeException.Malformed(
            start, "the encrypted content has more than " + MAX_BUNDLE_BYTES + " bytes");
      }
      in.readFully(content, read, (int) pieces.length());
      read += (int) pieces.length();
    }
    in.close("the encrypted content");
    return Arrays.copyOf(content, read);
  }

  Armour armour() {
    return armour;
  }

  LengthForm form() {
    return form;
  }

  /** The recipients with RSA key transport, at least one. */
  List<Recipient> recipients() {
    return recipients;
  }

  /**
   * Opens it.
   *
   * @return what the caller closes
   * @throws EnvelopeException.Damaged where it is not what was sealed, or the unwrapped key is another's
   */
  KeyBundle open(KeyUnwrapper unwrapper) throws EnvelopeException {
    byte[] json;
    try (ContentEncryptionKey key = ParsedEnvelope.unwrap(recipients, KEY_BITS, unwrapper)) {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce);
      cipher.updateAAD(attributes);
      json = cipher.doFinal(ciphertext);
    } catch (AEADBadTagException e) {
      throw new EnvelopeException.Damaged("key envelope: is not what was sealed: it was changed,"
          + " or the key that was unwrapped is another's");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM takes every key and nonce of these lengths", e);
    }
    try {
      return KeyBundle.read(json);
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  private static Cipher cipher(int mode, ContentEncryptionKey key, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.forCipher(), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    return cipher;
  }
}
