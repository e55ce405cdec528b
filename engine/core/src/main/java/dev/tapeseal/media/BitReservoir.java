package dev.tapeseal.media;

import java.nio.ByteBuffer;

/**
 * The end of an MP3 stream's main data, as far back as a coming frame can refer to it.
 *
 * <p>{@link #reachableBytes()} tells how much of it a decoder of what was written holds, and can be
 * trusted; less than the format allows after an interruption.
 */
final class BitReservoir {

  /** The farthest that {@code main_data_begin} points back, in any version. */
  static final int MAX_BYTES = 511;

  private final byte[] tail = new byte[MAX_BYTES]; // the newest byte is the last
  private int reachableBytes =
      MAX_BYTES; // a stream that begins in the middle is passed through as it is

  int reachableBytes() {
    return reachableBytes;
  }

  /** After frames were left out: nothing before can be referred to. */
  void forget() {
    reachableBytes = 0;
  }

  /** After a silence that carried the tail in its last frames. */
  void limitTo(int carriedBytes) {
    reachableBytes = Math.min(reachableBytes, carriedBytes);
  }

  /** Takes a frame's main data area. */
  void append(ByteBuffer frame, int from, int count) {
    int kept = Math.min(count, MAX_BYTES);
    System.arraycopy(tail, kept, tail, 0, MAX_BYTES - kept);
    frame.get(from + count - kept, tail, MAX_BYTES - kept, kept);
    reachableBytes = Math.min(MAX_BYTES, reachableBytes + count);
  }

  /**
   * Copies the part of the tail that ends a number of bytes before its end; what is older than the
   * tail becomes zero.
   */
  void copy(int beforeEndBytes, byte[] destination, int from, int count) {
    for (int i = 0; i < count; i++) {
      int at = MAX_BYTES - beforeEndBytes - count + i;
      destination[from + i] = at >= 0 ? tail[at] : 0;
    }
  }
}
