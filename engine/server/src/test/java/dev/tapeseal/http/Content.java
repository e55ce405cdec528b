package dev.tapeseal.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Content of any length whose every byte is told by its position, and who counts what was opened, read and closed. */
class Content implements Representation.Opener {
  private static final byte[] PATTERN = new byte[4099]; // a prime, so that no block is like another

  static {
    new Random(42).nextBytes(PATTERN);
  }

  final long length;
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  final AtomicLong read = new AtomicLong();

  Content(long length) {
    this.length = length;
  }

  static byte at(long position) {
    return PATTERN[(int) (position % PATTERN.length)];
  }

  /** The bytes from one position up to another. */
  static byte[] bytes(long from, long to) {
    byte[] bytes = new byte[(int) (to - from)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = at(from + i);
    }
    return bytes;
  }

  @Override
  public SeekableByteChannel open() {
    opened.incrementAndGet();
    open.incrementAndGet();
    return new Channel();
  }

  /** What a read at a position throws; nothing here. */
  void beforeRead(long position) throws IOException {}

  private final class Channel implements SeekableByteChannel {
    private long position;
    private boolean closed;

    @Override
    public int read(ByteBuffer destination) throws IOException {
      if (closed) {
        throw new ClosedChannelException();
      }
      if (Thread.currentThread().getName().contains("loop")) {
        throw new IllegalStateException("read on an event loop");
      }
      beforeRead(position);
      if (position >= length) {
        return -1;
      }
      int count = (int) Math.min(length - position, destination.remaining());
      for (int i = 0; i < count; i++) {
        destination.put(at(position + i));
      }
      position += count;
      read.addAndGet(count);
      return count;
    }

    @Override
    public int write(ByteBuffer source) {
      throw new UnsupportedOperationException("content is read");
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
      position = newPosition;
      return this;
    }

    @Override
    public long size() {
      return length;
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException("content is read");
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
    }
  }
}
