package dev.tapeseal.content;

/**
 * Where a sealed recording's segments stand, by arithmetic: segment <i>i</i> begins at byte <i>i</i> · S of the file,
 * but segment 0 behind the header; the last one ends where the file does.
 *
 * @param segmentBytes S
 * @param fileBytes the file's length
 * @param segments how many there are, at least one
 */
record SegmentLayout(int segmentBytes, long fileBytes, long segments) {
  private static final int TAG_BYTES = GcmEncryptor.TAG_BYTES;

  /**
   * Lays out a file.
   *
   * @throws DamagedContentException where no sealed recording has this length: a segment is missing, or one was cut
   *     so short that nothing of it is left
   */
  static SegmentLayout of(int segmentBytes, long fileBytes) throws DamagedContentException {
    long segments = Math.max(0, fileBytes - 1) / segmentBytes + 1;
    long last = fileBytes - Math.max(SealedHeader.BYTES, (segments - 1) * segmentBytes);
    long least =
        segments > 1 ? TAG_BYTES + 1 : TAG_BYTES; // only an empty recording has an empty one
    if (last < least) {
      throw new DamagedContentException("sealed recording: " + fileBytes
          + " bytes, so its last segment has " + Math.max(0, last) + " (expected: >= " + least
          + "); was it cut short?");
    }
    if (segments > SegmentCipher.MAX_SEGMENTS) {
      throw new DamagedContentException("sealed recording: " + segments
          + " segments (expected: at most " + SegmentCipher.MAX_SEGMENTS + ")");
    }
    return new SegmentLayout(segmentBytes, fileBytes, segments);
  }

  /** The plaintext of a full segment. */
  static int capacity(int segmentBytes, long index) {
    return segmentBytes - TAG_BYTES - (index == 0 ? SealedHeader.BYTES : 0);
  }

  /** All of the plaintext. */
  long plaintextBytes() {
    return fileBytes - SealedHeader.BYTES - segments * TAG_BYTES;
  }

  /** Which segment has a byte of the plaintext. */
  long segmentOf(long position) {
    int first = capacity(segmentBytes, 0);
    return position < first ? 0 : 1 + (position - first) / capacity(segmentBytes, 1);
  }

  /** The position in the plaintext at which a segment begins. */
  long start(long index) {
    return index == 0 ? 0 : capacity(segmentBytes, 0) + (index - 1) * capacity(segmentBytes, index);
  }

  /** The offset in the file at which a segment begins. */
  long offset(long index) {
    return index == 0 ? SealedHeader.BYTES : index * segmentBytes;
  }

  /** A segment's bytes in the file, its tag included. */
  int sealedBytes(long index) {
    return (int) (Math.min(fileBytes, (index + 1) * segmentBytes) - offset(index));
  }

  /** Whether nothing follows a segment. */
  Piece which(long index) {
    return index == segments - 1 ? Piece.LAST : Piece.MORE;
  }
}
