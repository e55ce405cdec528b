package dev.tapeseal.envelope;

import java.io.IOException;

/** Where in a message each octet of the content stands. Its size in memory does not depend on the content's. */
interface PieceMap {

  /** How many octets the content has. */
  long octets();

  /** Has the run cover an octet, which the content must have. */
  void locate(long octet, Run run) throws IOException;

  /** Octets that stand next to each other in the message. */
  final class Run {
    long octet;
    long offset;
    long length;

    boolean covers(long wanted) {
      return wanted >= octet && wanted - octet < length;
    }

    void set(long octet, long offset, long length) {
      this.octet = octet;
      this.offset = offset;
      this.length = length;
    }
  }
}
