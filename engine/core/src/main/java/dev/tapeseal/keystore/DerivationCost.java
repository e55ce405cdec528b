package dev.tapeseal.keystore;

import java.math.BigInteger;

/**
 * Adds up what it costs Java to derive the keys of a key store from its password, before anything is derived: Java
 * takes up to 5,000,000 iterations for each key of a file, which for a file of a thousand keys is an hour. Confined to
 * one thread.
 */
final class DerivationCost {
  /** Over all keys of a file: 5,000 as Java writes them cost half of it. */
  static final long MAX_TOTAL_ITERATIONS = 100_000_000;

  private final String source;
  private long total;

  DerivationCost(String source) {
    this.source = source;
  }

  /**
   * Adds one derivation.
   *
   * @throws PrivateKeyException.TooCostly where it alone, or all of them, cost more than a file may ask for
   * @throws PrivateKeyException.Unreadable where the number makes no sense
   */
  void add(BigInteger iterations) throws PrivateKeyException {
    add(KeyDerivation.iterations(iterations, source));
  }

  /** Adds as many iterations, however many derivations they are of. */
  void add(long iterations) throws PrivateKeyException {
    total += iterations;
    if (total > MAX_TOTAL_ITERATIONS) {
      throw new PrivateKeyException.TooCostly(source + ": more than " + MAX_TOTAL_ITERATIONS
          + " iterations to derive all its keys from the password (expected: at most that)");
    }
  }
}
