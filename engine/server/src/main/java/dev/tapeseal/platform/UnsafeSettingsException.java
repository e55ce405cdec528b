package dev.tapeseal.platform;

import java.io.IOException;

/** Thrown where settings would show passwords or recordings to others; the message says which, and how to do better. */
public final class UnsafeSettingsException extends IOException {

  UnsafeSettingsException(String message) {
    super(message);
  }
}
