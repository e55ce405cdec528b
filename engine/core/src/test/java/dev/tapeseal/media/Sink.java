package dev.tapeseal.media;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A destination in memory that takes a few bytes at a time, and fails when it is told to. */
final class Sink implements WritableByteChannel {

  private static final int MOST_BYTES_AT_ONCE = 1000;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean open = true;
  boolean full;

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (full) {
      throw new IOException("no space left");
    }
    int taken = Math.min(source.remaining(), MOST_BYTES_AT_ONCE);
    byte[] piece = new byte[taken];
    source.get(piece);
    bytes.write(piece, 0, taken);
    return taken;
  }

  byte[] bytes() {
    return bytes.toByteArray();
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
