package dev.tapeseal.envelope;

/**
 * Pieces of equal length, each behind a header of equal length; the last may be shorter. One run of octets is one
 * such piece. Found by arithmetic.
 *
 * @param octets how many octets all have together
 * @param firstOffset where the first piece's octets begin
 * @param pieceBytes the octets of a piece
 * @param strideBytes from one piece's octets to the next one's
 * @param lastOffset where the last piece's octets begin, whose header may be another
 */
record RegularPieces(
    long octets, long firstOffset, long pieceBytes, long strideBytes, long lastOffset)
    implements PieceMap {

  @Override
  public void locate(long octet, Run run) {
    long piece = octet / pieceBytes;
    long first = piece * pieceBytes;
    boolean last = octets - first <= pieceBytes;
    run.set(
        first,
        last ? lastOffset : firstOffset + piece * strideBytes,
        last ? octets - first : pieceBytes);
  }
}
