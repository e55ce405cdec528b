package dev.tapeseal.media;

import java.io.IOException;

/**
 * Where in a file MPEG audio can be: behind ID3v2 tags, and before ID3v1, Lyrics3v2 and APE tags at the end.
 *
 * @param startOffset the first byte that is no tag
 * @param endOffset the byte after the last that is no tag
 */
record Mp3Extent(long startOffset, long endOffset) {

  private static final int ID3V2_HEADER_BYTES = 10;
  private static final int ID3V1_BYTES = 128;
  private static final int APE_FOOTER_BYTES = 32;
  private static final int LYRICS_FOOTER_BYTES = 15; // six digits and "LYRICS200"
  private static final int MAX_TAGS = 16;

  static Mp3Extent of(BufferedInput input) throws IOException {
    long start = 0;
    for (int tags = 0; tags < MAX_TAGS; tags++) {
      long bytes = id3v2Bytes(input, start);
      if (bytes == 0) {
        break;
      }
      start += bytes;
    }
    start = Math.min(start, input.size());
    long end = input.size();
    for (int tags = 0; tags < MAX_TAGS; tags++) {
      long bytes = trailingTagBytes(input, start, end);
      if (bytes == 0) {
        break;
      }
      end -= bytes;
    }
    return new Mp3Extent(start, end);
  }

  /** The length of the ID3v2 tag at an offset, 0 where there is none. */
  static long id3v2Bytes(BufferedInput input, long offset) throws IOException {
    if (input.load(offset, ID3V2_HEADER_BYTES) < ID3V2_HEADER_BYTES
        || !input.ascii(offset).startsWith("ID3")
        || input.u8(offset + 3) == 0xFF
        || input.u8(offset + 4) == 0xFF) {
      return 0;
    }
    long size = 0;
    for (int i = 6; i < ID3V2_HEADER_BYTES; i++) {
      int bits = input.u8(offset + i);
      if (bits > 0x7F) { // sizes are "synchsafe": seven bits a byte
        return 0;
      }
      size = size << 7 | bits;
    }
    boolean footer = (input.u8(offset + 5) & 0x10) != 0;
    return ID3V2_HEADER_BYTES + size + (footer ? ID3V2_HEADER_BYTES : 0);
  }

  private static long trailingTagBytes(BufferedInput input, long start, long end)
      throws IOException {
    if (end - start >= ID3V1_BYTES && input.ascii(end - ID3V1_BYTES).startsWith("TAG")) {
      return ID3V1_BYTES;
    }
    if (end - start >= APE_FOOTER_BYTES
        && input.ascii(end - APE_FOOTER_BYTES).equals("APET")
        && input.ascii(end - APE_FOOTER_BYTES + 4).equals("AGEX")) {
      boolean header = (input.u8(end - 9) & 0x80) != 0;
      long size =
          input.u32LittleEndian(end - APE_FOOTER_BYTES + 12) + (header ? APE_FOOTER_BYTES : 0);
      return size >= APE_FOOTER_BYTES && size <= end - start ? size : APE_FOOTER_BYTES;
    }
    if (end - start >= LYRICS_FOOTER_BYTES
        && input.ascii(end - 9).equals("LYRI")
        && input.ascii(end - 5).equals("CS20")
        && input.u8(end - 1) == '0') {
      long size = LYRICS_FOOTER_BYTES;
      long scale = 1;
      for (int i = 0; i < 6; i++, scale *= 10) {
        size += scale * Math.floorMod(input.u8(end - 10 - i) - '0', 10);
      }
      return size <= end - start ? size : LYRICS_FOOTER_BYTES;
    }
    return 0;
  }
}
