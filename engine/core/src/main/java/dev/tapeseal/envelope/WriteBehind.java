package dev.tapeseal.envelope;

import dev.tapeseal.content.PieceBuffer;
import dev.tapeseal.content.PieceSink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Hands complete pieces to a thread of its own, which puts them and their tags onto the destination while the next
 * ones are encrypted. Holds {@value #BUFFERS} pieces; {@link #completed} waits for a free one.
 *
 * <p>A failure of the thread is thrown at the next piece, or at the end.
 */
final class WriteBehind implements PieceSink, AutoCloseable {
  private static final int BUFFERS = 8;

  private record Order(@Nullable PieceBuffer piece, int from) {}

  private static final Order END = new Order(null, 0);

  private final PieceSink destination;
  private final BlockingQueue<Order> orders = new ArrayBlockingQueue<>(BUFFERS + 2);
  private final BlockingQueue<PieceBuffer> free = new ArrayBlockingQueue<>(BUFFERS + 2);
  private final Thread thread = new Thread(this::work, "tapeseal-write-behind");
  private volatile @Nullable Throwable failure;

  WriteBehind(PieceSink destination, int pieceBytes) {
    this.destination = destination;
    for (int i = 0; i < BUFFERS; i++) {
      free.add(new PieceBuffer(pieceBytes));
    }
    thread.setDaemon(true);
    thread.start();
  }

  private void work() {
    try {
      while (true) {
        Order order = orders.take();
        if (order.piece == null) {
          return;
        }
        if (failure == null) {
          write(order.piece, order.from);
        }
        free.add(order.piece);
      }
    } catch (InterruptedException e) {
      failure = new InterruptedIOException("writing was interrupted");
    }
  }

  private void write(PieceBuffer piece, int from) {
    try {
      destination.completed(piece, from);
    } catch (Throwable e) { // an Error too: whoever waits for this thread must hear of it
      failure = e;
    }
  }

  @Override
  public void grown(PieceBuffer piece, int from) {
    throw new IllegalStateException("a piece is not written in parts while another thread writes");
  }

  @Override
  public PieceBuffer completed(PieceBuffer piece, int from) throws IOException {
    requireNoFailure();
    try {
      orders.put(new Order(piece, from));
      return free.take();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Returns when everything is on the destination. */
  void finish() throws IOException {
    try {
      orders.put(END);
      thread.join();
    } catch (InterruptedException e) {
      throw interrupted();
    }
    requireNoFailure();
  }

  private void requireNoFailure() throws IOException {
    Throwable thrown = failure;
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    if (thrown != null) {
      throw new IOException(thrown.getMessage(), thrown);
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("waiting for the destination was interrupted");
  }

  /** Stops the thread where it is; nothing is written after this returns. */
  @Override
  public void close() {
    boolean interrupted = false;
    thread.interrupt();
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
