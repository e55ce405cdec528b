package dev.tapeseal.http;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Content that can be answered whole, by ranges and under conditions (RFC 9110 sections 8, 13 and 14).
 *
 * @param opener opens the content
 * @param lengthBytes how long it is; when the channel ends earlier, the connection is cut
 * @param entityTag with its quotes, {@code W/} before it when it is weak
 * @param lastModified counts by whole seconds
 * @param mediaType such as {@code audio/mp3}
 */
public record Representation(
    Opener opener,
    long lengthBytes,
    Optional<String> entityTag,
    Optional<Instant> lastModified,
    String mediaType) {

  private static final Pattern ENTITY_TAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7E]*\"");

  /** Refuses a negative length and a tag that is not an entity tag. */
  public Representation {
    if (lengthBytes < 0) {
      throw new IllegalArgumentException("length: " + lengthBytes + " bytes (expected: >= 0)");
    }
    if (entityTag.isPresent() && !ENTITY_TAG.matcher(entityTag.get()).matches()) {
      throw new IllegalArgumentException(
          "entity tag: '" + entityTag.get() + "' (expected: quoted, W/ before it if weak)");
    }
  }

  /** Content without validators. */
  public Representation(Opener opener, long lengthBytes, String mediaType) {
    this(opener, lengthBytes, Optional.empty(), Optional.empty(), mediaType);
  }

  /**
   * Opens content: on a worker thread, at most once for an answer, and not at all for one that sends none of it (304,
   * 412, 416). The layer closes what it opened, whatever becomes of the client.
   */
  @FunctionalInterface
  public interface Opener {
    /** A channel at its beginning, which one thread at a time uses. */
    SeekableByteChannel open() throws IOException;
  }
}
