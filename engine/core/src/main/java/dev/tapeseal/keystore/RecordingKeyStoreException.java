package dev.tapeseal.keystore;

import java.security.KeyStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a key store cannot be read, or refuses a change. Which kind it is tells whose turn it is to act; the
 * message never holds any part of a key or a password. A file that cannot be opened at all is an
 * {@link java.io.IOException} instead.
 */
public abstract sealed class RecordingKeyStoreException extends KeyStoreException {

  private RecordingKeyStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Not a key store, damaged, larger than one may be, or with a key under a password of its own. */
  public static final class Unreadable extends RecordingKeyStoreException {
    Unreadable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The password does not open the key store; a damaged file may look the same. */
  public static final class PasswordWrong extends RecordingKeyStoreException {
    PasswordWrong(String message) {
      super(message, null);
    }
  }

  /** The password cannot serve for a key store that keytool and openssl read, too. */
  public static final class PasswordUnsuitable extends RecordingKeyStoreException {
    PasswordUnsuitable(String message) {
      super(message, null);
    }
  }

  /** The key store has no entry of this alias. */
  public static final class AliasUnknown extends RecordingKeyStoreException {
    AliasUnknown(String message) {
      super(message, null);
    }
  }

  /** What is to be added does not go together with what is there; nothing was changed. */
  public static final class Conflict extends RecordingKeyStoreException {
    Conflict(String message) {
      super(message, null);
    }
  }

  /** Recordings would become unreadable, and that was not accepted; nothing was deleted. */
  public static final class StillNeeded extends RecordingKeyStoreException {
    StillNeeded(String message) {
      super(message, null);
    }
  }
}
