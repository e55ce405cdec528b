package dev.tapeseal.media.mp4;

import dev.tapeseal.media.MediaException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads a box field by field; one that does not fit is refused with its offset in the file. */
final class BoxFields {

  private final Box box;
  private final ByteBuffer content;

  BoxFields(Box box) {
    this.box = box;
    this.content = box.content();
  }

  /** The version of a full box; its flags are passed over. */
  int version() throws MediaException {
    return i32() >>> 24;
  }

  int u16() throws MediaException {
    return require(2).getShort() & 0xFFFF;
  }

  int i32() throws MediaException {
    return require(4).getInt();
  }

  long u32() throws MediaException {
    return i32() & 0xFFFF_FFFFL;
  }

  long i64() throws MediaException {
    return require(8).getLong();
  }

  /** A number of 64 bits in version 1, of 32 bits in version 0. */
  long u32OrU64(int version) throws MediaException {
    if (version == 0) {
      return u32();
    }
    long value = i64();
    if (value < 0 && value != -1) { // all ones mean "unknown"
      throw malformed("a number beyond 63 bits");
    }
    return value;
  }

  String type() throws MediaException {
    byte[] characters = new byte[4];
    require(4).get(characters);
    return new String(characters, StandardCharsets.ISO_8859_1);
  }

  BoxFields skip(int bytes) throws MediaException {
    require(bytes).position(content.position() + bytes);
    return this;
  }

  /** A view of the next bytes. */
  ByteBuffer view(int bytes) throws MediaException {
    ByteBuffer view = require(bytes).slice(content.position(), bytes);
    content.position(content.position() + bytes);
    return view;
  }

  int remaining() {
    return content.remaining();
  }

  /** A table of entries of one size, whose count comes first; what follows it is ignored. */
  ByteBuffer table(int entryBytes) throws MediaException {
    long count = u32();
    if (count > content.remaining() / entryBytes) {
      throw malformed(
          count + " entries of " + entryBytes + " bytes in " + content.remaining() + " bytes");
    }
    int bytes = (int) count * entryBytes;
    ByteBuffer table = content.slice(content.position(), bytes);
    content.position(content.position() + bytes);
    return table;
  }

  MediaException malformed(String what) {
    return new MediaException.Malformed(
        box.offset() + box.headerBytes() + content.position(), "'" + box.type() + "' box: " + what);
  }

  private ByteBuffer require(int bytes) throws MediaException {
    if (content.remaining() < bytes) {
      throw malformed("it ends here (expected: " + bytes + " more bytes)");
    }
    return content;
  }
}
