package dev.tapeseal.envelope;

import java.io.IOException;

/**
 * Walks through the pieces of an OCTET STRING: one where it is primitive, any number, nested too, where it is
 * constructed (X.690 section 8.7). Empty pieces are passed over.
 */
final class OctetPieces {
  private static final int CONSTRUCTED_OCTET_STRING = BerInput.OCTET_STRING | BerInput.CONSTRUCTED;
  private static final String NAME = "an OCTET STRING";

  private final BerInput in;
  private final boolean constructed;
  private final int outside;
  private boolean within;
  private long length;
  private long headerOffset;

  /**
   * Walks through the OCTET STRING that was opened in {@code in} last.
   *
   * @param primitiveLength the content's length where it is primitive, otherwise -1
   */
  OctetPieces(BerInput in, long primitiveLength) {
    this.in = in;
    this.outside = in.depth();
    this.constructed = primitiveLength < 0;
    this.length = primitiveLength;
    this.headerOffset = in.position();
  }

  boolean isConstructed() {
    return constructed;
  }

  /**
   * Goes to the next piece; its octets stand next in the input, and are read or skipped before the next call.
   *
   * @return false where there is none: the input is at the end of the OCTET STRING
   */
  boolean next() throws IOException {
    if (!constructed) {
      boolean first = !within;
      within = true;
      return first && length > 0;
    }
    if (within) {
      in.close(NAME);
      within = false;
    }
    while (true) {
      if (in.atEnd()) {
        if (in.depth() == outside) {
          return false;
        }
        in.close(NAME);
      } else if (in.nextTag() == CONSTRUCTED_OCTET_STRING) {
        in.open(CONSTRUCTED_OCTET_STRING, NAME);
      } else {
        headerOffset = in.position();
        length = in.open(BerInput.OCTET_STRING, NAME);
        if (length > 0) {
          within = true;
          return true;
        }
        in.close(NAME);
      }
    }
  }

  /** The octets of this piece. */
  long length() {
    return length;
  }

  /** Where this piece's tag stands in the message; for a primitive string, where its content begins. */
  long headerOffset() {
    return headerOffset;
  }
}
