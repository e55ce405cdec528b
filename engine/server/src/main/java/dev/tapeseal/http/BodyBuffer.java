package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Takes a body into memory, up to the route's length and what the server has for all bodies, and wipes it when the request
 * is answered.
 */
final class BodyBuffer implements Intake {
  private final long maxBytes;
  private final AtomicLong memory;
  private final Consumer<byte[]> whenWhole;
  private byte[] bytes = new byte[0];
  private byte[] whole = bytes;
  private int length;

  /**
   * Makes an empty one.
   *
   * @param memory the bytes that the server has left for bodies
   */
  BodyBuffer(long maxBytes, AtomicLong memory, Consumer<byte[]> whenWhole) {
    this.maxBytes = maxBytes;
    this.memory = memory;
    this.whenWhole = whenWhole;
  }

  @Override
  public void take(ByteBuf more) {
    int count = more.readableBytes();
    if (count > maxBytes - length) {
      throw BodyException.tooLarge(maxBytes);
    }
    if (length + count > bytes.length) {
      grow((int) Math.min(maxBytes, Math.max(length + count, 2L * bytes.length)));
    }
    more.readBytes(bytes, length, count);
    length += count;
  }

  @Override
  public int room() {
    return Integer.MAX_VALUE;
  }

  private void grow(int size) {
    int extra = size - bytes.length;
    if (memory.addAndGet(-extra) < 0) {
      memory.addAndGet(extra);
      throw HttpException.busy("There is no memory for another body now.");
    }
    byte[] smaller = bytes;
    bytes = Arrays.copyOf(smaller, size);
    Arrays.fill(smaller, (byte) 0); // it may hold a password or a key
  }

  @Override
  public void end() {
    whole = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    whenWhole.accept(whole);
  }

  @Override
  public void fail(IOException failure) {}

  @Override
  public void release() {
    memory.addAndGet(bytes.length);
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(whole, (byte) 0);
    bytes = new byte[0];
    length = 0;
  }
}
