package dev.tapeseal.content;

import java.io.IOException;

/** Takes a recording's ciphertext, piece after piece. */
public interface PieceSink {

  /**
   * Takes what an unfinished piece has so far; called where someone wants safe what there is, also where nothing has come
   * since.
   *
   * @param piece whose octets before {@code from} were taken before
   */
  void grown(PieceBuffer piece, int from) throws IOException;

  /**
   * Takes a complete piece.
   *
   * @param piece whose octets before {@code from} were taken before
   * @return the buffer for the next piece: this one, or another where this one is still in use
   */
  PieceBuffer completed(PieceBuffer piece, int from) throws IOException;
}
