package dev.tapeseal.http;

/**
 * A part of a representation.
 *
 * @param first counts from 0
 * @param last included
 */
record ByteRange(long first, long last) {

  ByteRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException(
          "range: " + first + "-" + last + " (expected: 0 <= first <= last)");
    }
  }

  long length() {
    return last - first + 1;
  }

  /** As {@code Content-Range} has it (RFC 9110 section 14.4). */
  String contentRange(long completeLength) {
    return "bytes " + first + "-" + last + "/" + completeLength;
  }
}
