package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens what a private key's file may protect by a password: without one first, unless one is given. */
final class KeyPasswords {
  /** The environment variable of a recording key's password. */
  static final String KEY_VARIABLE = "TAPESEAL_KEY_PASSWORD";

  /** The environment variable of a CA key's password. */
  static final String CA_VARIABLE = "TAPESEAL_CA_KEY_PASSWORD";

  private KeyPasswords() {}

  /** Opens a key with a password, or with none. */
  @FunctionalInterface
  interface Opening<T> {
    T with(@Nullable KeyPassword password) throws Exception;
  }

  /**
   * Opens a key, and asks for its password where it turns out to need one.
   *
   * @param option that names the file of the password
   * @param what the key is, as a prompt says it
   */
  static <T> T open(
      Terminal terminal,
      @Nullable Path passwordFile,
      String option,
      String variable,
      String what,
      Opening<T> opening)
      throws Exception {
    try (KeyPassword given = Passwords.find(terminal, passwordFile, variable)) {
      if (given != null) {
        return opening.with(given);
      }
    }
    try {
      return opening.with(null);
    } catch (PrivateKeyException.PasswordMissing missing) {
      try (KeyPassword asked = Passwords.require(terminal, null, option, variable, what)) {
        return opening.with(asked);
      }
    }
  }
}
