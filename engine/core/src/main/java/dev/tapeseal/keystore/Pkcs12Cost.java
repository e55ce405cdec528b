package dev.tapeseal.keystore;

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

/** What it costs Java to open a PKCS#12 key store, counted before it is done. */
final class Pkcs12Cost {
  private final DerivationCost cost;

  private Pkcs12Cost(String source) {
    this.cost = new DerivationCost(source);
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
      cost.add(Pkcs12Mac.iterations(mac));
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
      cost.add(PBEParameter.getInstance(encryption.getParameters()).getIterationCount());
      return;
    }
    var function = PBES2Parameters.getInstance(encryption.getParameters()).getKeyDerivationFunc();
    if (function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) { // Java knows no other
      cost.add(PBKDF2Params.getInstance(function.getParameters()).getIterationCount());
    }
  }
}
