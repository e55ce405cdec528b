package dev.tapeseal.media;

import java.nio.ByteBuffer;

/**
 * Silent MP3 frames, and frames made silent.
 *
 * <p>A frame whose side information is all zero has no coefficient: every decoder makes silence of
 * it, and reads nothing of its main data area. That area may therefore carry main data of other
 * frames, as the bit reservoir does.
 */
final class Mp3Silence {

  private static final int NO_CRC = 0x1_0000;
  private static final int PADDING = 0x200;
  private static final int PRIVATE_AND_MODE_EXTENSION = 0x130;
  private static final int CRC_POLYNOMIAL = 0x8005;

  private Mp3Silence() {}

  /**
   * The header of a silent frame for a stream that another header is of: the same but CRC and
   * padding.
   */
  static int header(int like) {
    return (like | NO_CRC) & ~(PADDING | PRIVATE_AND_MODE_EXTENSION);
  }

  /** The same header with a byte of padding. */
  static int padded(int header) {
    return header | PADDING;
  }

  /** How far back a frame's main data begin, in bytes of main data. */
  static int mainDataBegin(ByteBuffer frame, int header) {
    int side =
        frame.position() + Mp3Header.mainDataOffset(header) - Mp3Header.sideInfoBytes(header);
    int first = frame.get(side) & 0xFF;
    return Mp3Header.isMpeg1(header) ? first << 1 | (frame.get(side + 1) & 0xFF) >>> 7 : first;
  }

  /** A silent frame that stands alone, for a stream that a header is of. */
  static byte[] frame(int like) {
    int header = header(like);
    byte[] frame = new byte[Mp3Header.frameBytes(header)];
    begin(frame, header, 0);
    return frame;
  }

  /** Writes header and side information of a silent frame. */
  static void begin(byte[] frame, int header, int mainDataBegin) {
    frame[0] = (byte) (header >>> 24);
    frame[1] = (byte) (header >>> 16);
    frame[2] = (byte) (header >>> 8);
    frame[3] = (byte) header;
    mute(frame, header, mainDataBegin);
  }

  /** Makes a frame silent where it is; its main data stay for the frames after it. */
  static void mute(byte[] frame, int header, int mainDataBegin) {
    int side = Mp3Header.mainDataOffset(header) - Mp3Header.sideInfoBytes(header);
    for (int i = 0; i < Mp3Header.sideInfoBytes(header); i++) {
      frame[side + i] = 0;
    }
    if (Mp3Header.isMpeg1(header)) { // 9 bits
      frame[side] = (byte) (mainDataBegin >>> 1);
      frame[side + 1] = (byte) (mainDataBegin << 7);
    } else { // 8 bits
      frame[side] = (byte) mainDataBegin;
    }
    if (Mp3Header.hasCrc(header)) {
      int crc = crc(crc(0xFFFF, frame, 2, 2), frame, side, Mp3Header.sideInfoBytes(header));
      frame[Mp3Header.HEADER_BYTES] = (byte) (crc >>> 8);
      frame[Mp3Header.HEADER_BYTES + 1] = (byte) crc;
    }
  }

  private static int crc(int start, byte[] bytes, int from, int count) {
    int crc = start;
    for (int i = from; i < from + count; i++) {
      crc ^= (bytes[i] & 0xFF) << 8;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        crc = (crc << 1) ^ ((crc & 0x8000) != 0 ? CRC_POLYNOMIAL : 0);
      }
    }
    return crc & 0xFFFF;
  }
}
