package dev.tapeseal.keystore;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PBMAC1Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS12ParametersGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The MAC of a PKCS#12 file: HMAC under a key derived in PKCS#12's own way (RFC 7292 appendix B), or by PBKDF2, which
 * is PBMAC1 (RFC 9579).
 */
final class Pkcs12Mac {
  private static final int MIN_KEY_BYTES = 20; // RFC 9579 section 6
  private static final int MAX_KEY_BYTES = 64;

  private static final Map<ASN1ObjectIdentifier, Supplier<Digest>> DIGESTS = Map.of(
      OIWObjectIdentifiers.idSHA1, SHA1Digest::new,
      NISTObjectIdentifiers.id_sha256, SHA256Digest::new,
      NISTObjectIdentifiers.id_sha384, SHA384Digest::new,
      NISTObjectIdentifiers.id_sha512, SHA512Digest::new);

  private final MacData mac;
  private final String source;

  private Pkcs12Mac(MacData mac, String source) {
    this.mac = mac;
    this.source = source;
  }

  private static AlgorithmIdentifier algorithm(MacData mac) {
    return mac.getMac().getAlgorithmId();
  }

  private static boolean isPbmac1(MacData mac) {
    return algorithm(mac).getAlgorithm().equals(PKCSObjectIdentifiers.id_PBMAC1);
  }

  /** Whether a PKCS#12 file that was read before has a MAC of that kind, which not every Java takes. */
  static boolean isPbmac1(byte[] pkcs12) {
    MacData mac = Pfx.getInstance(pkcs12).getMacData();
    return mac != null && isPbmac1(mac);
  }

  /** How many iterations it takes, not bounded yet; fails with a RuntimeException of any kind where it is damaged. */
  static BigInteger iterations(MacData mac) {
    if (!isPbmac1(mac)) {
      return mac.getIterationCount();
    }
    var function = PBMAC1Params.getInstance(algorithm(mac).getParameters()).getKeyDerivationFunc();
    return function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)
        ? PBKDF2Params.getInstance(function.getParameters()).getIterationCount()
        : BigInteger.ONE; // unknown, so that nobody derives anything
  }

  /**
   * Refuses content that is not what the MAC was made over under this password.
   *
   * @throws PrivateKeyException.PasswordWrong where it is not
   * @throws PrivateKeyException where the MAC is of another kind, or costs too much
   * @throws RuntimeException of any kind where its parameters are damaged
   */
  static void verify(MacData mac, byte[] content, KeyPassword password, String source)
      throws PrivateKeyException {
    Pkcs12Mac made = new Pkcs12Mac(mac, source);
    byte[] computed = isPbmac1(mac) ? made.pbmac1(content, password) : made.own(content, password);
    if (!MessageDigest.isEqual(computed, mac.getMac().getDigest())) {
      throw new PrivateKeyException.PasswordWrong(
          source + ": wrong password, or the file is damaged");
    }
  }

  private byte[] own(byte[] content, KeyPassword password) throws PrivateKeyException {
    Supplier<Digest> digest = DIGESTS.get(algorithm(mac).getAlgorithm());
    if (digest == null) {
      throw unsupported(algorithm(mac).getAlgorithm());
    }
    int iterations = KeyDerivation.iterations(mac.getIterationCount(), source);
    var derivation = new PKCS12ParametersGenerator(digest.get());
    char[] chars = password.copyChars();
    byte[] passwordBytes = PBEParametersGenerator.PKCS12PasswordToBytes(chars);
    try {
      derivation.init(passwordBytes, mac.getSalt(), iterations);
      int keyBits = digest.get().getDigestSize() * Byte.SIZE;
      return hmac(
          digest.get(), (KeyParameter) derivation.generateDerivedMacParameters(keyBits), content);
    } finally {
      Arrays.fill(chars, '\0');
      Arrays.fill(passwordBytes, (byte) 0);
    }
  }

  private byte[] pbmac1(byte[] content, KeyPassword password) throws PrivateKeyException {
    PBMAC1Params parameters = PBMAC1Params.getInstance(algorithm(mac).getParameters());
    var function = parameters.getKeyDerivationFunc();
    Supplier<Digest> digest =
        KeyDerivation.PRF_DIGESTS.get(parameters.getMessageAuthScheme().getAlgorithm());
    if (digest == null) {
      throw unsupported(parameters.getMessageAuthScheme().getAlgorithm());
    }
    if (!function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
      throw unsupported(function.getAlgorithm());
    }
    PBKDF2Params pbkdf2 = PBKDF2Params.getInstance(function.getParameters());
    BigInteger keyBytes = pbkdf2.getKeyLength();
    if (keyBytes == null
        || keyBytes.compareTo(BigInteger.valueOf(MIN_KEY_BYTES)) < 0
        || keyBytes.compareTo(BigInteger.valueOf(MAX_KEY_BYTES)) > 0) {
      throw new PrivateKeyException.Unreadable(source + ": the key of its MAC has "
          + (keyBytes == null ? "no length" : keyBytes + " bytes") + " (expected: " + MIN_KEY_BYTES
          + " to " + MAX_KEY_BYTES + ")");
    }
    byte[] key =
        KeyDerivation.pbkdf2(pbkdf2, keyBytes.intValueExact() * Byte.SIZE, password, source);
    try {
      return hmac(digest.get(), new KeyParameter(key), content);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] hmac(Digest digest, KeyParameter key, byte[] content) {
    HMac hmac = new HMac(digest);
    hmac.init(key);
    hmac.update(content, 0, content.length);
    byte[] computed = new byte[hmac.getMacSize()];
    hmac.doFinal(computed, 0);
    return computed;
  }

  private PrivateKeyException unsupported(ASN1ObjectIdentifier algorithm) {
    return new PrivateKeyException.Unreadable(source + ": its MAC is made by " + algorithm
        + " (expected: HMAC with SHA-1 or SHA-2 in PKCS#12's own way, or PBMAC1); make it anew with openssl"
        + " pkcs12 -export");
  }
}
