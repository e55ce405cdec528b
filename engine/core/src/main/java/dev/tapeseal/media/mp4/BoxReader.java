package dev.tapeseal.media.mp4;

import dev.tapeseal.media.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads boxes: those at the top level from the channel, by their headers alone; those inside
 * {@code moov} from memory.
 *
 * <p>Bounds, each checked before anything is allocated: 64 MiB of {@code moov}, 64 KiB of
 * {@code ftyp}, 100,000 boxes at the top level (a fragmented file has two for every fragment) and
 * as many inside {@code moov}, 16 levels of nesting.
 */
final class BoxReader {

  static final int MAX_MOOV_BYTES = 64 * 1024 * 1024;
  static final int MAX_NESTING = 16;
  static final int MAX_BOXES = 100_000;

  private static final int MAX_FTYP_BYTES = 64 * 1024;
  private static final int HEADER_BYTES = 8;
  private static final int LARGE_HEADER_BYTES = 16;
  private static final int SIZE_TO_THE_END = 0;
  private static final int SIZE_IS_LARGE = 1;
  private static final Set<String> CONTAINERS =
      Set.of("moov", "trak", "edts", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf");
  private static final ByteBuffer NOT_LOADED = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final SeekableByteChannel channel;
  private final long fileBytes;
  private int nestedBoxes;

  BoxReader(SeekableByteChannel channel) throws IOException {
    this.channel = channel;
    this.fileBytes = channel.size();
  }

  /** All boxes at the top level; {@code moov} and {@code ftyp} with their content. */
  List<Box> topLevel() throws IOException {
    List<Box> boxes = new ArrayList<>();
    long offset = 0;
    while (offset < fileBytes) {
      if (boxes.size() == MAX_BOXES) {
        throw tooMany(offset);
      }
      ByteBuffer header = read(offset, (int) Math.min(LARGE_HEADER_BYTES, fileBytes - offset));
      Box box = header(header, offset, fileBytes - offset, "the file");
      if (box.type().equals("moov")) {
        box = load(box, MAX_MOOV_BYTES);
      } else if (box.type().equals("ftyp")) {
        box = load(box, MAX_FTYP_BYTES);
      }
      boxes.add(box);
      offset = box.endOffset();
    }
    return boxes;
  }

  private Box load(Box box, int maxBytes) throws IOException {
    if (box.sizeBytes() > maxBytes) {
      throw new MediaException.Unsupported(
          box.offset(),
          "a '" + box.type() + "' box of " + box.sizeBytes() + " bytes (expected: <= " + maxBytes
              + ")");
    }
    ByteBuffer content =
        read(box.offset() + box.headerBytes(), (int) box.sizeBytes() - box.headerBytes());
    return withContent(box, content.asReadOnlyBuffer(), 1);
  }

  private Box withContent(Box box, ByteBuffer content, int level) throws MediaException {
    List<Box> children =
        CONTAINERS.contains(box.type()) ? children(box, content, level + 1) : List.of();
    return new Box(box.type(), box.offset(), box.headerBytes(), box.sizeBytes(), content, children);
  }

  private List<Box> children(Box parent, ByteBuffer content, int level) throws MediaException {
    long base = parent.offset() + parent.headerBytes();
    if (level > MAX_NESTING) {
      throw new MediaException.Malformed(
          base, "boxes nested " + level + " deep (expected: <= " + MAX_NESTING + ")");
    }
    List<Box> children = new ArrayList<>();
    int at = 0;
    while (content.limit() - at
        >= HEADER_BYTES) { // some writers end a container with four zero bytes
      if (++nestedBoxes > MAX_BOXES) {
        throw tooMany(base + at);
      }
      int left = content.limit() - at;
      Box child =
          header(content.slice(at, left), base + at, left, "its parent '" + parent.type() + "'");
      int contentBytes = (int) child.sizeBytes() - child.headerBytes();
      children.add(
          withContent(child, content.slice(at + child.headerBytes(), contentBytes), level));
      at += (int) child.sizeBytes();
    }
    return children;
  }

  /** A box whose content is not loaded, from its header; it fits into what is left of its parent. */
  private static Box header(ByteBuffer bytes, long offset, long left, String parent)
      throws MediaException {
    if (left < HEADER_BYTES) {
      throw new MediaException.Malformed(
          offset, left + " bytes (expected: a box of at least " + HEADER_BYTES + ")");
    }
    long size = bytes.getInt(0) & 0xFFFF_FFFFL;
    byte[] type = new byte[4];
    bytes.get(4, type);
    String name = printable(type);
    int headerBytes = HEADER_BYTES;
    if (size == SIZE_TO_THE_END) {
      size = left;
    } else if (size == SIZE_IS_LARGE) {
      headerBytes = LARGE_HEADER_BYTES;
      if (left < headerBytes) {
        throw new MediaException.Malformed(
            offset, "'" + name + "' box: its 64-bit size is cut short");
      }
      size = bytes.getLong(8);
    }
    if (size < headerBytes || size > left) {
      throw new MediaException.Malformed(
          offset,
          "'" + name + "' box of " + Long.toUnsignedString(size) + " bytes (expected: "
              + headerBytes + " to " + left + ", the rest of " + parent + ")");
    }
    return new Box(name, offset, headerBytes, size, NOT_LOADED, List.of());
  }

  private ByteBuffer read(long offset, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    channel.position(offset);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new MediaException.Malformed(
            offset + bytes.position(), "the file ends here (expected: " + fileBytes + " bytes)");
      }
    }
    return bytes.flip();
  }

  private static MediaException tooMany(long offset) {
    return new MediaException.Malformed(offset, "one box more than " + MAX_BOXES);
  }

  private static String printable(byte[] type) {
    return new String(type, StandardCharsets.ISO_8859_1).replaceAll("[^ -~\u00A9]", "?");
  }
}
