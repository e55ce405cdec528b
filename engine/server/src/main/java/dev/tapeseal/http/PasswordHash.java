package dev.tapeseal.http;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as it is kept: PBKDF2 with HMAC-SHA-256 (RFC 8018 section 5.2), its salt and iterations beside it. Making
 * and verifying one takes a good part of a second on purpose: never on an event loop. Any thread.
 */
public final class PasswordHash {
  /** What new hashes are made with. */
  public static final int ITERATIONS = 600_000;

  private static final int MIN_ITERATIONS = 1_000;
  private static final int MAX_ITERATIONS = 10_000_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final Pattern FORM = Pattern.compile(
      "pbkdf2-sha256\\$([0-9]{1,8})\\$([A-Za-z0-9+/=]{8,128})\\$([A-Za-z0-9+/=]{44})");

  private final int iterations;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(int iterations, byte[] salt, byte[] hash) {
    this.iterations = iterations;
    this.salt = salt;
    this.hash = hash;
  }

  /** Hashes a password under a fresh salt; the caller wipes his array. */
  public static PasswordHash of(char[] password, SecureRandom random) {
    return of(password, random, ITERATIONS);
  }

  /**
   * Hashes a password with other iterations.
   *
   * @param iterations 1,000 to 10,000,000
   */
  public static PasswordHash of(char[] password, SecureRandom random, int iterations) {
    requireSane(iterations);
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new PasswordHash(iterations, salt, derive(password, salt, iterations));
  }

  /** One of no password, which takes as long to verify as this one: for a name that nobody has. */
  PasswordHash decoy() {
    return new PasswordHash(iterations, salt.clone(), new byte[HASH_BYTES]);
  }

  /** A decoy of the iterations that new hashes are made with. */
  static PasswordHash standardDecoy() {
    return new PasswordHash(ITERATIONS, new byte[SALT_BYTES], new byte[HASH_BYTES]);
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException when it is not that
   */
  public static PasswordHash parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "password hash (expected: pbkdf2-sha256$iterations$salt$hash)");
    }
    int iterations = Integer.parseInt(form.group(1));
    requireSane(iterations);
    byte[] salt = Base64.getDecoder().decode(form.group(2));
    byte[] hash = Base64.getDecoder().decode(form.group(3));
    return new PasswordHash(iterations, salt, hash);
  }

  private static void requireSane(int iterations) {
    if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
      throw new IllegalArgumentException("password hash: " + iterations + " iterations (expected: "
          + MIN_ITERATIONS + " to " + MAX_ITERATIONS + ")");
    }
  }

  /** Whether it is of this password; takes as long either way. */
  public boolean matches(char[] password) {
    byte[] derived = derive(password, salt, iterations);
    try {
      return MessageDigest.isEqual(derived, hash);
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  /** A line of text that {@link #parse} reads; it cannot be turned back into the password. */
  public String text() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "pbkdf2-sha256$" + iterations + "$" + base64.encodeToString(salt) + "$"
        + base64.encodeToString(hash);
  }

  static byte[] derive(char[] password, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, HASH_BYTES * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
          .generateSecret(spec)
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2 with HMAC-SHA-256", e);
    } finally {
      spec.clearPassword();
    }
  }

  @Override
  public String toString() {
    return "PasswordHash[" + iterations + " iterations]";
  }
}
