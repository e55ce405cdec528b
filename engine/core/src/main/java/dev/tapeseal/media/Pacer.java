package dev.tapeseal.media;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Holds a replay to its own time, or lets it run.
 *
 * <p>The schedule is absolute: the first frame sets it, each later one waits for its own moment, so
 * that neither a long sleep nor a slow consumer adds up to drift. Times may go back, as between
 * interleaved tracks; what is late does not wait. Confined to one thread.
 */
public final class Pacer {

  /** Waits; a test's sleeper moves its clock instead. */
  @FunctionalInterface
  public interface Sleeper {
    /** Sleeps for about this long. */
    void sleep(long nanos) throws InterruptedException;
  }

  /** How fast a replay goes. */
  private enum Pace {
    REAL_TIME,
    FLAT_OUT
  }

  private final Pace pace;
  private final LongSupplier nanoClock;
  private final Sleeper sleeper;
  private boolean started;
  private long originNanos;

  private Pacer(Pace pace, LongSupplier nanoClock, Sleeper sleeper) {
    this.pace = pace;
    this.nanoClock = nanoClock;
    this.sleeper = sleeper;
  }

  /** As fast as it was recorded. */
  public static Pacer realTime() {
    return realTime(System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  /**
   * As fast as it was recorded, by another clock.
   *
   * @param nanoClock counts nanoseconds from anywhere, as {@link System#nanoTime} does
   */
  public static Pacer realTime(LongSupplier nanoClock, Sleeper sleeper) {
    return new Pacer(Pace.REAL_TIME, nanoClock, sleeper);
  }

  /** As fast as it goes: {@link #await} returns at once. */
  public static Pacer flatOut() {
    return new Pacer(Pace.FLAT_OUT, () -> 0, nanos -> {});
  }

  /**
   * Returns when a frame is due.
   *
   * @param presentationTimeUs the frame's time in its stream, not negative
   * @return how late it is, in microseconds, 0 when it is on time
   * @throws InterruptedException when the thread is interrupted meanwhile
   */
  public long await(long presentationTimeUs) throws InterruptedException {
    if (pace == Pace.FLAT_OUT) {
      return 0;
    }
    long frameNanos = TimeUnit.MICROSECONDS.toNanos(presentationTimeUs);
    if (!started) {
      started = true;
      originNanos = nanoClock.getAsLong() - frameNanos;
      return 0;
    }
    long earlyNanos = originNanos + frameNanos - nanoClock.getAsLong();
    if (earlyNanos <= 0) {
      return TimeUnit.NANOSECONDS.toMicros(-earlyNanos);
    }
    while (earlyNanos > 0) { // a sleeper may return early
      sleeper.sleep(earlyNanos);
      earlyNanos = originNanos + frameNanos - nanoClock.getAsLong();
    }
    return 0;
  }
}
