package dev.tapeseal.envelope;

import java.io.IOException;
import java.util.Arrays;

/**
 * Pieces of any length: the place of every n-th is kept, and from there the headers are walked again. At most
 * {@value #MAX_CHECKPOINTS} places are kept, n grows with the number of pieces. Going on where the last run ended
 * costs one header.
 *
 * <p>The structure was checked when the message was opened, so walking again only tells headers from octets.
 */
final class SparsePieces implements PieceMap {
  private static final int MAX_CHECKPOINTS = 2048;
  private static final int LONG_FORM = 0x80;
  private static final int END_MARK_BYTES = 2;

  private final MessageWindow message;
  private final long[] octets = new long[MAX_CHECKPOINTS];
  private final long[] offsets = new long[MAX_CHECKPOINTS]; // of headers
  private int checkpoints;
  private long interval = 1;
  private long pieces;
  private long totalOctets;

  SparsePieces(MessageWindow message) {
    this.message = message;
  }

  /** Takes the next piece, while the message is opened. */
  void add(long headerOffset, long length) {
    if (pieces % interval == 0) {
      if (checkpoints == MAX_CHECKPOINTS) {
        halve();
      }
      if (pieces % interval == 0) {
        octets[checkpoints] = totalOctets;
        offsets[checkpoints] = headerOffset;
        checkpoints++;
      }
    }
    pieces++;
    totalOctets += length;
  }

  private void halve() {
    for (int i = 1; 2 * i < checkpoints; i++) {
      octets[i] = octets[2 * i];
      offsets[i] = offsets[2 * i];
    }
    checkpoints /= 2;
    interval *= 2;
  }

  @Override
  public long octets() {
    return totalOctets;
  }

  @Override
  public void locate(long octet, Run run) throws IOException {
    int checkpoint = Arrays.binarySearch(octets, 0, checkpoints, octet);
    if (checkpoint < 0) {
      checkpoint = -checkpoint - 2;
    }
    boolean onwards = run.length > 0 && run.octet <= octet && run.octet >= octets[checkpoint];
    long at = onwards ? run.octet + run.length : octets[checkpoint];
    long header = onwards ? run.offset + run.length : offsets[checkpoint];
    do {
      header = walkTo(at, header, run);
      at += run.length;
    } while (!run.covers(octet));
  }

  /** Has the run be the first piece with octets whose header is at or behind an offset; returns where it ends. */
  private long walkTo(long octet, long header, Run run) throws IOException {
    long at = header;
    while (true) {
      int tag = message.byteAt(at);
      int first = message.byteAt(at + 1);
      if (tag == 0) {
        at += END_MARK_BYTES;
        continue;
      }
      int lengthOctets = first > LONG_FORM ? first - LONG_FORM : 0;
      long length = lengthOctets == 0 ? first : 0;
      for (int i = 0; i < lengthOctets; i++) {
        length = length << Byte.SIZE | message.byteAt(at + 2 + i);
      }
      at += 2 + lengthOctets;
      if (tag == BerInput.OCTET_STRING && length > 0) {
        if (octet + length > totalOctets || length < 0) {
          throw new EnvelopeException.Damaged("the message was changed while it was read");
        }
        run.set(octet, at, length);
        return at + length;
      }
      if (tag != BerInput.OCTET_STRING && tag != (BerInput.OCTET_STRING | BerInput.CONSTRUCTED)) {
        throw new EnvelopeException.Damaged("the message was changed while it was read");
      }
    }
  }
}
