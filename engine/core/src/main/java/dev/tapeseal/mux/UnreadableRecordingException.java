package dev.tapeseal.mux;

import dev.tapeseal.envelope.EnvelopeException;
import java.io.IOException;

/** Thrown where one recording of a pair does not decrypt; {@link #reason} tells why, and whose turn it is. */
public final class UnreadableRecordingException extends IOException {
  private final String recording;
  private final EnvelopeException reason;

  UnreadableRecordingException(String recording, EnvelopeException reason) {
    super(recording + ": " + reason.getMessage(), reason);
    this.recording = recording;
    this.reason = reason;
  }

  /** Which one it is. */
  public String recording() {
    return recording;
  }

  /** Why it does not decrypt. */
  public EnvelopeException reason() {
    return reason;
  }
}
