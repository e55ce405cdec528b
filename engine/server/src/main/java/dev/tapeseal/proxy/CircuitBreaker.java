package dev.tapeseal.proxy;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps requests from a crypto server that does not answer: after {@link #FAILURES} in a row for {@link #PAUSE}, then one
 * at a time until one succeeds. Any thread.
 */
final class CircuitBreaker {
  static final int FAILURES = 3;
  static final Duration PAUSE = Duration.ofSeconds(10);

  private final LongSupplier nanoClock;
  private int failures; // guarded by this
  private long openUntilNanos; // guarded by this; means something while failures >= FAILURES

  CircuitBreaker(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Whether to try now; whoever is let through says afterwards how it went. */
  synchronized boolean admits() {
    if (failures < FAILURES) {
      return true;
    }
    long now = nanoClock.getAsLong();
    if (now - openUntilNanos < 0) {
      return false;
    }
    openUntilNanos = now + PAUSE.toNanos(); // the others wait for how this one goes
    return true;
  }

  synchronized void succeeded() {
    failures = 0;
  }

  synchronized void failed() {
    failures = Math.min(failures + 1, FAILURES);
    if (failures == FAILURES) {
      openUntilNanos = nanoClock.getAsLong() + PAUSE.toNanos();
    }
  }
}
