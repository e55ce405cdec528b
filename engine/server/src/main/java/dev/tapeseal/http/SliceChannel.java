package dev.tapeseal.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Exactly as many bytes as were promised: it ends after them, and a source that ends before them is an {@code
 * EOFException}, never a short answer. Closing it closes the source.
 */
final class SliceChannel implements ReadableByteChannel {
  private final ReadableByteChannel source;
  private long remaining;

  SliceChannel(ReadableByteChannel source, long lengthBytes) {
    this.source = source;
    this.remaining = lengthBytes;
  }

  @Override
  public int read(ByteBuffer destination) throws IOException {
    if (remaining == 0) {
      return -1;
    }
    int limit = destination.limit();
    if (destination.remaining() > remaining) {
      destination.limit(destination.position() + (int) remaining);
    }
    try {
      int read = source.read(destination);
      if (read < 0) {
        throw new EOFException("content: " + remaining + " bytes fewer than promised");
      }
      remaining -= read;
      return read;
    } finally {
      destination.limit(limit);
    }
  }

  @Override
  public boolean isOpen() {
    return source.isOpen();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
