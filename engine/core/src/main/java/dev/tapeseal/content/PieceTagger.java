package dev.tapeseal.content;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Computes the tags of one recording's pieces. Each tag covers the header, the IV (a flipped bit in it changes
 * plaintext), the piece's number, whether it is the last, and its octets. Allocates nothing per tag; confined to
 * one thread.
 */
final class PieceTagger implements AutoCloseable {
  static final int TAG_BYTES = HmacSha256.TAG_BYTES;

  private static final String PURPOSE = "tapeseal/mac/1";
  private static final int KEY_BYTES = 32;
  private static final long MAX_PIECES = 1L << 32;

  private final HmacSha256 hmac;
  private final byte[] prefix; // header | IV | u32be(i) | (last piece ? 1 : 0)
  private final ByteBuffer prefixFields;

  PieceTagger(ContentEncryptionKey key, MacHeader header, byte[] iv) {
    byte[] macKey = HkdfSha256.derive(key, header.salt(), PURPOSE, KEY_BYTES);
    hmac = new HmacSha256(macKey);
    Arrays.fill(macKey, (byte) 0);
    prefix = new byte[MacHeader.BYTES + iv.length + Integer.BYTES + 1];
    prefixFields = ByteBuffer.wrap(prefix).put(header.encoded()).put(iv);
  }

  /** Puts the tag of piece {@code index} at {@code tagOffset}. */
  void tag(
      long index, Piece which, byte[] octets, int offset, int length, byte[] tag, int tagOffset) {
    if (index >= MAX_PIECES) {
      throw new IllegalStateException("piece " + index + " (expected: below " + MAX_PIECES + ")");
    }
    int fields = prefixFields.position();
    prefixFields.putInt(fields, (int) index);
    prefixFields.put(
        fields + Integer.BYTES,
        switch (which) {
          case MORE -> (byte) 0;
          case LAST -> (byte) 1;
        });
    hmac.update(prefix);
    hmac.update(octets, offset, length);
    hmac.finish(tag, tagOffset);
  }

  @Override
  public void close() {
    hmac.close();
  }
}
