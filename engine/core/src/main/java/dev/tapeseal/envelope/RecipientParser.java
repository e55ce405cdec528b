package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.BerInput.CONSTRUCTED;
import static dev.tapeseal.envelope.BerInput.CONTEXT_0;
import static dev.tapeseal.envelope.BerInput.CONTEXT_1;
import static dev.tapeseal.envelope.BerInput.CONTEXT_2;
import static dev.tapeseal.envelope.BerInput.INTEGER;
import static dev.tapeseal.envelope.BerInput.OBJECT_IDENTIFIER;
import static dev.tapeseal.envelope.BerInput.OCTET_STRING;
import static dev.tapeseal.envelope.BerInput.SEQUENCE;
import static dev.tapeseal.envelope.BerInput.SET;

import dev.tapeseal.certificate.RecipientIdentifier;
import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import dev.tapeseal.certificate.RecipientIdentifier.SubjectKeyIdentifier;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Reads RecipientInfos (RFC 5652 section 6.2): keeps those that an RSA key opens, and names the others. How many
 * there may be is bounded by the header's length alone. It follows the standard's grammar field by field, which makes
 * it long.
 */
final class RecipientParser {
  private static final int MAX_OTHERS = 16;
  private static final int MAX_NAME_BYTES = 16 * 1024;
  private static final int MAX_SERIAL_BYTES = 64;
  private static final int MAX_KEY_IDENTIFIER_BYTES = 64;
  private static final int MAX_ENCRYPTED_KEY_BYTES = 2048;
  private static final int MAX_LABEL_BYTES = 1024;
  private static final String DEFAULT_HASH = "SHA-1"; // RFC 8017 appendix A.2.1

  private final BerInput in;
  private final List<Recipient> recipients = new ArrayList<>();
  private final List<String> others = new ArrayList<>();

  RecipientParser(BerInput in) {
    this.in = in;
  }

  /** Reads the whole SET. */
  void parse() throws IOException {
    in.open(SET, "RecipientInfos");
    while (!in.atEnd()) {
      switch (in.nextTag()) {
        case SEQUENCE -> keyTransport();
        case CONTEXT_1 | CONSTRUCTED -> skip("key agreement");
        case CONTEXT_2 | CONSTRUCTED -> skip("key encryption key");
        case CONTEXT_2 + 1 | CONSTRUCTED -> skip("password");
        default -> skip("other");
      }
    }
    in.close("RecipientInfos");
  }

  /** Those whose session key is encrypted under RSA, in the order of the header. */
  List<Recipient> recipients() {
    return recipients;
  }

  /** How the other recipients get the session key. */
  List<String> others() {
    return others;
  }

  private void skip(String kind) throws IOException {
    in.skipElement();
    other(kind);
  }

  private void keyTransport() throws IOException {
    in.open(SEQUENCE, "KeyTransRecipientInfo");
    in.primitive(INTEGER, 1, "its version");
    RecipientIdentifier identifier = identifier();
    KeyTransport keyTransport = keyTransportAlgorithm();
    byte[] encryptedKey = encryptedKey();
    in.close("KeyTransRecipientInfo");
    if (keyTransport != null) {
      recipients.add(new Recipient(identifier, keyTransport, encryptedKey));
    }
  }

  private RecipientIdentifier identifier() throws IOException {
    long start = in.position();
    if (in.nextTag() == CONTEXT_0) {
      byte[] keyIdentifier =
          in.primitive(CONTEXT_0, MAX_KEY_IDENTIFIER_BYTES, "the subject key identifier");
      if (keyIdentifier.length == 0) {
        throw new EnvelopeException.Malformed(start, "the subject key identifier is empty");
      }
      return SubjectKeyIdentifier.of(keyIdentifier);
    }
    in.open(SEQUENCE, "IssuerAndSerialNumber");
    byte[] issuer = in.element(SEQUENCE, MAX_NAME_BYTES, "the issuer's Name");
    byte[] serial = in.primitive(INTEGER, MAX_SERIAL_BYTES, "the serial number");
    in.close("IssuerAndSerialNumber");
    if (serial.length == 0) {
      throw new EnvelopeException.Malformed(start, "the serial number is empty");
    }
    try {
      return new IssuerAndSerialNumber(new X500Principal(issuer), new BigInteger(serial));
    } catch (IllegalArgumentException e) {
      throw new EnvelopeException.Malformed(start, "the issuer is not a Name");
    }
  }

  /** Notes one that is not supported; a message needs no more than a few of thousands. */
  private void other(String kind) {
    if (others.size() < MAX_OTHERS) {
      others.add(kind);
    }
  }

  /** Null, and noted among the others, where it is none that is supported. */
  private @Nullable KeyTransport keyTransportAlgorithm() throws IOException {
    in.open(SEQUENCE, "the key encryption algorithm");
    String algorithm = objectIdentifier();
    KeyTransport keyTransport = null;
    if (algorithm.equals(ObjectIdentifiers.RSA_ENCRYPTION)) {
      keyTransport = new KeyTransport.Pkcs1();
      skipRest();
    } else if (algorithm.equals(ObjectIdentifiers.RSAES_OAEP)) {
      keyTransport = oaep();
    } else {
      other("key transport by " + ObjectIdentifiers.name(algorithm));
      skipRest();
    }
    in.close("the key encryption algorithm");
    return keyTransport;
  }

  /** RSAES-OAEP-params, every field of which has a default. */
  private @Nullable KeyTransport oaep() throws IOException {
    String hash = DEFAULT_HASH;
    String mgf1Hash = DEFAULT_HASH;
    boolean emptyLabel = true;
    if (!in.atEnd() && in.nextTag() == SEQUENCE) {
      in.open(SEQUENCE, "RSAES-OAEP-params");
      if (in.nextTag() == (CONTEXT_0 | CONSTRUCTED)) {
        in.open(CONTEXT_0 | CONSTRUCTED, "the hash");
        hash = hash();
        in.close("the hash");
      }
      if (in.nextTag() == (CONTEXT_1 | CONSTRUCTED)) {
        in.open(CONTEXT_1 | CONSTRUCTED, "the mask generation function");
        in.open(SEQUENCE, "the mask generation function");
        String function = objectIdentifier();
        mgf1Hash =
            function.equals(ObjectIdentifiers.MGF1) ? hash() : ObjectIdentifiers.name(function);
        skipRest();
        in.close("the mask generation function");
        in.close("the mask generation function");
      }
      if (in.nextTag() == (CONTEXT_2 | CONSTRUCTED)) {
        emptyLabel = isEmptyLabel();
      }
      in.close("RSAES-OAEP-params");
    } else {
      skipRest();
    }
    if (!ObjectIdentifiers.HASHES.containsValue(hash)
        || !ObjectIdentifiers.HASHES.containsValue(mgf1Hash)
        || !emptyLabel) {
      other("RSAES-OAEP " + hash + " MGF1 " + mgf1Hash + (emptyLabel ? "" : " with a label"));
      return null;
    }
    return new KeyTransport.Oaep(hash, mgf1Hash);
  }

  private String hash() throws IOException {
    in.open(SEQUENCE, "a hash algorithm");
    String hash = objectIdentifier();
    skipRest();
    in.close("a hash algorithm");
    return ObjectIdentifiers.HASHES.getOrDefault(hash, ObjectIdentifiers.name(hash));
  }

  /** Whether the label is the empty one, which is the only one that is supported. */
  private boolean isEmptyLabel() throws IOException {
    in.open(CONTEXT_2 | CONSTRUCTED, "the label");
    in.open(SEQUENCE, "the label");
    boolean specified = objectIdentifier().equals(ObjectIdentifiers.P_SPECIFIED);
    boolean empty =
        in.atEnd() || in.primitive(OCTET_STRING, MAX_LABEL_BYTES, "the label").length == 0;
    in.close("the label");
    in.close("the label");
    return specified && empty;
  }

  /** Primitive, or in pieces. */
  private byte[] encryptedKey() throws IOException {
    long start = in.position();
    boolean constructed = in.nextTag() == (OCTET_STRING | CONSTRUCTED);
    long length =
        in.open(constructed ? OCTET_STRING | CONSTRUCTED : OCTET_STRING, "the encrypted key");
    OctetPieces pieces = new OctetPieces(in, constructed ? -1 : length);
    byte[] key = new byte[MAX_ENCRYPTED_KEY_BYTES];
    int read = 0;
    while (pieces.next()) {
      if (pieces.length() > key.length - read) {
        throw new EnvelopeException.Malformed(
            start, "the encrypted key has more than " + MAX_ENCRYPTED_KEY_BYTES + " bytes");
      }
      in.readFully(key, read, (int) pieces.length());
      read += (int) pieces.length();
    }
    in.close("the encrypted key");
    return Arrays.copyOf(key, read);
  }

  private String objectIdentifier() throws IOException {
    return ObjectIdentifiers.dotted(
        in.primitive(OBJECT_IDENTIFIER, ObjectIdentifiers.MAX_BYTES, "an OBJECT IDENTIFIER"));
  }

  private void skipRest() throws IOException {
    while (!in.atEnd()) {
      in.skipElement();
    }
  }
}
