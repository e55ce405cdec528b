package dev.tapeseal.bench;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Takes everything and keeps nothing, at no cost, so that a benchmark measures what stands before it. Forward-only,
 * as an HTTP PUT is: a recording of unknown length may go on for ever.
 */
final class NullChannel implements WritableByteChannel {
  private boolean open = true;

  @Override
  public int write(ByteBuffer source) {
    int length = source.remaining();
    source.position(source.limit());
    return length;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
