package dev.tapeseal.media;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Takes everything, keeps nothing. */
final class NullChannel implements WritableByteChannel {

  @Override
  public int write(ByteBuffer source) {
    int taken = source.remaining();
    source.position(source.limit());
    return taken;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    // nothing is open
  }
}
