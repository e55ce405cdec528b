package dev.tapeseal.settings;

import java.io.IOException;

/**
 * Thrown when a configuration cannot be used. The message is one sentence that begins with the
 * place (file and line, variable or flag) and says what was wrong and what is expected; it never
 * holds the value of a secret.
 */
public final class SettingsException extends IOException {

  SettingsException(String message) {
    super(message);
  }

  SettingsException(String message, Throwable cause) {
    super(message, cause);
  }
}
