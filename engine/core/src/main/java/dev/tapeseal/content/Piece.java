package dev.tapeseal.content;

/** Which piece of a recording's ciphertext: one that others follow, or the last one. */
public enum Piece {
  MORE,
  LAST;

  /** The octets of every piece but the last, which has 1 to as many. */
  public static final int BYTES = 64 * 1024;

  /** How many pieces so many octets make. */
  public static long count(long octets) {
    return (octets + BYTES - 1) / BYTES;
  }
}
