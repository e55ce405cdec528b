package dev.tapeseal.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Carries many live recordings on a few threads.
 *
 * <p>A recording stays on one lane, and a lane is one thread: its ciphers and buffers are never shared, and nothing
 * locks. Any thread may offer frames; a lane takes those of one recording in the order in which they were offered. A lane
 * that is full says so, and the frame is counted as dropped. Starting a recording, which costs RSA and an fsync, stays on
 * the caller's thread; ending one goes to a pool of its own. What was gathered is handed to the operating system at most
 * a second late, also where no frames come any more.
 *
 * <p>A lane waits for its store while it writes, so lanes are for one store: recordings into a slow one have lanes of
 * their own, and slow down nobody else's.
 *
 * <pre>{@code
 * try (CaptureLanes lanes = CaptureLanes.start(2)) {
 *   LaneCall call = lanes.add(recorder.startCall(interaction, certificates, audio));
 *   if (!call.offer(frame)) { ... } // full: counted as dropped
 *   Recording stored = call.stop().join();
 * }
 * }</pre>
 */
public final class CaptureLanes implements AutoCloseable {
  /** The longest frame of a call: 20 ms of 16-bit stereo at 48 kHz, or any frame of MP3. */
  public static final int MAX_CALL_FRAME_BYTES = LaneRing.SLOT_BYTES;

  private static final int DEFAULT_SLOTS = 4096; // 16 MiB a lane
  private static final int MAX_LANES = 1024;
  private static final int FINISHERS = 4;
  private static final long CLOSE_SECONDS = 60;

  private final List<Lane> lanes = new ArrayList<>();
  private final ExecutorService finishers;
  private final AtomicInteger next = new AtomicInteger();

  private CaptureLanes(int count, int slots, LongSupplier nanoClock) {
    finishers = Executors.newFixedThreadPool(FINISHERS, work -> daemon(work, "tapeseal-finisher"));
    for (int i = 0; i < count; i++) {
      lanes.add(new Lane(new LaneRing(slots), finishers, nanoClock));
    }
    for (int i = 0; i < count; i++) {
      Lane lane = lanes.get(i);
      daemon(lane::run, "tapeseal-lane-" + i).start();
    }
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Starts lanes; one a core serves best. Each takes 16 MiB for frames that wait.
   *
   * @param count 1 to 1024
   */
  public static CaptureLanes start(int count) {
    return start(count, DEFAULT_SLOTS, System::nanoTime);
  }

  static CaptureLanes start(int count, int slots, LongSupplier nanoClock) {
    if (count < 1 || count > MAX_LANES) {
      throw new IllegalArgumentException("lanes: " + count + " (expected: 1 to " + MAX_LANES + ")");
    }
    return new CaptureLanes(count, slots, nanoClock);
  }

  /** Puts a call on a lane; from now on it belongs to the lane, and must not be used any more. */
  public LaneCall add(CallSession call) {
    Lane lane = pick();
    LaneCall onLane = new LaneCall(lane, call);
    lane.join(onLane);
    return onLane;
  }

  /** Puts a screen recording on a lane, likewise. */
  public LaneScreen add(ScreenSession screen) {
    Lane lane = pick();
    LaneScreen onLane = new LaneScreen(lane, screen);
    lane.join(onLane);
    return onLane;
  }

  private Lane pick() {
    return lanes.get(Math.floorMod(next.getAndIncrement(), lanes.size()));
  }

  /** What all lanes have done so far, as of their last turns. */
  public LaneCounts counts() {
    LaneCounts sum = LaneCounts.NONE;
    for (Lane lane : lanes) {
      sum = sum.plus(lane.counts());
    }
    return sum;
  }

  /** Takes what was offered, then gives up the recordings that were not stopped, and ends the lanes. */
  @Override
  public void close() {
    lanes.forEach(Lane::end);
    lanes.forEach(Lane::awaitEnd);
    finishers.shutdown();
    try {
      if (!finishers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "lanes: recordings are still being stored after " + CLOSE_SECONDS + " seconds");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
