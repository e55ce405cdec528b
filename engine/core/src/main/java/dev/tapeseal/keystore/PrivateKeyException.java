package dev.tapeseal.keystore;

import java.security.KeyException;

/**
 * Thrown when a private key cannot serve. Which kind it is tells whose turn it is to act; the message begins with
 * the file's name and never holds any part of the key or the password. A file that cannot be opened at all is an
 * {@link java.io.IOException} instead.
 */
public abstract sealed class PrivateKeyException extends KeyException {

  private PrivateKeyException(String message) {
    super(message);
  }

  /** Not a private key: not PEM, a certificate, damaged, or in a form that is not supported. */
  public static final class Unreadable extends PrivateKeyException {
    Unreadable(String message) {
      super(message);
    }
  }

  /** The key is encrypted, and no password was given. */
  public static final class PasswordMissing extends PrivateKeyException {
    PasswordMissing(String message) {
      super(message);
    }
  }

  /** The password does not open the key; a damaged file looks the same. */
  public static final class PasswordWrong extends PrivateKeyException {
    PasswordWrong(String message) {
      super(message);
    }
  }

  /** A private key of another kind than RSA. */
  public static final class NotRsa extends PrivateKeyException {
    NotRsa(String message) {
      super(message);
    }
  }

  /** An RSA key of three or more primes (RFC 8017 section 3.2), which Java decrypts wrongly with. */
  public static final class MultiPrime extends PrivateKeyException {
    MultiPrime(String message) {
      super(message);
    }
  }

  /** Deriving the key from the password would cost more than a file may ask for; nothing was derived. */
  public static final class TooCostly extends PrivateKeyException {
    TooCostly(String message) {
      super(message);
    }
  }

  /** The private key is not the one that belongs to the certificate. */
  public static final class NotForCertificate extends PrivateKeyException {
    NotForCertificate(String message) {
      super(message);
    }
  }
}
