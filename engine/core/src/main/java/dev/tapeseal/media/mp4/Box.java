package dev.tapeseal.media.mp4;

import dev.tapeseal.media.MediaException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * One box of an MP4 file.
 *
 * <p>Boxes inside {@code moov}, and {@code ftyp}, have their content in memory; of the others,
 * {@code mdat} above all, only the place is known.
 */
public final class Box {

  private final String type;
  private final long offset;
  private final int headerBytes;
  private final long sizeBytes;
  private final ByteBuffer content;
  private final List<Box> children;

  Box(
      String type,
      long offset,
      int headerBytes,
      long sizeBytes,
      ByteBuffer content,
      List<Box> children) {
    this.type = type;
    this.offset = offset;
    this.headerBytes = headerBytes;
    this.sizeBytes = sizeBytes;
    this.content = content;
    this.children = List.copyOf(children);
  }

  /** Its four characters, for example {@code moov}. */
  public String type() {
    return type;
  }

  /** Where it begins in the file. */
  public long offset() {
    return offset;
  }

  /** Size and type: 8 bytes, or 16 with a 64-bit size. */
  public int headerBytes() {
    return headerBytes;
  }

  /** Its whole size, header included. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** The byte after its last. */
  public long endOffset() {
    return offset + sizeBytes;
  }

  /** A read-only view of what follows the header, big-endian; empty where it is not in memory. */
  public ByteBuffer content() {
    return content.duplicate();
  }

  /** The boxes in it, in file order; empty for a box that is no container. */
  public List<Box> children() {
    return children;
  }

  /** The first child of a type. */
  public Optional<Box> child(String wanted) {
    for (Box child : children) {
      if (child.type.equals(wanted)) {
        return Optional.of(child);
      }
    }
    return Optional.empty();
  }

  /**
   * The first child of a type that must be there.
   *
   * @throws MediaException.Malformed where it is not
   */
  public Box require(String wanted) throws MediaException {
    return child(wanted)
        .orElseThrow(() -> new MediaException.Malformed(
            offset, "a '" + type + "' box without '" + wanted + "' (expected: one in it)"));
  }

  /** Reads its fields from the start. */
  BoxFields fields() {
    return new BoxFields(this);
  }

  @Override
  public String toString() {
    return type + "[offset=" + offset + ", size=" + sizeBytes + "]";
  }
}
