package dev.tapeseal.certificate;

import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;

/** What the key of a recording certificate must be: RSA that nobody can take apart from its public half. */
final class KeyRules {
  static final int MAX_MODULUS_BITS = 16_384;

  private static final String NEW_KEY = "; make a new key pair and a certificate for it";

  private KeyRules() {}

  static List<Rule> all(
      int minModulusBits, boolean anyPublicExponent, List<RecordingCertificate> known) {
    return List.of(
        new KeyAlgorithm(),
        new KeySize(minModulusBits),
        new PublicExponent(anyPublicExponent),
        new Roca(),
        new SmallFactors(),
        new ClosePrimes(),
        new SharedFactor(known));
  }

  /** RSA, because key transport encrypts session keys with it. */
  record KeyAlgorithm() implements Rule.Standing {
    private static final String NAME = "key-algorithm";

    @Override
    public Verdict check(RecordingCertificate certificate) {
      if (certificate.isRsa()) {
        return Verdict.passed(NAME, "RSA");
      }
      return Verdict.refused(
          NAME,
          "a key for " + certificate.keyAlgorithm()
              + " (expected: RSA); make an RSA key pair and a certificate for it");
    }
  }

  /** Long enough to keep recordings secret for years, of whole bytes, and not so long that it burns a server. */
  record KeySize(int minModulusBits) implements Rule.OfRsaKey {
    @Override
    public String name() {
      return "key-size";
    }

    @Override
    public Verdict check(RSAPublicKey key) {
      int modulusBits = key.getModulus().bitLength();
      String found = "RSA modulus: " + modulusBits + " bits";
      if (modulusBits < minModulusBits) {
        return Verdict.refused(
            name(),
            found + " (expected: >= " + minModulusBits
                + "); make a new key pair of that size and a certificate for it");
      }
      if (modulusBits > MAX_MODULUS_BITS || modulusBits % Byte.SIZE != 0) {
        return Verdict.refused(
            name(),
            found + " (expected: a multiple of 8, at most " + MAX_MODULUS_BITS + ")" + NEW_KEY);
      }
      return Verdict.passed(name(), found);
    }
  }

  /** 65537, unless others are allowed; never one that leaves the session key readable. */
  record PublicExponent(boolean anyAllowed) implements Rule.OfRsaKey {
    private static final BigInteger USUAL = BigInteger.valueOf(65_537);
    private static final int MAX_BITS = 64;

    @Override
    public String name() {
      return "public-exponent";
    }

    @Override
    public Verdict check(RSAPublicKey key) {
      BigInteger exponent = key.getPublicExponent();
      String found = exponent.bitLength() > MAX_BITS
          ? "public exponent: " + exponent.bitLength() + " bits"
          : "public exponent: " + exponent;
      if (exponent.equals(USUAL)) {
        return Verdict.passed(name(), found);
      }
      boolean usable = exponent.testBit(0)
          && exponent.compareTo(BigInteger.ONE) > 0
          && exponent.bitLength() <= MAX_BITS;
      if (anyAllowed && usable) {
        return Verdict.passed(name(), found + ", which is allowed here");
      }
      return Verdict.refused(
          name(),
          found + " (expected: " + (anyAllowed ? "odd, 3 or more, at most 64 bits" : "65537") + ")"
              + NEW_KEY);
    }
  }

  /** Not made by the library of CVE-2017-15361, whose primes can be told from their product and found. */
  record Roca() implements Rule.OfRsaKey {
    @Override
    public String name() {
      return "roca";
    }

    @Override
    public Verdict check(RSAPublicKey key) {
      return WeakModulus.isRoca(key.getModulus())
          ? Verdict.refused(
              name(),
              "the modulus has the fingerprint of CVE-2017-15361 (ROCA): its private key can be computed (expected: a"
                  + " key from another generator)" + NEW_KEY)
          : Verdict.passed(name(), "no ROCA fingerprint");
    }
  }

  /** Without a factor that trial division finds. */
  record SmallFactors() implements Rule.OfRsaKey {
    @Override
    public String name() {
      return "small-factors";
    }

    @Override
    public Verdict check(RSAPublicKey key) {
      return WeakModulus.hasSmallFactor(key.getModulus())
          ? Verdict.refused(
              name(),
              "the modulus is divisible by a prime under " + WeakModulus.SMALL_PRIMES_BELOW
                  + " (expected: two large primes)" + NEW_KEY)
          : Verdict.passed(name(), "no prime factor under " + WeakModulus.SMALL_PRIMES_BELOW);
    }
  }

  /** Of primes that are far apart: Fermat's method finds close ones. */
  record ClosePrimes() implements Rule.OfRsaKey {
    @Override
    public String name() {
      return "close-primes";
    }

    @Override
    public Verdict check(RSAPublicKey key) {
      return WeakModulus.hasClosePrimes(key.getModulus())
          ? Verdict.refused(
              name(),
              "the modulus is the product of two primes so close that Fermat's method finds them (expected: primes far"
                  + " apart)" + NEW_KEY)
          : Verdict.passed(
              name(),
              "not factored by " + WeakModulus.FERMAT_ROUNDS + " rounds of Fermat's method");
    }
  }

  /** Without a prime in common with another key: the greatest common divisor would give both away. */
  record SharedFactor(List<RecordingCertificate> known) implements Rule.OfRsaKey {
    SharedFactor {
      known = List.copyOf(known);
    }

    @Override
    public String name() {
      return "shared-factor";
    }

    @Override
    public Verdict check(RSAPublicKey key) {
      List<RecordingCertificate> others =
          known.stream().filter(RecordingCertificate::isRsa).toList();
      if (others.isEmpty()) {
        return Verdict.notChecked(name(), "no other certificates are known here");
      }
      Optional<RecordingCertificate> sharing = others.stream()
          .filter(other ->
              WeakModulus.shareFactor(key.getModulus(), other.publicKey().getModulus()))
          .findFirst();
      return sharing
          .map(
              other -> Verdict.refused(
                  name(),
                  "the modulus has a prime factor in common with " + other
                      + ": both private keys can be computed (expected: none); make new key pairs for both"))
          .orElseGet(() ->
              Verdict.passed(name(), "no factor in common with " + others.size() + " others"));
    }
  }
}
