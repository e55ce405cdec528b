package dev.tapeseal.media;

import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** The first bytes of a file as if they were all of it. */
final class HeadChannel implements SeekableByteChannel {
  private final ByteBuffer head;
  private long position;

  HeadChannel(ByteBuffer head) {
    this.head = head.slice();
  }

  @Override
  public int read(ByteBuffer target) {
    if (position >= head.limit()) {
      return -1;
    }
    int count = Math.min(target.remaining(), head.limit() - (int) position);
    target.put(head.slice((int) position, count));
    position += count;
    return count;
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
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
    return head.limit();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
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
