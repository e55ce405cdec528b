package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A body as a channel: the event loop puts in, one worker reads and blocks while there is nothing. Asks for more only
 * while less than {@link #ENOUGH_BYTES} wait, so that a slow reader holds up its own client.
 */
final class BodyChannel implements Intake, ReadableByteChannel {
  private static final int ENOUGH_BYTES = 64 * 1024;

  private final long maxBytes;
  private final Runnable wantMore;
  private final Deque<ByteBuf> waiting = new ArrayDeque<>(); // all below: guarded by this
  private int waitingBytes;
  private long takenBytes;
  private boolean paused;
  private boolean ended;
  private boolean closed;
  private @Nullable IOException failure;

  /**
   * Makes an empty one.
   *
   * @param wantMore called by the reader when a pause is over
   */
  BodyChannel(long maxBytes, Runnable wantMore) {
    this.maxBytes = maxBytes;
    this.wantMore = wantMore;
  }

  @Override
  public synchronized void take(ByteBuf bytes) {
    int count = bytes.readableBytes();
    takenBytes += count;
    if (takenBytes > maxBytes) {
      throw BodyException.tooLarge(maxBytes);
    }
    if (count > 0 && !closed) {
      waiting.add(bytes.retain());
      waitingBytes += count;
      notifyAll();
    }
  }

  @Override
  public synchronized boolean wantsMore() {
    paused = waitingBytes >= ENOUGH_BYTES;
    return !paused;
  }

  @Override
  public synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public synchronized void fail(IOException why) {
    if (!ended && failure == null) {
      failure = why;
      notifyAll();
    }
  }

  @Override
  public int read(ByteBuffer destination) throws IOException {
    int count;
    boolean resume;
    synchronized (this) {
      awaitBytes();
      ByteBuf bytes = waiting.peek();
      if (bytes == null) {
        return -1;
      }
      count = Math.min(bytes.readableBytes(), destination.remaining());
      ByteBuffer part = destination.slice().limit(count);
      bytes.readBytes(part);
      destination.position(destination.position() + count);
      waitingBytes -= count;
      if (!bytes.isReadable()) {
        waiting.remove().release();
      }
      resume = paused && waitingBytes < ENOUGH_BYTES;
      paused &= !resume;
    }
    if (resume) {
      wantMore.run();
    }
    return count;
  }

  private synchronized void awaitBytes() throws IOException {
    try {
      while (waiting.isEmpty() && !ended && !closed && failure == null) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("body: interrupted", e);
    }
    if (closed) {
      throw new ClosedChannelException();
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public synchronized boolean isOpen() {
    return !closed;
  }

  /** What the client still sends is not wanted: the connection ends with the answer. */
  @Override
  public void close() {
    release();
  }

  @Override
  public synchronized void release() {
    closed = true;
    waiting.forEach(ByteBuf::release);
    waiting.clear();
    waitingBytes = 0;
    notifyAll();
  }
}
