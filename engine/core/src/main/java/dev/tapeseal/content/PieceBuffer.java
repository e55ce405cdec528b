package dev.tapeseal.content;

import java.nio.ByteBuffer;

/** A piece of ciphertext while it grows, and a view of it for channels that is made only once. */
public final class PieceBuffer {
  private final byte[] octets;
  private final ByteBuffer view;
  private int length;
  private Piece which = Piece.MORE;

  /** Has room for a piece of CBC, or for a sealed segment of so many bytes. */
  public PieceBuffer(int capacity) {
    octets = new byte[capacity];
    view = ByteBuffer.wrap(octets);
  }

  /** The piece's octets, from the array's start; an own array for every buffer. */
  public byte[] octets() {
    return octets;
  }

  /** How many octets there are. */
  public int length() {
    return length;
  }

  /** Once the piece is complete, whether it is the last. */
  public Piece which() {
    return which;
  }

  /** The octets from an offset to the end, as channels take them; the same view at every call. */
  public ByteBuffer from(int offset) {
    return view.limit(length).position(offset);
  }

  void grow(int octets) {
    length += octets;
  }

  void complete(Piece which) {
    this.which = which;
  }

  void clear() {
    length = 0;
    which = Piece.MORE;
  }
}
