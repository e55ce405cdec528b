package dev.tapeseal.keystore;

import static org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_aes128_CBC;
import static org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_aes192_CBC;
import static org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_aes256_CBC;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.des_EDE3_CBC;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_PBES2;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.pbeWithMD5AndDES_CBC;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.pbeWithSHA1AndDES_CBC;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.pbeWithSHAAnd40BitRC2_CBC;

import java.util.Arrays;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PBEParameter;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.digests.MD5Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.generators.PKCS12ParametersGenerator;
import org.bouncycastle.crypto.generators.PKCS5S1ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * Decrypts EncryptedPrivateKeyInfo (RFC 5958): PBES2 as OpenSSL writes it today, PBES1 with DES, and PKCS#12's
 * triple DES and RC2, as it wrote them ten years ago.
 */
final class Pkcs8Encryption {
  private static final Map<ASN1ObjectIdentifier, CbcCipher> PBES2_CIPHERS = Map.of(
      id_aes128_CBC,
      CbcCipher.AES_128,
      id_aes192_CBC,
      CbcCipher.AES_192,
      id_aes256_CBC,
      CbcCipher.AES_256,
      des_EDE3_CBC,
      CbcCipher.DES_EDE3,
      OIWObjectIdentifiers.desCBC,
      CbcCipher.DES);

  private final String source;
  private final KeyPassword password;

  private Pkcs8Encryption(String source, KeyPassword password) {
    this.source = source;
    this.password = password;
  }

  /** The PrivateKeyInfo, which the caller wipes. */
  static byte[] decrypt(byte[] der, String source, KeyPassword password)
      throws PrivateKeyException {
    try {
      EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(der);
      return new Pkcs8Encryption(source, password)
          .decrypt(info.getEncryptionAlgorithm(), info.getEncryptedData());
    } catch (RuntimeException e) { // what Bouncy Castle throws at bytes that are no such structure
      throw new PrivateKeyException.Unreadable(
          source + ": the encrypted private key is damaged (expected: EncryptedPrivateKeyInfo)");
    }
  }

  /**
   * Decrypts what the same schemes encrypt in PKCS#12 files; the caller wipes the result.
   *
   * @throws RuntimeException of any kind where the algorithm's parameters are damaged
   */
  static byte[] decrypt(
      AlgorithmIdentifier algorithm, byte[] ciphertext, String source, KeyPassword password)
      throws PrivateKeyException {
    return new Pkcs8Encryption(source, password).decrypt(algorithm, ciphertext);
  }

  private byte[] decrypt(AlgorithmIdentifier algorithm, byte[] ciphertext)
      throws PrivateKeyException {
    ASN1ObjectIdentifier scheme = algorithm.getAlgorithm();
    if (scheme.equals(id_PBES2)) {
      return pbes2(PBES2Parameters.getInstance(algorithm.getParameters()), ciphertext);
    }
    if (scheme.equals(pbeWithMD5AndDES_CBC)) {
      return pbes1(algorithm, new MD5Digest(), ciphertext);
    }
    if (scheme.equals(pbeWithSHA1AndDES_CBC)) {
      return pbes1(algorithm, new SHA1Digest(), ciphertext);
    }
    if (scheme.equals(pbeWithSHAAnd3_KeyTripleDES_CBC)) {
      return pkcs12(algorithm, CbcCipher.DES_EDE3, ciphertext);
    }
    if (scheme.equals(pbeWithSHAAnd40BitRC2_CBC)) {
      return pkcs12(algorithm, CbcCipher.RC2_40, ciphertext);
    }
    throw unsupported("scheme", scheme);
  }

  private byte[] pbes2(PBES2Parameters parameters, byte[] ciphertext) throws PrivateKeyException {
    var scheme = parameters.getEncryptionScheme();
    CbcCipher cipher = PBES2_CIPHERS.get(scheme.getAlgorithm());
    if (cipher == null) {
      throw unsupported("cipher", scheme.getAlgorithm());
    }
    byte[] iv = ASN1OctetString.getInstance(scheme.getParameters()).getOctets();
    if (iv.length != cipher.blockBytes()) {
      throw new PrivateKeyException.Unreadable(
          source + ": IV: " + iv.length + " bytes (expected: " + cipher.blockBytes() + ")");
    }
    byte[] key = KeyDerivation.derive(parameters.getKeyDerivationFunc(), cipher, password, source);
    try {
      return cipher.decrypt(ciphertext, new ParametersWithIV(new KeyParameter(key), iv), source);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private byte[] pbes1(AlgorithmIdentifier algorithm, Digest digest, byte[] ciphertext)
      throws PrivateKeyException {
    return decrypt(
        algorithm,
        new PKCS5S1ParametersGenerator(digest),
        password.bytes(),
        CbcCipher.DES,
        ciphertext);
  }

  private byte[] pkcs12(AlgorithmIdentifier algorithm, CbcCipher cipher, byte[] ciphertext)
      throws PrivateKeyException {
    char[] chars = password.copyChars();
    byte[] bytes = PBEParametersGenerator.PKCS12PasswordToBytes(chars);
    try {
      return decrypt(
          algorithm, new PKCS12ParametersGenerator(new SHA1Digest()), bytes, cipher, ciphertext);
    } finally {
      Arrays.fill(chars, '\0');
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** For the schemes that derive key and IV alike. */
  private byte[] decrypt(
      AlgorithmIdentifier algorithm,
      PBEParametersGenerator derivation,
      byte[] passwordBytes,
      CbcCipher cipher,
      byte[] ciphertext)
      throws PrivateKeyException {
    PBEParameter parameters = PBEParameter.getInstance(algorithm.getParameters());
    int iterations = KeyDerivation.iterations(parameters.getIterationCount(), source);
    derivation.init(passwordBytes, parameters.getSalt(), iterations);
    CipherParameters keyAndIv =
        derivation.generateDerivedParameters(cipher.keyBits(), cipher.blockBytes() * Byte.SIZE);
    return cipher.decrypt(ciphertext, keyAndIv, source);
  }

  private PrivateKeyException unsupported(String part, ASN1ObjectIdentifier oid) {
    return new PrivateKeyException.Unreadable(source + ": encrypted with a " + part
        + " that is not supported, " + oid + " (expected: PBES2 with AES or triple DES); encrypt it"
        + " anew with openssl pkcs8 -topk8");
  }
}
