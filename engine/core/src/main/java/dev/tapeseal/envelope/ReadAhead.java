package dev.tapeseal.envelope;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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

  private record Result(@Nullable ByteBuffer read, @Nullable Exception failure) {}

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
    Exception failure = null;
    try {
      boolean more = true;
      while (more) {
        ByteBuffer buffer = free.take().clear();
        more = fill(buffer);
        results.add(new Result(buffer.flip(), null));
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    } catch (InterruptedException e) {
      failure = new InterruptedIOException("reading was interrupted");
    }
    results.add(new Result(null, failure));
  }

  /** Returns whether there may be more. */
  private boolean fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
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
    return result.read;
  }

  void giveBack(ByteBuffer buffer) {
    free.add(buffer);
  }

  /**
   * Stops reading. The source is not used after this returns, unless it is one that cannot be interrupted, as a pipe
   * that nobody writes to: such a read is left behind after {@value #PATIENCE_MILLIS} ms.
   */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
