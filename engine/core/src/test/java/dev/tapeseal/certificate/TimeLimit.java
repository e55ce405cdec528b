package dev.tapeseal.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** How long foreign bytes may keep a reader busy: 250 ms a file. */
public final class TimeLimit {
  private static final Duration LIMIT = Duration.ofMillis(250);
  private static final Duration AT_ONCE = Duration.ofMillis(100);
  /** A machine that is busy elsewhere may hold up one attempt; a slow reader is slow in each. */
  private static final int ATTEMPTS = 3;

  /** What is measured; it gives the same answer every time. */
  @FunctionalInterface
  public interface Reading<E extends Exception> {
    /** Reads, or is refused and takes note of it. */
    void run() throws E;
  }

  private TimeLimit() {}

  /** Fails where each of three attempts takes longer. */
  public static <E extends Exception> void assertQuick(Object what, Reading<E> reading) throws E {
    assertWithin(LIMIT, ATTEMPTS, what, reading);
  }

  /** The same for what must be refused at once: fails where each of ten attempts takes 100 ms or longer. */
  public static <E extends Exception> void assertAtOnce(Object what, Reading<E> reading) throws E {
    assertWithin(AT_ONCE, 10, what, reading);
  }

  private static <E extends Exception> void assertWithin(
      Duration limit, int attempts, Object what, Reading<E> reading) throws E {
    long fastestNanos = Long.MAX_VALUE;
    for (int i = 0; i < attempts && fastestNanos >= limit.toNanos(); i++) {
      long before = System.nanoTime();
      reading.run();
      fastestNanos = Math.min(fastestNanos, System.nanoTime() - before);
    }
    assertThat(Duration.ofNanos(fastestNanos)).as(what.toString()).isLessThan(limit);
  }
}
