package dev.tapeseal.store;

import java.io.IOException;

/** Thrown when a text is not a recording's metadata; the message says what was found and what was expected. */
public final class InvalidMetadataException extends IOException {
  InvalidMetadataException(String message) {
    super(message);
  }

  /** For a value that a record refused. */
  InvalidMetadataException(IllegalArgumentException refused) {
    super(refused.getMessage(), refused);
  }
}
