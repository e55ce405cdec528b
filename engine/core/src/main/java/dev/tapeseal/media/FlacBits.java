package dev.tapeseal.media;

/** Writes one FLAC frame bit by bit, with the two checksums that it carries. Allocates nothing. */
final class FlacBits {
  private static final int CRC8_POLYNOMIAL = 0x07;
  private static final int CRC16_POLYNOMIAL = 0x8005;
  private static final int[] CRC8 = table(CRC8_POLYNOMIAL, 8);
  private static final int[] CRC16 = table(CRC16_POLYNOMIAL, 16);
  private static final int MAX_AT_ONCE = 32;

  private byte[] target = {};
  private int length;
  private long pending; // the bits that are no whole byte yet, lowest last
  private int pendingBits;

  void begin(byte[] target) {
    this.target = target;
    length = 0;
    pending = 0;
    pendingBits = 0;
  }

  /** The lowest bits of a value, 1 to 32 of them. */
  void put(int value, int bits) {
    pending = (pending << bits) | (value & ((1L << bits) - 1));
    pendingBits += bits;
    while (pendingBits >= Byte.SIZE) {
      pendingBits -= Byte.SIZE;
      target[length++] = (byte) (pending >>> pendingBits);
    }
  }

  /** So many zeros and a one. */
  void putUnary(long zeros) {
    long left = zeros;
    for (; left >= MAX_AT_ONCE; left -= MAX_AT_ONCE) {
      put(0, MAX_AT_ONCE);
    }
    put(1, (int) left + 1);
  }

  void putRice(long value, int parameter) {
    putUnary(value >>> parameter);
    if (parameter > 0) {
      put((int) value, parameter);
    }
  }

  /** A number as UTF-8 would have it, up to 36 bits. */
  void putUtf8(long number) {
    if (number < 0x80) {
      put((int) number, Byte.SIZE);
      return;
    }
    int following = 1;
    while (following < 6 && number >>> (5 * following + 6) != 0) {
      following++;
    }
    int lead = (0xFF00 >>> (following + 1)) & 0xFF;
    put(lead | (int) (number >>> (6 * following)), Byte.SIZE);
    for (int i = following - 1; i >= 0; i--) {
      put((int) (0x80 | ((number >>> (6 * i)) & 0x3F)), Byte.SIZE);
    }
  }

  /** The checksum of all that was put, which are whole bytes. */
  void putHeaderCrc() {
    int crc = 0;
    for (int i = 0; i < length; i++) {
      crc = CRC8[crc ^ (target[i] & 0xFF)];
    }
    put(crc, Byte.SIZE);
  }

  /** Fills the last byte, adds the frame's checksum, and answers the frame's length. */
  int end() {
    if (pendingBits > 0) {
      put(0, Byte.SIZE - pendingBits);
    }
    int crc = 0;
    for (int i = 0; i < length; i++) {
      crc = ((crc << 8) ^ CRC16[(crc >>> 8) ^ (target[i] & 0xFF)]) & 0xFFFF;
    }
    put(crc, Short.SIZE);
    return length;
  }

  private static int[] table(int polynomial, int width) {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << (width - 8);
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc << 1) ^ ((crc & (1 << (width - 1))) != 0 ? polynomial : 0);
      }
      table[i] = crc & ((1 << width) - 1);
    }
    return table;
  }
}
