package dev.tapeseal.certificate;

import dev.tapeseal.certificate.PathException.Reason;
import java.security.PublicKey;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.RSAPublicKey;

/**
 * How much the validation of one certificate may cost: foreign chains can be made to cost minutes. Counted, not timed,
 * so that a verdict does not depend on how busy the machine is. Confined to one thread.
 *
 * <p>The unit is what it costs to verify with a usual RSA key of 2048 bits, some 50 µs.
 */
final class WorkLimit {
  /** Two seconds, on a core of its own. */
  static final int MAX_UNITS = 40_000;

  private static final int MAX_SIGNATURES = 1000;
  private static final int USUAL_KEY_BITS = 2048;
  private static final int USUAL_EXPONENT_BITS = 17;
  private static final int OTHER_KEY_UNITS = 40; // curves and DSA: 2 ms
  private static final int NAME_COMPARISONS_PER_UNIT = 16;

  private final long maxUnits;
  private long units;
  private int signatures;

  private WorkLimit(long maxUnits) {
    this.maxUnits = maxUnits;
  }

  static WorkLimit of(int maxUnits) {
    return new WorkLimit(maxUnits);
  }

  /** Counts a signature that is about to be verified. */
  void countSignature(PublicKey key) throws PathException {
    signatures++;
    if (signatures > MAX_SIGNATURES) {
      throw new PathException(
          Reason.TOO_MUCH_WORK,
          "takes more than " + MAX_SIGNATURES
              + " signatures to check (expected: authorities with a name and a key of their own)");
    }
    spend(signatureUnits(key));
  }

  /** Counts comparisons of names with name constraints. */
  void countComparisons(long comparisons) throws PathException {
    spend(comparisons / NAME_COMPARISONS_PER_UNIT + 1);
  }

  /** Counts what is about to be done. */
  void spend(long more) throws PathException {
    units += more;
    if (units > maxUnits) {
      throw new PathException(
          Reason.TOO_MUCH_WORK,
          "takes more work to check than " + maxUnits
              + " signatures of usual keys (expected: a chain of few certificates)");
    }
  }

  /** What verifying a signature with this key costs. */
  static long signatureUnits(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return 1
          + squared(rsa.getModulus().bitLength())
              * rsa.getPublicExponent().bitLength()
              / USUAL_EXPONENT_BITS;
    }
    if (key instanceof DSAPublicKey dsa && dsa.getParams() != null) {
      return OTHER_KEY_UNITS * (1 + squared(dsa.getParams().getP().bitLength()));
    }
    return OTHER_KEY_UNITS;
  }

  private static long squared(long keyBits) {
    return keyBits * keyBits / (USUAL_KEY_BITS * USUAL_KEY_BITS);
  }
}
