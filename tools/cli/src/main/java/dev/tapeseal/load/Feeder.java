package dev.tapeseal.load;

import dev.tapeseal.store.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Offers the frames of many recordings when they are due: one thread's share. It never waits for the recorder, so a frame
 * that comes late because an earlier one was held up counts as late from when it was due.
 *
 * <p>Recordings stand in a wheel of milliseconds, each in the one of its next frame. Any thread may {@link #join}; the
 * rest is the feeder's own thread's.
 */
final class Feeder implements Runnable {
  private static final int WHEEL_MILLIS = 1024; // more than any period
  private static final long IDLE_NANOS = 50_000;
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final long begunNanos;
  private final LoadPlan.Pace pace;
  private final Source.Frames frames;
  private final Consumer<CompletableFuture<Recording>> onStop;
  private final Queue<Source> joining = new ConcurrentLinkedQueue<>();
  private final List<List<Source>> wheel = new ArrayList<>();
  private final List<Source> atMax = new ArrayList<>();
  private volatile boolean complete;
  private int live;

  Feeder(
      long begunNanos,
      LoadPlan.Pace pace,
      Source.Frames frames,
      Consumer<CompletableFuture<Recording>> onStop) {
    this.begunNanos = begunNanos;
    this.pace = pace;
    this.frames = frames;
    this.onStop = onStop;
    for (int i = 0; i < WHEEL_MILLIS; i++) {
      wheel.add(new ArrayList<>());
    }
  }

  /** Takes over a recording that has begun. */
  void join(Source source) {
    joining.add(source);
  }

  /** Says that none joins any more. */
  void complete() {
    complete = true;
  }

  @Override
  public void run() {
    switch (pace) {
      case REAL_TIME -> runInTime();
      case MAX -> runAtMax();
    }
  }

  private boolean isDone() {
    boolean last = complete; // before the look at those that join
    return last && live == 0 && joining.isEmpty();
  }

  private void runInTime() {
    for (long tick = 0; !isDone(); tick++) {
      long dueNanos = begunNanos + tick * MILLI;
      long early;
      while ((early = dueNanos - System.nanoTime()) > 0) {
        LockSupport.parkNanos(early);
      }
      admit(tick);
      List<Source> due = wheel.get((int) (tick % WHEEL_MILLIS));
      for (Source source : due) {
        offer(source, dueNanos);
        place(source);
      }
      due.clear();
    }
  }

  private void admit(long tick) {
    Source source;
    while ((source = joining.poll()) != null) {
      live++;
      while (!source.hasEnded() && source.nextTick() < tick) { // it began late
        offer(source, begunNanos + source.nextTick() * MILLI);
      }
      place(source);
    }
  }

  private void offer(Source source, long dueNanos) {
    boolean unused = source.offer(frames, dueNanos); // the lane counts what it does not take
    source.advance();
  }

  private void place(Source source) {
    if (source.hasEnded()) {
      end(source);
    } else {
      wheel.get((int) (source.nextTick() % WHEEL_MILLIS)).add(source);
    }
  }

  private void end(Source source) {
    live--;
    onStop.accept(source.stop());
  }

  private void runAtMax() {
    while (!isDone()) {
      Source joined;
      while ((joined = joining.poll()) != null) {
        live++;
        atMax.add(joined);
      }
      boolean moved = false;
      for (int i = atMax.size() - 1; i >= 0; i--) {
        Source source = atMax.get(i);
        if (!source.offer(frames, System.nanoTime())) {
          continue; // the lane is full: again in the next round
        }
        moved = true;
        source.advance();
        if (source.hasEnded()) {
          atMax.set(i, atMax.get(atMax.size() - 1));
          atMax.remove(atMax.size() - 1);
          end(source);
        }
      }
      if (!moved) {
        LockSupport.parkNanos(IDLE_NANOS);
      }
    }
  }
}
