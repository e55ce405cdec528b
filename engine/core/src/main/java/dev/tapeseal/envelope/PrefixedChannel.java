package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** What was read ahead from a channel, then the rest of it. */
record PrefixedChannel(ByteBuffer prefix, ReadableByteChannel rest) implements ReadableByteChannel {

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!prefix.hasRemaining()) {
      return rest.read(target);
    }
    int part = Math.min(target.remaining(), prefix.remaining());
    target.put(target.position(), prefix, prefix.position(), part);
    target.position(target.position() + part);
    prefix.position(prefix.position() + part);
    return part;
  }

  @Override
  public boolean isOpen() {
    return rest.isOpen();
  }

  @Override
  public void close() throws IOException {
    rest.close();
  }
}
