package dev.tapeseal.content;

import java.io.IOException;

/** Reads a recording's content at random, whatever its cipher. Confined to one thread. */
public interface ContentReader extends AutoCloseable {

  /** The plaintext's length. */
  long size();

  /**
   * Reads plaintext from a position on.
   *
   * @return how many bytes, less than {@code length} only where the content ends or a damaged piece follows; -1 at or
   *     behind its end
   * @throws DamagedContentException where the piece at the position is not what was encrypted; nothing of it is then in
   *     the array
   */
  int read(long position, byte[] target, int offset, int length) throws IOException;

  /** Wipes the plaintext that was kept, and forgets the keys. */
  @Override
  void close();
}
