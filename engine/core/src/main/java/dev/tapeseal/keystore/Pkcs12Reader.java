package dev.tapeseal.keystore;

import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.certificate.Pem;
import dev.tapeseal.certificate.RecordingCertificate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.AuthenticatedSafe;
import org.bouncycastle.asn1.pkcs.CertBag;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedData;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.SafeBag;
import org.jspecify.annotations.Nullable;

/**
 * Reads a PKCS#12 file (RFC 7292) that somebody else made: one RSA key, and certificates. Not through Java's own
 * KeyStore, since here the file says how much deriving a key from the password costs, so each cost is bounded before
 * anything is derived; and so are the number of bags and their nesting.
 */
final class Pkcs12Reader {
  private static final int MAX_BAGS = 200;
  private static final int MAX_ENCRYPTED_PARTS = 5;

  private final String source;
  private final @Nullable KeyPassword password;
  private final List<RecordingCertificate> certificates = new ArrayList<>();
  private @Nullable RecordingKey key;
  private final boolean keysWanted;
  private int bags;
  private int encryptedParts;

  private Pkcs12Reader(String source, @Nullable KeyPassword password, boolean keysWanted) {
    this.source = source;
    this.password = password;
    this.keysWanted = keysWanted;
  }

  /** What a file holds: a key, which the caller closes, and all its certificates in the file's order. */
  record Contents(RecordingKey key, List<RecordingCertificate> certificates, String source) {

    /**
     * Takes over the key.
     *
     * @param others certificates from elsewhere, which win; so does the chain
     */
    KeyMaterial toMaterial(List<RecordingCertificate> others, List<RecordingCertificate> chain)
        throws PrivateKeyException {
      List<RecordingCertificate> candidates = others.isEmpty() ? certificates : others;
      if (candidates.isEmpty()) {
        key.close();
        throw new PrivateKeyException.NotForCertificate(
            source + ": no certificate in it (expected: the key's; give it with --cert)");
      }
      return KeyMaterial.ofAny(key, candidates, chain.isEmpty() ? chainOf(candidates) : chain);
    }

    /** The issuers of the key's certificate, as far as the file has them. */
    private List<RecordingCertificate> chainOf(List<RecordingCertificate> candidates) {
      List<RecordingCertificate> chain = new ArrayList<>();
      RecordingCertificate below =
          candidates.stream().filter(key::matches).findFirst().orElse(candidates.get(0));
      while (chain.size() < MAX_BAGS) {
        RecordingCertificate lower = below;
        RecordingCertificate issuer = certificates.stream()
            .filter(other -> !other.equals(lower)
                && !chain.contains(other)
                && lower
                    .x509()
                    .getIssuerX500Principal()
                    .equals(other.x509().getSubjectX500Principal()))
            .findFirst()
            .orElse(null);
        if (issuer == null
            || lower
                .x509()
                .getIssuerX500Principal()
                .equals(lower.x509().getSubjectX500Principal())) {
          return chain;
        }
        chain.add(issuer);
        below = issuer;
      }
      return chain;
    }
  }

  /**
   * Reads a file; the bytes stay the caller's.
   *
   * @throws PrivateKeyException where it cannot serve; which kind tells why
   */
  static Contents read(byte[] der, String source, @Nullable KeyPassword password)
      throws PrivateKeyException {
    Pkcs12Reader reader = new Pkcs12Reader(source, password, true);
    reader.readWhole(der);
    RecordingKey key = reader.key;
    if (key == null) {
      throw new PrivateKeyException.Unreadable(
          source + ": no private key in it (expected: one RSA key, in PEM or PKCS#12)");
    }
    return new Contents(key, List.copyOf(reader.certificates), source);
  }

  /** Reads the certificates of a file, and passes over keys; the bytes stay the caller's. */
  static List<RecordingCertificate> readCertificates(
      byte[] der, String source, @Nullable KeyPassword password) throws PrivateKeyException {
    Pkcs12Reader reader = new Pkcs12Reader(source, password, false);
    reader.readWhole(der);
    return List.copyOf(reader.certificates);
  }

  private void readWhole(byte[] der) throws PrivateKeyException {
    boolean complete = false;
    try {
      readPfx(Pfx.getInstance(der));
      complete = true;
    } catch (RuntimeException e) { // what Bouncy Castle throws at bytes that are no such structure
      throw new PrivateKeyException.Unreadable(
          source + ": neither PEM nor an undamaged PKCS#12 file (expected: one of them)");
    } finally {
      if (!complete && key != null) {
        key.close();
      }
    }
  }

  private void readPfx(Pfx pfx) throws PrivateKeyException {
    ContentInfo authSafe = pfx.getAuthSafe();
    if (!authSafe.getContentType().equals(PKCSObjectIdentifiers.data)) {
      throw new PrivateKeyException.Unreadable(
          source + ": PKCS#12 in public-key mode (expected: one under a password)");
    }
    byte[] content = ASN1OctetString.getInstance(authSafe.getContent()).getOctets();
    MacData mac = pfx.getMacData();
    if (mac != null) {
      Pkcs12Mac.verify(mac, content, requirePassword(), source);
    }
    ContentInfo[] safes = AuthenticatedSafe.getInstance(content).getContentInfo();
    for (ContentInfo safe : safes) {
      countBag();
      if (safe.getContentType().equals(PKCSObjectIdentifiers.data)) {
        readBags(ASN1OctetString.getInstance(safe.getContent()).getOctets());
      } else if (safe.getContentType().equals(PKCSObjectIdentifiers.encryptedData)) {
        EncryptedData encrypted = EncryptedData.getInstance(safe.getContent());
        byte[] bagsDer = Pkcs8Encryption.decrypt(
            encrypted.getEncryptionAlgorithm(),
            encrypted.getContent().getOctets(),
            source,
            requirePassword());
        try {
          readBags(bagsDer);
        } finally {
          Arrays.fill(bagsDer, (byte) 0);
        }
      } else {
        throw new PrivateKeyException.Unreadable(
            source + ": PKCS#12 in public-key mode (expected: one under a password)");
      }
    }
  }

  private void readBags(byte[] der) throws PrivateKeyException {
    for (ASN1Encodable element : ASN1Sequence.getInstance(der)) {
      countBag();
      SafeBag bag = SafeBag.getInstance(element);
      ASN1ObjectIdentifier type = bag.getBagId();
      if (type.equals(PKCSObjectIdentifiers.keyBag) && keysWanted) {
        take(encoded(bag.getBagValue()));
      } else if (type.equals(PKCSObjectIdentifiers.pkcs8ShroudedKeyBag) && keysWanted) {
        byte[] encrypted = encoded(bag.getBagValue());
        requireNoKey();
        take(Pkcs8Encryption.decrypt(encrypted, source, requirePassword()));
      } else if (type.equals(PKCSObjectIdentifiers.certBag)) {
        certificate(CertBag.getInstance(bag.getBagValue()));
      } // CRLs, secrets and whatever else there may be are nobody's recording key
    }
  }

  private void take(byte[] pkcs8) throws PrivateKeyException {
    try {
      requireNoKey();
      key = new RecordingKey(RsaKeyDecoder.pkcs8(pkcs8, source), source);
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  private void requireNoKey() throws PrivateKeyException {
    if (key != null) {
      throw new PrivateKeyException.Unreadable(
          source + ": more than one private key (expected: 1 in a file); export each into a file of"
              + " its own");
    }
  }

  private void certificate(CertBag bag) throws PrivateKeyException {
    if (!bag.getCertId().equals(PKCSObjectIdentifiers.x509Certificate)) {
      return;
    }
    byte[] der = ASN1OctetString.getInstance(bag.getCertValue()).getOctets();
    try {
      certificates.addAll(RecordingCertificate.parse(Pem.encode("CERTIFICATE", der), source));
    } catch (CertificateUnreadableException e) {
      throw new PrivateKeyException.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private void countBag() throws PrivateKeyException {
    if (++bags > MAX_BAGS) {
      throw new PrivateKeyException.Unreadable(
          source + ": more than " + MAX_BAGS + " PKCS#12 bags (expected: a key and its chain)");
    }
  }

  /** Called before each derivation of a key: their number is bounded as the cost of each is. */
  private KeyPassword requirePassword() throws PrivateKeyException {
    if (++encryptedParts > MAX_ENCRYPTED_PARTS) {
      throw new PrivateKeyException.TooCostly(source + ": more than " + MAX_ENCRYPTED_PARTS
          + " parts to derive keys for (expected: a key, its chain, and the MAC over both)");
    }
    if (password == null) {
      throw new PrivateKeyException.PasswordMissing(
          source + ": the private key is encrypted (expected: its password)");
    }
    return password;
  }

  private static byte[] encoded(ASN1Encodable value) {
    try {
      return value.toASN1Primitive().getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalArgumentException("not encodable", e);
    }
  }
}
