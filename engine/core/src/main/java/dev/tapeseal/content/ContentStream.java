package dev.tapeseal.content;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a recording's content as it comes, whatever its cipher. Confined to one thread. */
public interface ContentStream extends AutoCloseable {

  /**
   * Reads what comes next. After an exception every read throws it again.
   *
   * @return how many bytes, or -1 once the content has ended as it should
   * @throws DamagedContentException where a piece is not what was encrypted, or the last ones are missing
   */
  int read(ByteBuffer target) throws IOException;

  /** Wipes the plaintext that was held, and forgets the keys. */
  @Override
  void close();
}
