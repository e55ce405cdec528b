package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A body as a channel: the event loop puts in, one worker reads and blocks while there is nothing. No more than {@link
 * #CAPACITY_BYTES} wait, so that a slow reader holds up its own client.
 */
final class BodyChannel implements Intake, ReadableByteChannel {
  private static final int CAPACITY_BYTES = 64 * 1024;

  private final long maxBytes;
  private final Runnable wantMore;
  private byte[] ring = new byte[CAPACITY_BYTES]; // all below: guarded by this
  private int first;
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
  public synchronized int room() {
    int room = closed ? 0 : CAPACITY_BYTES - waitingBytes;
    paused = room == 0;
    return room;
  }

  @Override
  public synchronized void take(ByteBuf bytes) {
    takenBytes += bytes.readableBytes();
    if (takenBytes > maxBytes) {
      throw BodyException.tooLarge(maxBytes);
    }
    while (bytes.isReadable() && !closed) {
      int at = (first + waitingBytes) % CAPACITY_BYTES;
      int free = CAPACITY_BYTES - Math.max(at, waitingBytes); // up to the end, and in all
      int count = Math.min(bytes.readableBytes(), free);
      bytes.readBytes(ring, at, count);
      waitingBytes += count;
    }
    notifyAll();
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
      if (waitingBytes == 0) {
        return -1;
      }
      count = Math.min(destination.remaining(), Math.min(waitingBytes, CAPACITY_BYTES - first));
      destination.put(ring, first, count);
      first = (first + count) % CAPACITY_BYTES;
      waitingBytes -= count;
      resume = paused && waitingBytes <= CAPACITY_BYTES / 2;
      paused &= !resume;
    }
    if (resume) {
      wantMore.run();
    }
    return count;
  }

  private synchronized void awaitBytes() throws IOException {
    try {
      while (waitingBytes == 0 && !ended && !closed && failure == null) {
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
    waitingBytes = 0;
    ring = new byte[0];
    notifyAll();
  }
}
