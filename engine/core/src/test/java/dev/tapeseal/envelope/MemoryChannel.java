package dev.tapeseal.envelope;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/** A file in memory. */
final class MemoryChannel implements SeekableByteChannel {
  private byte[] bytes;
  private int size;
  private long position;
  private boolean open = true;

  MemoryChannel(byte[] bytes) {
    this.bytes = bytes.clone();
    this.size = bytes.length;
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }

  @Override
  public int read(ByteBuffer target) throws ClosedChannelException {
    requireOpen();
    if (position >= size) {
      return -1;
    }
    int read = (int) Math.min(target.remaining(), size - position);
    target.put(bytes, (int) position, read);
    position += read;
    return read;
  }

  @Override
  public int write(ByteBuffer source) throws ClosedChannelException {
    requireOpen();
    int written = source.remaining();
    int end = Math.toIntExact(position + written);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end));
    }
    source.get(bytes, (int) position, written);
    position = end;
    size = Math.max(size, end);
    return written;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition; // behind the end too, as in a file
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public SeekableByteChannel truncate(long newSize) {
    size = Math.min(size, Math.toIntExact(newSize));
    return this;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }

  private void requireOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }
}
