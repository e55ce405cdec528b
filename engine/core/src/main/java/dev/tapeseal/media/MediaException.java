package dev.tapeseal.media;

import java.io.IOException;

/**
 * Thrown when bytes cannot be read as media, or a frame does not fit the stream it is written to.
 * The kind tells whether the bytes are wrong or merely not supported; {@link #offset()} tells
 * where.
 */
public abstract sealed class MediaException extends IOException {

  private final long offset;

  private MediaException(long offset, String what) {
    super("offset " + offset + ": " + what);
    this.offset = offset;
  }

  /** Counts bytes from the first byte of the file or stream. */
  public long offset() {
    return offset;
  }

  /** The bytes are not what the format's standard says. */
  public static final class Malformed extends MediaException {
    public Malformed(long offset, String what) {
      super(offset, what);
    }
  }

  /** Sound as far as it was read, but of a kind that is not supported; the message names it. */
  public static final class Unsupported extends MediaException {
    public Unsupported(long offset, String what) {
      super(offset, what);
    }
  }
}
