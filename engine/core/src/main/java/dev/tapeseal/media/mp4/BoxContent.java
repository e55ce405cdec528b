package dev.tapeseal.media.mp4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of boxes that are to be written, put together as the standard nests them. Large tables are not copied: what
 * is given as a buffer stays a view of it.
 */
final class BoxContent {

  static final BoxContent NONE = new BoxContent(List.of());

  private static final int HEADER_BYTES = 8;

  private final List<ByteBuffer> pieces;
  private final long sizeBytes;

  private BoxContent(List<ByteBuffer> pieces) {
    this.pieces = pieces;
    this.sizeBytes = pieces.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  /** A box of below 4 GiB with its 32-bit header. */
  static BoxContent box(String type, BoxContent... content) {
    long contentBytes = 0;
    for (BoxContent part : content) {
      contentBytes += part.sizeBytes;
    }
    return join(join(u32(HEADER_BYTES + contentBytes), text(type)), join(content));
  }

  /** A box that begins with a version and flags. */
  static BoxContent fullBox(String type, int version, int flags, BoxContent... content) {
    return box(type, u32(((long) version << 24) | flags), join(content));
  }

  static BoxContent u8(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return of(bytes.flip());
  }

  static BoxContent u16(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Short.BYTES);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return of(bytes.flip());
  }

  static BoxContent u32(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
    for (long value : values) {
      bytes.putInt((int) value);
    }
    return of(bytes.flip());
  }

  static BoxContent u64(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    for (long value : values) {
      bytes.putLong(value);
    }
    return of(bytes.flip());
  }

  static BoxContent text(String characters) {
    return of(ByteBuffer.wrap(characters.getBytes(StandardCharsets.ISO_8859_1)));
  }

  static BoxContent zeros(int bytes) {
    return of(ByteBuffer.allocate(bytes));
  }

  /** A view, from the buffer's position to its limit. */
  static BoxContent of(ByteBuffer bytes) {
    return new BoxContent(List.of(bytes.slice()));
  }

  /** One after the other. */
  static BoxContent join(BoxContent... parts) {
    List<ByteBuffer> all = new ArrayList<>();
    for (BoxContent part : parts) {
      all.addAll(part.pieces);
    }
    return new BoxContent(all);
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** The bytes in their order, in buffers of any length. */
  List<ByteBuffer> pieces() {
    return pieces.stream().map(ByteBuffer::duplicate).toList();
  }
}
