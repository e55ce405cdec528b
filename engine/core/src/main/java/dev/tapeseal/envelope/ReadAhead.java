package dev.tapeseal.envelope;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a channel to its end on a thread of its own, into {@value #BUFFERS} buffers that are used again and again.
 *
 * <p>One thread takes and gives back. A failure of reading is thrown in its turn, behind what was read before it.
 */
final class ReadAhead implements AutoCloseable {
  private static final int BUFFERS = 4;
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final long PATIENCE_MILLIS = 2000;

  private record Result(@Nullable ByteBuffer read, @Nullable Throwable failure) {}

  private final ReadableByteChannel source;
  private final BlockingQueue<Result> results = new ArrayBlockingQueue<>(BUFFERS + 1);
  private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(BUFFERS);
  private final Thread thread = new Thread(this::work, "tapeseal-read-ahead");

  ReadAhead(ReadableByteChannel source) {
    this.source = source;
    for (int i = 0; i < BUFFERS; i++) {
      free.add(ByteBuffer.allocate(BUFFER_BYTES));
    }
    thread.setDaemon(true);
    thread.start();
  }

  private void work() {
    Throwable failure = null;
    try {
      boolean more = true;
      while (more) {
        ByteBuffer buffer = free.take().clear();
        try {
          more = fill(buffer);
        } finally { // what was read before a failure is as good as if there were none
          results.add(new Result(buffer.flip(), null));
        }
      }
    } catch (InterruptedException e) {
      failure = new InterruptedIOException("reading was interrupted");
    } catch (Throwable e) { // an Error too: whoever waits for this thread must hear of it
      failure = e;
    }
    results.add(new Result(null, failure));
  }

  /** Returns whether there may be more. */
  private boolean fill(ByteBuffer buffer) throws IOException, InterruptedException {
    while (buffer.hasRemaining()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (source.read(buffer) < 0) {
        return false;
      }
    }
    return true;
  }

  /** What was read next, which is to be given back; null at the end. */
  @Nullable
  ByteBuffer take() throws IOException {
    Result result;
    try {
      result = results.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("waiting for the source was interrupted");
    }
    if (result.failure instanceof IOException e) {
      throw e;
    }
    if (result.failure instanceof RuntimeException e) {
      throw e;
    }
    if (result.failure instanceof Error e) {
      throw e;
    }
    return result.read;
  }

  void giveBack(ByteBuffer buffer) {
    free.add(buffer);
  }

  /**
   * Stops reading. The source is not used after this returns, unless it is one that cannot be interrupted, as a pipe
   * that nobody writes to: such a read is left behind after {@value #PATIENCE_MILLIS} ms. Interrupting a read may close
   * the source.
   */
  @Override
  public void close() {
    thread.interrupt();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    boolean interrupted = false;
    while (thread.isAlive() && System.nanoTime() - deadline < 0) {
      try {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
