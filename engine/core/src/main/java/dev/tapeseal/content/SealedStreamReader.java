package dev.tapeseal.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * Reads a sealed recording as it comes, segment after segment, each verified before anything of it is returned. That
 * it is whole is known at its end only.
 *
 * <p>One segment is held back until it is known whether another follows, so memory is constant: three segments.
 * Confined to one thread.
 */
public final class SealedStreamReader implements ContentStream {
  private final ReadableByteChannel segments;
  private final SegmentCipher cipher;
  private final int segmentBytes;
  private ByteBuffer current;
  private ByteBuffer next;
  private final byte[] plaintext;
  private int returned;
  private int opened;
  private long index;
  private boolean started;
  private boolean ended;
  private @Nullable IOException failure;

  /**
   * Readies the reading; nothing is read yet.
   *
   * @param key the session key; not used after this returns
   * @param header what was read before the segments, whose context the caller has checked
   * @param segments what follows the header; stays the caller's to close
   * @throws DamagedContentException where the key is not the recording's
   */
  public SealedStreamReader(
      ContentEncryptionKey key, SealedHeader header, ReadableByteChannel segments)
      throws DamagedContentException {
    SealedReader.requireCommitted(key, header);
    this.segments = segments;
    this.cipher = new SegmentCipher(Cipher.DECRYPT_MODE, key, header);
    this.segmentBytes = header.segmentBytes();
    this.current = ByteBuffer.allocate(segmentBytes);
    this.next = ByteBuffer.allocate(segmentBytes);
    this.plaintext = new byte[segmentBytes];
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    while (returned == opened) {
      if (ended) {
        return -1;
      }
      try {
        openSegment();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
    int part = Math.min(target.remaining(), opened - returned);
    target.put(plaintext, returned, part);
    returned += part;
    return part;
  }

  private void openSegment() throws IOException {
    if (!started) {
      fill(current, segmentBytes - SealedHeader.BYTES);
      started = true;
    }
    fill(next, segmentBytes);
    Piece which = next.hasRemaining() ? Piece.MORE : Piece.LAST;
    int length = current.remaining();
    if (length < GcmEncryptor.TAG_BYTES || (length == GcmEncryptor.TAG_BYTES && index > 0)) {
      throw new DamagedContentException(
          "sealed recording: ends within segment " + index + "; was it cut short?");
    }
    int read = cipher.run(index, which, current.array(), 0, length, plaintext, 0);
    if (read < 0) {
      throw SealedReader.changed(index);
    }
    ended = which == Piece.LAST;
    opened = read;
    returned = 0;
    ByteBuffer free = current;
    current = next;
    next = free;
    index++;
  }

  private void fill(ByteBuffer segment, int length) throws IOException {
    segment.clear().limit(length);
    while (segment.hasRemaining() && segments.read(segment) >= 0) {
      // a channel may give less than it is asked for
    }
    segment.flip();
  }

  /** Wipes the plaintext that was held, and forgets the keys. */
  @Override
  public void close() {
    Arrays.fill(plaintext, (byte) 0);
    returned = opened;
    ended = true;
    cipher.close();
  }
}
