package dev.tapeseal.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Writes the {@code .mac} file of one recording: the header, then a tag for every piece of its ciphertext.
 *
 * <p>Tags are gathered and written {@value #GATHERED_TAGS} at a time, and at {@link #flush}.
 * Allocates nothing per tag. Confined to one thread.
 */
public final class MacWriter implements AutoCloseable {
  private static final int GATHERED_TAGS = 128;

  private final PieceTagger tagger;
  private final WritableByteChannel destination;
  private final ByteBuffer gathered = ByteBuffer.allocate(GATHERED_TAGS * PieceTagger.TAG_BYTES);
  private long pieces;

  private MacWriter(PieceTagger tagger, WritableByteChannel destination) {
    this.tagger = tagger;
    this.destination = destination;
  }

  /** Writes the header; the destination stays the caller's to close. */
  public static MacWriter open(
      ContentEncryptionKey key, byte[] iv, MacHeader header, WritableByteChannel destination)
      throws IOException {
    MacWriter writer = new MacWriter(new PieceTagger(key, header, iv), destination);
    boolean complete = false;
    try {
      writer.gathered.put(header.encoded());
      writer.flush();
      complete = true;
      return writer;
    } finally {
      if (!complete) {
        writer.close(); // nobody else has its key
      }
    }
  }

  /**
   * Adds the tag of the next piece.
   *
   * @param length {@link Piece#BYTES}, or 1 to as many for the last piece
   */
  public void add(byte[] octets, int offset, int length, Piece which) throws IOException {
    if (gathered.remaining() < PieceTagger.TAG_BYTES) {
      flush();
    }
    tagger.tag(pieces, which, octets, offset, length, gathered.array(), gathered.position());
    gathered.position(gathered.position() + PieceTagger.TAG_BYTES);
    pieces++;
  }

  /** Writes the tags that were gathered. */
  public void flush() throws IOException {
    gathered.flip();
    while (gathered.hasRemaining()) {
      destination.write(gathered);
    }
    gathered.clear();
  }

  /** Wipes the key; tags that were not flushed are lost, since whoever gives up must not complete the file. */
  @Override
  public void close() {
    tagger.close();
  }
}
