package dev.tapeseal.keystore;

import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.AuthenticatedSafe;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedData;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.PBEParameter;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.SafeBag;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * What it costs Java to open a PKCS#12 key store, counted before it is done: Java takes up to 5,000,000 iterations for
 * each key of a file, which for a file of a thousand keys is an hour.
 */
final class Pkcs12Cost {
  /** Over all keys of a file: 5,000 as Java writes them cost half of it. */
  private static final long MAX_TOTAL_ITERATIONS = 100_000_000;

  private final String source;
  private long total;

  private Pkcs12Cost(String source) {
    this.source = source;
  }

  /**
   * Refuses a file that costs too much, whatever its password is. Nothing is derived.
   *
   * @throws RecordingKeyStoreException.Unreadable where it does, or is no PKCS#12
   */
  static void check(byte[] der, String source) throws RecordingKeyStoreException.Unreadable {
    try {
      new Pkcs12Cost(source).add(Pfx.getInstance(der));
    } catch (PrivateKeyException e) {
      throw new RecordingKeyStoreException.Unreadable(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) { // what Bouncy Castle throws at bytes that are no such structure
      throw new RecordingKeyStoreException.Unreadable(
          source + ": the PKCS12 key store is damaged (take one of its kept versions, or a backup)",
          e);
    }
  }

  private void add(Pfx pfx) throws PrivateKeyException {
    MacData mac = pfx.getMacData();
    if (mac != null) {
      add(Pkcs12Mac.iterations(mac));
    }
    if (!pfx.getAuthSafe().getContentType().equals(PKCSObjectIdentifiers.data)) {
      return; // Java opens no other kind
    }
    byte[] content = ASN1OctetString.getInstance(pfx.getAuthSafe().getContent()).getOctets();
    for (ContentInfo safe : AuthenticatedSafe.getInstance(content).getContentInfo()) {
      if (safe.getContentType().equals(PKCSObjectIdentifiers.encryptedData)) {
        add(EncryptedData.getInstance(safe.getContent()).getEncryptionAlgorithm());
      } else if (safe.getContentType().equals(PKCSObjectIdentifiers.data)) {
        addBags(ASN1OctetString.getInstance(safe.getContent()).getOctets());
      }
    }
  }

  private void addBags(byte[] bags) throws PrivateKeyException {
    for (ASN1Encodable element : ASN1Sequence.getInstance(bags)) {
      SafeBag bag = SafeBag.getInstance(element);
      ASN1ObjectIdentifier type = bag.getBagId();
      if (type.equals(PKCSObjectIdentifiers.pkcs8ShroudedKeyBag)) {
        add(EncryptedPrivateKeyInfo.getInstance(bag.getBagValue()).getEncryptionAlgorithm());
      }
    }
  }

  private void add(AlgorithmIdentifier encryption) throws PrivateKeyException {
    if (!encryption.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
      add(PBEParameter.getInstance(encryption.getParameters()).getIterationCount());
      return;
    }
    var function = PBES2Parameters.getInstance(encryption.getParameters()).getKeyDerivationFunc();
    if (function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) { // Java knows no other
      add(PBKDF2Params.getInstance(function.getParameters()).getIterationCount());
    }
  }

  private void add(BigInteger iterations) throws PrivateKeyException {
    total += KeyDerivation.iterations(iterations, source);
    if (total > MAX_TOTAL_ITERATIONS) {
      throw new PrivateKeyException.TooCostly(source + ": more than " + MAX_TOTAL_ITERATIONS
          + " iterations to derive all its keys from the password (expected: at most that)");
    }
  }
}
