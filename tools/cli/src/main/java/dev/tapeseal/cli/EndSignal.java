package dev.tapeseal.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Lets work that can end early do so when the process is asked to end (Ctrl-C, SIGTERM): what it has by then is kept.
 *
 * <p>The process waits until this is closed, then ends as a signal has it: with 130 or 143.
 */
final class EndSignal implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Terminal terminal;
  private final Thread hook;
  private volatile boolean received;

  private EndSignal(Terminal terminal) {
    this.terminal = terminal;
    this.hook = new Thread(this::await, "tapeseal-signal");
  }

  /** Listens until it is closed. */
  static EndSignal listen(Terminal terminal) {
    EndSignal signal = new EndSignal(terminal);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** Whether the process was asked to end. */
  boolean received() {
    return received;
  }

  private void await() {
    received = true;
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    terminal.flush();
    closed.countDown();
    if (!received) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException endsAlready) {
        return; // the signal came between the two, and the hook waits for nothing any more
      }
    }
  }
}
