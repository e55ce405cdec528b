package dev.tapeseal.keystore;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/**
 * Reads RSA private keys from DER: two primes, and numbers that belong together, since a key that is off by one bit
 * would decrypt to noise or give a prime away.
 */
final class RsaKeyDecoder {
  /** What a modulus may have, so that a file cannot make a single decryption last for minutes. */
  static final int MAX_MODULUS_BITS = 16_384;

  private static final int PKCS1_NUMBERS = 9;
  private static final Map<String, String> OTHER_KEYS = Map.of(
      "1.2.840.10045.2.1", "EC",
      "1.2.840.10040.4.1", "DSA",
      "1.2.840.113549.1.1.10", "RSASSA-PSS",
      "1.2.840.113549.1.3.1", "DH",
      "1.3.101.110", "X25519",
      "1.3.101.112", "Ed25519",
      "1.3.101.113", "Ed448");

  private RsaKeyDecoder() {}

  /** An RSAPrivateKey (RFC 8017 appendix A.1.2). */
  static RSAPrivateCrtKey pkcs1(byte[] der, String source) throws PrivateKeyException {
    try {
      return key(ASN1Sequence.getInstance(der), source);
    } catch (RuntimeException e) { // what Bouncy Castle throws at bytes that are no such structure
      throw damaged(source);
    }
  }

  /** A PrivateKeyInfo (RFC 5958). */
  static RSAPrivateCrtKey pkcs8(byte[] der, String source) throws PrivateKeyException {
    try {
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(der);
      var algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
      if (!algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
        String name = OTHER_KEYS.getOrDefault(algorithm.getId(), algorithm.getId());
        throw new PrivateKeyException.NotRsa(
            source + ": a private key for " + name + " (expected: RSA)");
      }
      return key(ASN1Sequence.getInstance(info.getPrivateKey().getOctets()), source);
    } catch (RuntimeException e) {
      throw damaged(source);
    }
  }

  private static RSAPrivateCrtKey key(ASN1Sequence numbers, String source)
      throws PrivateKeyException {
    int version = ASN1Integer.getInstance(numbers.getObjectAt(0)).intValueExact();
    if (version == 1 || numbers.size() == PKCS1_NUMBERS + 1) {
      throw new PrivateKeyException.MultiPrime(source
          + ": an RSA key of more than two primes (expected: two); make a new key pair, and rewrap"
          + " old recordings with the program that made this one");
    }
    if (version != 0 || numbers.size() != PKCS1_NUMBERS) {
      throw damaged(source);
    }
    BigInteger modulus = number(numbers, 1);
    if (modulus.bitLength() > MAX_MODULUS_BITS) {
      throw new PrivateKeyException.Unreadable(source + ": RSA modulus: " + modulus.bitLength()
          + " bits (expected: <= " + MAX_MODULUS_BITS + ")");
    }
    var spec = new RSAPrivateCrtKeySpec(
        modulus,
        number(numbers, 2),
        number(numbers, 3),
        number(numbers, 4),
        number(numbers, 5),
        number(numbers, 6),
        number(numbers, 7),
        number(numbers, 8));
    requireConsistent(spec, source);
    try {
      return (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(spec);
    } catch (GeneralSecurityException e) {
      throw new PrivateKeyException.Unreadable(
          source + ": Java refuses this RSA key of " + modulus.bitLength() + " bits");
    }
  }

  private static BigInteger number(ASN1Sequence numbers, int index) {
    BigInteger number = ASN1Integer.getInstance(numbers.getObjectAt(index)).getValue();
    if (number.signum() <= 0 || number.bitLength() > 2 * MAX_MODULUS_BITS) {
      throw new IllegalArgumentException("number " + index);
    }
    return number;
  }

  private static void requireConsistent(RSAPrivateCrtKeySpec key, String source)
      throws PrivateKeyException {
    BigInteger p = key.getPrimeP();
    BigInteger q = key.getPrimeQ();
    BigInteger pMinus1 = p.subtract(BigInteger.ONE);
    BigInteger qMinus1 = q.subtract(BigInteger.ONE);
    BigInteger e = key.getPublicExponent();
    BigInteger d = key.getPrivateExponent();
    boolean isConsistent = pMinus1.signum() > 0
        && qMinus1.signum() > 0
        && p.multiply(q).equals(key.getModulus())
        && d.mod(pMinus1).equals(key.getPrimeExponentP())
        && d.mod(qMinus1).equals(key.getPrimeExponentQ())
        && e.multiply(d).mod(pMinus1).equals(BigInteger.ONE)
        && e.multiply(d).mod(qMinus1).equals(BigInteger.ONE)
        && q.multiply(key.getCrtCoefficient()).mod(p).equals(BigInteger.ONE);
    if (!isConsistent) {
      throw new PrivateKeyException.Unreadable(source
          + ": the numbers of the RSA key do not belong together: the file is damaged; take a"
          + " backup of it");
    }
  }

  private static PrivateKeyException damaged(String source) {
    return new PrivateKeyException.Unreadable(
        source + ": the private key is damaged (expected: the DER of an RSA key)");
  }
}
