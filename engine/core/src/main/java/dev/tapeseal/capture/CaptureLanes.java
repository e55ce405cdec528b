package dev.tapeseal.capture;

import dev.tapeseal.store.RecordingStore;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Carries many live recordings on a few threads.
 *
 * <p>A recording stays on one lane, and a lane is one thread: its ciphers and buffers are never shared, and nothing
 * locks. Any thread may offer frames; a lane takes those of one recording in the order in which they were offered, and
 * once a turn encrypts what all its CBC recordings have gathered in one call. A lane that is full says so, and the frame
 * is counted as dropped. Starting a recording, which costs RSA and an fsync, stays on the caller's thread; ending one goes
 * to a pool of its own. What was gathered is handed to the operating system at most a second late, also where no frames
 * come any more.
 *
 * <p>Each store has lanes of its own, made when its first recording comes: a lane waits for its store while it writes, so a
 * slow store fills its own lanes, whose frames are then dropped and counted, and slows down nobody else's. There are at
 * most {@value #MAX_STORES} stores, and a lane holds at most the bytes that its options say.
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
  public static final int MAX_CALL_FRAME_BYTES = 4096;

  /** How many stores may have lanes. */
  public static final int MAX_STORES = 64;

  private static final int FINISHERS = 4;
  private static final long CLOSE_SECONDS = 60;

  private final LaneOptions options;
  private final LongSupplier nanoClock;
  private final IdentityHashMap<RecordingStore, Group> groups =
      new IdentityHashMap<>(); // guarded by itself
  private final ExecutorService finishers =
      Executors.newFixedThreadPool(FINISHERS, work -> daemon(work, "tapeseal-finisher"));
  private boolean closed; // guarded by groups

  /** The lanes of one store. */
  private static final class Group {
    private final List<Lane> lanes = new ArrayList<>();
    private int next;

    Lane pick() {
      next = (next + 1) % lanes.size();
      return lanes.get(next);
    }
  }

  private CaptureLanes(LaneOptions options, LongSupplier nanoClock) {
    this.options = options;
    this.nanoClock = nanoClock;
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** So many lanes for each store that recordings come for, 1 to 1024. */
  public static CaptureLanes start(int count) {
    return start(LaneOptions.of(count));
  }

  /** Lanes as the options say. */
  public static CaptureLanes start(LaneOptions options) {
    return new CaptureLanes(options, System::nanoTime);
  }

  /**
   * Puts a call on a lane of its store; from now on it belongs to the lane, and must not be used any more.
   *
   * @throws IllegalStateException where the lanes are closed, or there are too many stores; the call stays the caller's
   */
  public LaneCall add(CallSession call) {
    synchronized (groups) {
      Lane lane = pick(call.store());
      LaneCall onLane = new LaneCall(lane, call);
      lane.join(onLane);
      return onLane;
    }
  }

  /** Puts a screen recording on a lane, likewise. */
  public LaneScreen add(ScreenSession screen) {
    synchronized (groups) {
      Lane lane = pick(screen.store());
      LaneScreen onLane = new LaneScreen(lane, screen);
      lane.join(onLane);
      return onLane;
    }
  }

  private Lane pick(RecordingStore store) {
    if (closed) {
      throw Lane.closed();
    }
    Group group = groups.get(store);
    if (group == null) {
      if (groups.size() == MAX_STORES) {
        throw new IllegalStateException(
            "lanes: for " + MAX_STORES + " stores (expected: no more than that)");
      }
      group = open(groups.size());
      groups.put(store, group);
    }
    return group.pick();
  }

  private Group open(int number) {
    Group group = new Group();
    for (int i = 0; i < options.lanes(); i++) {
      int index = number * options.lanes() + i;
      Lane lane = new Lane(
          index, new LaneRing(options.ringBytes()), options.listener(), finishers, nanoClock);
      group.lanes.add(lane);
      daemon(lane::run, "tapeseal-lane-" + index).start();
    }
    return group;
  }

  /** What all lanes have done so far, as of their last turns. */
  public LaneCounts counts() {
    LaneCounts sum = LaneCounts.NONE;
    for (Lane lane : lanes()) {
      sum = sum.plus(lane.counts());
    }
    return sum;
  }

  private List<Lane> lanes() {
    synchronized (groups) {
      return groups.values().stream().flatMap(group -> group.lanes.stream()).toList();
    }
  }

  /** Takes what was offered, then gives up the recordings that were not stopped, and ends the lanes. */
  @Override
  public void close() {
    synchronized (groups) {
      closed = true;
    }
    List<Lane> ending = lanes();
    ending.forEach(Lane::end);
    ending.forEach(Lane::awaitEnd);
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
