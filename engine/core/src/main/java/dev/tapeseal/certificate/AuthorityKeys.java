package dev.tapeseal.certificate;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/** What the key of an authority must be: whoever finds its private half makes recording certificates. */
final class AuthorityKeys {
  private static final int MIN_CURVE_BITS = 224; // as strong as RSA of 2048 bits

  private AuthorityKeys() {}

  /** What is wrong with it; empty where nothing is. */
  static Optional<String> objection(X509Certificate authority) {
    PublicKey key = authority.getPublicKey();
    if (key instanceof RSAPublicKey rsa) {
      BigInteger exponent = rsa.getPublicExponent();
      return exponent.testBit(0) && exponent.compareTo(BigInteger.ONE) > 0
          ? rsaObjection(rsa.getModulus())
          : Optional.of("its public exponent is " + (exponent.bitLength() > 64 ? "even" : exponent)
              + ", under which anybody can sign (expected: odd, 3 or more)");
    }
    if (key instanceof ECPublicKey curve) {
      int bits = curve.getParams().getCurve().getField().getFieldSize();
      return bits >= MIN_CURVE_BITS
          ? Optional.empty()
          : Optional.of("its curve has " + bits + " bits (expected: >= " + MIN_CURVE_BITS + ")");
    }
    return key instanceof EdECPublicKey
        ? Optional.empty()
        : Optional.of("its key is one for " + PrintableText.of(key.getAlgorithm())
            + " (expected: RSA, EC or EdDSA)");
  }

  private static Optional<String> rsaObjection(BigInteger modulus) {
    if (modulus.bitLength() < CertificatePolicy.MIN_MODULUS_BITS
        || modulus.bitLength() % Byte.SIZE != 0) {
      return Optional.of("its RSA modulus has " + modulus.bitLength() + " bits (expected: >= "
          + CertificatePolicy.MIN_MODULUS_BITS + ", a multiple of 8)");
    }
    boolean isWeak = WeakModulus.isRoca(modulus)
        || WeakModulus.hasSmallFactor(modulus)
        || WeakModulus.hasClosePrimes(modulus);
    return isWeak
        ? Optional.of(
            "its RSA key can be computed from its public half (expected: two large random primes)")
        : Optional.empty();
  }
}
