package dev.tapeseal.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Gathers the frames of a clear recording, so that a frame costs no system call. Confined to one thread. */
final class BufferedDestination implements WritableByteChannel {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final WritableByteChannel destination;
  private final ByteBuffer gathered = ByteBuffer.allocate(BUFFER_BYTES);
  private boolean failed;

  BufferedDestination(WritableByteChannel destination) {
    this.destination = destination;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int length = source.remaining();
    if (length > gathered.remaining()) {
      flush();
    }
    if (length > gathered.capacity()) {
      writeFully(source);
    } else {
      gathered.put(source);
    }
    return length;
  }

  void flush() throws IOException {
    gathered.flip();
    writeFully(gathered);
    gathered.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    if (failed) {
      throw new IOException("recording: a write failed before, it can only be closed");
    }
    failed = true;
    while (bytes.hasRemaining()) {
      destination.write(bytes);
    }
    failed = false;
  }

  @Override
  public boolean isOpen() {
    return destination.isOpen();
  }

  @Override
  public void close() throws IOException {
    try (destination) {
      if (destination.isOpen() && !failed) {
        flush();
      }
    }
  }
}
