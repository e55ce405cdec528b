package dev.tapeseal.certificate;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;

/** Tells RSA moduli that anybody can factor. Every test costs less than some milliseconds at 4,096 bits. */
final class WeakModulus {
  static final int SMALL_PRIMES_BELOW = 1 << 16;

  /** The baseline requirements of the CA/Browser Forum ask for 100. */
  static final int FERMAT_ROUNDS = 1000;

  /**
   * The primes that CVE-2017-15361 shows itself at: the primes of affected keys are powers of 65537 modulo each of
   * them (M. Nemec et al., "The Return of Coppersmith's Attack", section 3).
   */
  private static final int[] ROCA_PRIMES = {
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167
  };

  private static final BitSet[] POWERS_OF_65537 =
      Arrays.stream(ROCA_PRIMES).mapToObj(WeakModulus::powersOf65537).toArray(BitSet[]::new);

  private static final BigInteger SMALL_PRIMES_PRODUCT = smallPrimesProduct();

  private WeakModulus() {}

  static boolean isRoca(BigInteger modulus) {
    for (int i = 0; i < ROCA_PRIMES.length; i++) {
      int residue = modulus.mod(BigInteger.valueOf(ROCA_PRIMES[i])).intValue();
      if (!POWERS_OF_65537[i].get(residue)) {
        return false;
      }
    }
    return true;
  }

  static boolean hasSmallFactor(BigInteger modulus) {
    return modulus.signum() <= 0
        || !modulus.gcd(SMALL_PRIMES_PRODUCT.mod(modulus)).equals(BigInteger.ONE);
  }

  /** Fermat's method: the modulus is a² - b², where a is half the sum of the primes. */
  static boolean hasClosePrimes(BigInteger modulus) {
    if (modulus.signum() <= 0 || modulus.bitLength() > KeyRules.MAX_MODULUS_BITS) {
      return false; // other rules refuse those
    }
    BigInteger a = modulus.sqrt();
    if (a.multiply(a).compareTo(modulus) < 0) {
      a = a.add(BigInteger.ONE);
    }
    BigInteger squareOfB = a.multiply(a).subtract(modulus);
    for (int round = 0; round < FERMAT_ROUNDS; round++) {
      if (isSquare(squareOfB)) {
        return true;
      }
      squareOfB = squareOfB.add(a.shiftLeft(1)).add(BigInteger.ONE);
      a = a.add(BigInteger.ONE);
    }
    return false;
  }

  /** Whether two different moduli have a prime in common; the same one under two certificates is one key. */
  static boolean shareFactor(BigInteger modulus, BigInteger other) {
    return !modulus.equals(other) && !modulus.gcd(other).equals(BigInteger.ONE);
  }

  private static boolean isSquare(BigInteger number) {
    // Squares end in few of the 64 residues, and a root is costly.
    int residue = number.intValue() & 63;
    boolean maybe = (0x0202021202030213L >>> residue & 1) == 1;
    if (!maybe) {
      return false;
    }
    BigInteger root = number.sqrt();
    return root.multiply(root).equals(number);
  }

  private static BitSet powersOf65537(int prime) {
    BitSet powers = new BitSet(prime);
    int power = 1;
    while (!powers.get(power)) {
      powers.set(power);
      power = (int) ((long) power * 65_537 % prime);
    }
    return powers;
  }

  private static BigInteger smallPrimesProduct() {
    BitSet composite = new BitSet(SMALL_PRIMES_BELOW);
    BigInteger product = BigInteger.ONE;
    for (int number = 2; number < SMALL_PRIMES_BELOW; number++) {
      if (composite.get(number)) {
        continue;
      }
      product = product.multiply(BigInteger.valueOf(number));
      for (int multiple = 2 * number; multiple < SMALL_PRIMES_BELOW; multiple += number) {
        composite.set(multiple);
      }
    }
    return product;
  }
}
