package dev.tapeseal.keystore;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PBEParameter;

/**
 * What it costs Java to open a JKS or JCEKS key store, counted before it is done. JKS derives nothing; in JCEKS each
 * entry says how many iterations its key takes. Walks through the file as Java's reader does, so that no length in it
 * is believed that the file does not have.
 *
 * <p>A secret key of JCEKS is a serialized Java object, which nobody should read to see what it costs: from the first
 * one on every entry counts as the most that Java takes.
 */
final class JavaStoreCost {
  private static final int PRIVATE_KEY = 1;
  private static final int CERTIFICATE = 2;
  private static final int SECRET_KEY = 3;

  /** What Java refuses more than, for each key. */
  private static final long MOST_OF_JAVA = 5_000_000;

  private static final ASN1ObjectIdentifier PBE_WITH_MD5_AND_TRIPLE_DES =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.42.2.19.1");

  private final DataInputStream in;
  private final DerivationCost cost;

  private JavaStoreCost(byte[] bytes, String source) {
    this.in = new DataInputStream(new ByteArrayInputStream(bytes));
    this.cost = new DerivationCost(source);
  }

  /**
   * Refuses a file that costs too much, whatever its password is. Nothing is derived.
   *
   * @throws RecordingKeyStoreException.Unreadable where it does, or is cut short or otherwise damaged
   */
  static void check(byte[] bytes, String source) throws RecordingKeyStoreException.Unreadable {
    try {
      new JavaStoreCost(bytes, source).walk();
    } catch (PrivateKeyException e) {
      throw new RecordingKeyStoreException.Unreadable(String.valueOf(e.getMessage()), e);
    } catch (IOException
        | RuntimeException e) { // RuntimeException: Bouncy Castle's, at bad parameters
      throw new RecordingKeyStoreException.Unreadable(
          source + ": the key store is damaged (take one of its kept versions, or a backup)", e);
    }
  }

  private void walk() throws IOException, PrivateKeyException {
    in.readInt(); // the magic number, by which the caller knows it
    boolean namesTypes =
        in.readInt() > 1; // the version; the first does not say what certificates are
    int entries = in.readInt();
    for (int i = 0; i < entries; i++) {
      int tag = in.readInt();
      in.readUTF(); // the alias
      in.readLong(); // when it was made
      switch (tag) {
        case PRIVATE_KEY -> {
          addKey(content());
          for (int left = in.readInt(); left > 0; left--) {
            skipCertificate(namesTypes);
          }
        }
        case CERTIFICATE -> skipCertificate(namesTypes);
        case SECRET_KEY -> {
          cost.add(MOST_OF_JAVA * (entries - i));
          return;
        }
        default -> throw new IOException("entry of kind " + tag);
      }
    }
  }

  private void skipCertificate(boolean namesType) throws IOException {
    if (namesType) {
      in.readUTF();
    }
    content();
  }

  private byte[] content() throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("length " + length + " of " + in.available() + " bytes");
    }
    return in.readNBytes(length);
  }

  private void addKey(byte[] encrypted) throws PrivateKeyException {
    var encryption = EncryptedPrivateKeyInfo.getInstance(encrypted).getEncryptionAlgorithm();
    if (encryption.getAlgorithm().equals(PBE_WITH_MD5_AND_TRIPLE_DES)) {
      cost.add(PBEParameter.getInstance(encryption.getParameters()).getIterationCount());
    } // the other one that Java reads, JKS's own, hashes the password once
  }
}
