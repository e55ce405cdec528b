package dev.tapeseal.keystore;

import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_PBKDF2;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_hmacWithSHA1;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_hmacWithSHA224;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_hmacWithSHA256;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_hmacWithSHA384;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_hmacWithSHA512;

import java.math.BigInteger;
import java.util.Map;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA224Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Derives a key from a password as a PBES2 file asks: PBKDF2 (RFC 8018) or scrypt (RFC 7914). The file chooses the
 * cost, so it is bounded before anything is derived.
 */
final class KeyDerivation {
  static final int MAX_ITERATIONS = 2_000_000;

  /** N*r*p: 256 MiB of memory where p is 1, and a few seconds. */
  static final long MAX_SCRYPT_COST = 1 << 21;

  /** r*p: scrypt's other memory, 128 bytes for each. */
  private static final long MAX_SCRYPT_BLOCKS = 1 << 16;

  private static final ASN1ObjectIdentifier SCRYPT =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11591.4.11");
  /** By the identifier of HMAC with it. */
  static final Map<ASN1ObjectIdentifier, Supplier<Digest>> PRF_DIGESTS = Map.of(
      id_hmacWithSHA1, SHA1Digest::new,
      id_hmacWithSHA224, SHA224Digest::new,
      id_hmacWithSHA256, SHA256Digest::new,
      id_hmacWithSHA384, SHA384Digest::new,
      id_hmacWithSHA512, SHA512Digest::new);

  private KeyDerivation() {}

  /** A key of the cipher's length, which the caller wipes. */
  static byte[] derive(
      KeyDerivationFunc function, CbcCipher cipher, KeyPassword password, String source)
      throws PrivateKeyException {
    ASN1ObjectIdentifier algorithm = function.getAlgorithm();
    if (algorithm.equals(id_PBKDF2)) {
      return pbkdf2(PBKDF2Params.getInstance(function.getParameters()), cipher, password, source);
    }
    if (algorithm.equals(SCRYPT)) {
      return scrypt(ASN1Sequence.getInstance(function.getParameters()), cipher, password, source);
    }
    throw new PrivateKeyException.Unreadable(source + ": its key is derived by " + algorithm
        + " (expected: PBKDF2 or scrypt); encrypt it anew with openssl pkcs8 -topk8");
  }

  /** The number of iterations, where a file may ask for as many. */
  static int iterations(BigInteger iterations, String source) throws PrivateKeyException {
    if (iterations.compareTo(BigInteger.valueOf(MAX_ITERATIONS)) > 0) {
      throw new PrivateKeyException.TooCostly(source + ": more than " + MAX_ITERATIONS
          + " iterations to derive the key from the password (expected: at most that); encrypt it"
          + " anew with openssl pkcs8 -topk8");
    }
    if (iterations.signum() <= 0) {
      throw new PrivateKeyException.Unreadable(
          source + ": iterations: " + iterations + " (expected: >= 1)");
    }
    return iterations.intValueExact();
  }

  private static byte[] pbkdf2(
      PBKDF2Params parameters, CbcCipher cipher, KeyPassword password, String source)
      throws PrivateKeyException {
    BigInteger keyBytes = parameters.getKeyLength();
    if (keyBytes != null && !keyBytes.equals(BigInteger.valueOf(cipher.keyBits() / Byte.SIZE))) {
      throw new PrivateKeyException.Unreadable(source + ": the derived key's length does not fit"
          + " the cipher (expected: " + cipher.keyBits() / Byte.SIZE + " bytes)");
    }
    return pbkdf2(parameters, cipher.keyBits(), password, source);
  }

  /** PBKDF2 for a key of that length, which the caller wipes. */
  static byte[] pbkdf2(PBKDF2Params parameters, int keyBits, KeyPassword password, String source)
      throws PrivateKeyException {
    Supplier<Digest> digest = PRF_DIGESTS.get(parameters.getPrf().getAlgorithm());
    if (digest == null) {
      throw new PrivateKeyException.Unreadable(source + ": PBKDF2 with "
          + parameters.getPrf().getAlgorithm() + " (expected: HMAC with SHA-1 or SHA-2)");
    }
    int iterations = iterations(parameters.getIterationCount(), source);
    var derivation = new PKCS5S2ParametersGenerator(digest.get());
    derivation.init(password.bytes(), parameters.getSalt(), iterations);
    return ((KeyParameter) derivation.generateDerivedParameters(keyBits)).getKey();
  }

  private static byte[] scrypt(
      ASN1Sequence parameters, CbcCipher cipher, KeyPassword password, String source)
      throws PrivateKeyException {
    byte[] salt = ASN1OctetString.getInstance(parameters.getObjectAt(0)).getOctets();
    BigInteger n = ASN1Integer.getInstance(parameters.getObjectAt(1)).getValue();
    BigInteger r = ASN1Integer.getInstance(parameters.getObjectAt(2)).getValue();
    BigInteger p = ASN1Integer.getInstance(parameters.getObjectAt(3)).getValue();
    if (n.signum() <= 0 || n.bitCount() != 1 || r.signum() <= 0 || p.signum() <= 0) {
      throw new PrivateKeyException.Unreadable(source
          + ": the scrypt parameters make no sense (expected: N a power of two, r and p >= 1)");
    }
    BigInteger blocks = r.multiply(p);
    if (n.multiply(blocks).compareTo(BigInteger.valueOf(MAX_SCRYPT_COST)) > 0
        || blocks.compareTo(BigInteger.valueOf(MAX_SCRYPT_BLOCKS)) > 0) {
      throw new PrivateKeyException.TooCostly(source + ": scrypt N*r*p is over " + MAX_SCRYPT_COST
          + ", or r*p over " + MAX_SCRYPT_BLOCKS
          + " (expected: at most that); encrypt it anew with openssl pkcs8 -topk8");
    }
    try {
      return SCrypt.generate(
          password.bytes(),
          salt,
          n.intValueExact(),
          r.intValueExact(),
          p.intValueExact(),
          cipher.keyBits() / Byte.SIZE);
    } catch (OutOfMemoryError e) { // one large array, which was not made: nothing else has suffered
      throw new PrivateKeyException.TooCostly(source + ": scrypt needs more memory than is left,"
          + " some " + n.multiply(r).longValueExact() / 8192
          + " MiB (give Java more by -Xmx, or encrypt the key anew with openssl pkcs8 -topk8)");
    }
  }
}
