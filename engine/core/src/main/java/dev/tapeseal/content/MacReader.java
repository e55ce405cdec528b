package dev.tapeseal.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;

/**
 * Verifies pieces of one recording's ciphertext against its {@code .mac} file.
 *
 * <p>Opening reads the header; tags are read {@value #WINDOW_TAGS} at a time where they are needed, so memory is
 * constant. Confined to one thread.
 */
public final class MacReader {
  private static final int WINDOW_TAGS = 128;

  private final SeekableByteChannel source;
  private final MacHeader header;
  private final long tags;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_TAGS * PieceTagger.TAG_BYTES);
  private final byte[] stored = new byte[PieceTagger.TAG_BYTES];
  private final byte[] computed = new byte[PieceTagger.TAG_BYTES];
  private long windowStart = -1;

  private MacReader(SeekableByteChannel source, MacHeader header, long tags) {
    this.source = source;
    this.header = header;
    this.tags = tags;
  }

  /**
   * Reads the header; the source stays the caller's to close.
   *
   * @throws DamagedContentException where it is no {@code .mac} file, or ends within a tag
   */
  public static MacReader open(SeekableByteChannel source) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MacHeader.BYTES);
    readFully(source, 0, bytes);
    MacHeader header = MacHeader.parse(bytes.flip());
    long tagBytes = source.size() - MacHeader.BYTES;
    if (tagBytes % PieceTagger.TAG_BYTES != 0) {
      throw new DamagedContentException(".mac file: " + tagBytes
          + " bytes of tags (expected: a multiple of " + PieceTagger.TAG_BYTES + ")");
    }
    return new MacReader(source, header, tagBytes / PieceTagger.TAG_BYTES);
  }

  private static void readFully(SeekableByteChannel source, long position, ByteBuffer bytes)
      throws IOException {
    source.position(position);
    while (bytes.hasRemaining()) {
      if (source.read(bytes) < 0) {
        return;
      }
    }
  }

  /** What the file says of itself; only a verified piece proves it. */
  public MacHeader header() {
    return header;
  }

  /** How many pieces the file has tags for. */
  public long pieces() {
    return tags;
  }

  /** Readies the verification of pieces that were encrypted with this key and IV. */
  Verifier verifier(ContentEncryptionKey key, byte[] iv) {
    return new Verifier(new PieceTagger(key, header, iv));
  }

  private void readTag(long index, byte[] tag) throws IOException {
    long start = index - index % WINDOW_TAGS;
    if (start != windowStart) {
      windowStart = -1;
      window.clear();
      readFully(source, MacHeader.BYTES + start * PieceTagger.TAG_BYTES, window);
      window.flip();
      windowStart = start;
    }
    int at = (int) (index - start) * PieceTagger.TAG_BYTES;
    if (at + tag.length > window.limit()) {
      throw new DamagedContentException(".mac file: has no tag for piece " + index);
    }
    window.get(at, tag);
  }

  /** Verifies pieces, once the session key is known. */
  final class Verifier implements AutoCloseable {
    private final PieceTagger tagger;

    private Verifier(PieceTagger tagger) {
      this.tagger = tagger;
    }

    /**
     * Returns where a piece is what was encrypted.
     *
     * @throws DamagedContentException where it is not, or the file has no tag for it
     */
    void verify(long index, Piece which, byte[] octets, int offset, int length) throws IOException {
      readTag(index, stored);
      tagger.tag(index, which, octets, offset, length, computed, 0);
      if (!MessageDigest.isEqual(stored, computed)) {
        throw new DamagedContentException(
            "piece " + index + " does not match its tag: it, its .mac file or its"
                + " envelope was changed, or the session key is another recording's");
      }
    }

    /** Wipes the key. */
    @Override
    public void close() {
      tagger.close();
    }
  }
}
