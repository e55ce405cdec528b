package dev.tapeseal.media;

import java.io.IOException;

/**
 * Finds where MPEG audio frames begin among bytes that are something else.
 *
 * <p>Eleven set bits occur anywhere, so a header counts when the frames after it are where it says,
 * and of the same stream: two of them, or fewer where the audio ends exactly behind the last.
 */
final class Mp3Sync {

  /** How much that is no audio is passed over before, or between, frames. */
  static final int MAX_GARBAGE_BYTES = 256 * 1024;

  static final long NOT_FOUND = -1;

  private static final int CONFIRMING_FRAMES = 2;
  private static final int LOOKAHEAD_BYTES = (CONFIRMING_FRAMES + 1) * Mp3Header.MAX_FRAME_BYTES;
  private static final int FREE_FORMAT_FRAME_BYTES = 8 * 1024;

  private Mp3Sync() {}

  /** Whether there is an ID3v2 tag in front, or frames of any layer. */
  static boolean isMp3(BufferedInput input) throws IOException {
    Mp3Extent extent = Mp3Extent.of(input);
    return extent.startOffset() > 0
        || find(input, 0, extent.endOffset()) != NOT_FOUND
        || isFreeFormat(input, 0, extent.endOffset());
  }

  /** The first confirmed frame at or after an offset, or {@link #NOT_FOUND} within the bound. */
  static long find(BufferedInput input, long from, long end) throws IOException {
    long last = Math.min(from + MAX_GARBAGE_BYTES, end - Mp3Header.HEADER_BYTES);
    for (long offset = from; offset <= last; offset++) {
      input.load(offset, LOOKAHEAD_BYTES);
      if (input.u8(offset) == 0xFF && isConfirmed(input, offset, end)) {
        return offset;
      }
    }
    return NOT_FOUND;
  }

  /** Whether a frame is at an offset, with the frames after it where it says. */
  static boolean isConfirmed(BufferedInput input, long offset, long end) throws IOException {
    input.load(offset, LOOKAHEAD_BYTES);
    if (offset + Mp3Header.HEADER_BYTES > end) {
      return false;
    }
    int first = input.i32(offset);
    if (!Mp3Header.isValid(first)) {
      return false;
    }
    long next = offset + Mp3Header.frameBytes(first);
    for (int confirmed = 0; confirmed < CONFIRMING_FRAMES; confirmed++) {
      if (next == end) {
        return true;
      }
      if (next + Mp3Header.HEADER_BYTES > end) {
        return confirmed > 0; // a last frame that is cut short behind one that is whole
      }
      int header = input.i32(next);
      if (!Mp3Header.isValid(header) || !Mp3Header.isSameStream(first, header)) {
        return false;
      }
      next += Mp3Header.frameBytes(header);
    }
    return true;
  }

  /** Whether a free-format frame is at an offset, and another after a plausible length. */
  static boolean isFreeFormat(BufferedInput input, long offset, long end) throws IOException {
    if (offset + Mp3Header.HEADER_BYTES > end || !Mp3Header.isFreeFormat(input.i32(offset))) {
      return false;
    }
    int first = input.i32(offset);
    long last = Math.min(offset + FREE_FORMAT_FRAME_BYTES, end - Mp3Header.HEADER_BYTES);
    for (long next = offset + 24; next <= last; next++) {
      int header = input.i32(next);
      if (Mp3Header.isFreeFormat(header) && Mp3Header.isSameStream(first, header)) {
        return true;
      }
    }
    return false;
  }
}
