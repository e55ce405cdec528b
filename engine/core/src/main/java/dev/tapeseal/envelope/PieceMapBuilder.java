package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;

/**
 * Walks through an envelope's content once, reading headers only, and finds the smallest map of it. Costs one short
 * read for every piece.
 */
final class PieceMapBuilder {
  private static final long UNKNOWN = -1;

  private final SparsePieces sparse;
  private long firstOffset;
  private long firstLength;
  private long strideBytes = UNKNOWN;
  private long lastOffset;
  private long lastLength;
  private boolean regular = true;
  private long count;

  private PieceMapBuilder(SeekableByteChannel message) {
    sparse = new SparsePieces(new MessageWindow(message));
  }

  /** Maps the content that stands next in the input, and leaves the input at its end. */
  static PieceMap map(SeekableByteChannel message, BerInput in, OctetPieces pieces)
      throws IOException {
    PieceMapBuilder builder = new PieceMapBuilder(message);
    while (pieces.next()) {
      builder.add(pieces.headerOffset(), in.position(), pieces.length());
      in.skip(pieces.length());
    }
    return builder.map();
  }

  private void add(long headerOffset, long offset, long length) {
    sparse.add(headerOffset, length);
    if (count == 0) {
      firstOffset = offset;
      firstLength = length;
    } else if (lastLength != firstLength || length > firstLength) {
      regular = false;
    } else if (length == firstLength && strideBytes == UNKNOWN) {
      strideBytes = offset - lastOffset;
    } else if (length == firstLength && offset - lastOffset != strideBytes) {
      regular = false;
    }
    lastOffset = offset;
    lastLength = length;
    count++;
  }

  private PieceMap map() {
    if (!regular) {
      return sparse;
    }
    return new RegularPieces(
        sparse.octets(),
        firstOffset,
        Math.max(firstLength, 1),
        Math.max(strideBytes, 0),
        lastOffset);
  }
}
