package dev.tapeseal.envelope;

import java.io.IOException;
import java.util.List;

/**
 * Thrown when a recording cannot be opened or read. Which kind it is tells whose turn it is to act; it is an
 * {@link IOException} so that channels can throw it.
 */
public abstract sealed class EnvelopeException extends IOException {

  private EnvelopeException(String message) {
    super(message);
  }

  /** The bytes are not an envelope; {@link #offset()} tells where they stop being one. */
  public static final class Malformed extends EnvelopeException {
    private final long offset;

    public Malformed(long offset, String what) {
      super("offset " + offset + ": " + what);
      this.offset = offset;
    }

    /** Counts from the first byte of the file (for PEM and S/MIME: of the decoded message). */
    public long offset() {
      return offset;
    }
  }

  /** An envelope, but of a kind or with an algorithm that is not supported; the message names it. */
  public static final class Unsupported extends EnvelopeException {
    public Unsupported(String what) {
      super(what);
    }
  }

  /** None of the private keys at hand is for any of the envelope's recipients. */
  public static final class NoMatchingKey extends EnvelopeException {
    private final List<Recipient> recipients;

    public NoMatchingKey(List<Recipient> recipients) {
      super("no private key for any of its " + recipients.size() + " recipients: "
          + Recipient.shown(recipients));
      this.recipients = List.copyOf(recipients);
    }

    /** Whose private keys would open it. */
    public List<Recipient> recipients() {
      return recipients;
    }
  }

  /** The private key does not decrypt the recipient's encrypted key: another key's, or damaged. */
  public static final class KeyNotUnwrapped extends EnvelopeException {
    public KeyNotUnwrapped(String what) {
      super(what);
    }
  }

  /** The envelope was read, but its content is not what was encrypted: changed, cut short, or of another key. */
  public static final class Damaged extends EnvelopeException {
    public Damaged(String what) {
      super(what);
    }
  }
}
