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

  private MediaException(String source, MediaException cause) {
    super(source + ": " + cause.getMessage(), cause);
    this.offset = cause.offset;
  }

  /** Counts bytes from the first byte of the file or stream. */
  public long offset() {
    return offset;
  }

  /** The same, of one of several sources, whose name its message begins with. */
  public abstract MediaException in(String source);

  /** The bytes are not what the format's standard says. */
  public static final class Malformed extends MediaException {
    public Malformed(long offset, String what) {
      super(offset, what);
    }

    private Malformed(String source, Malformed cause) {
      super(source, cause);
    }

    @Override
    public Malformed in(String source) {
      return new Malformed(source, this);
    }
  }

  /** Sound as far as it was read, but of a kind that is not supported; the message names it. */
  public static final class Unsupported extends MediaException {
    public Unsupported(long offset, String what) {
      super(offset, what);
    }

    private Unsupported(String source, Unsupported cause) {
      super(source, cause);
    }

    @Override
    public Unsupported in(String source) {
      return new Unsupported(source, this);
    }
  }
}
