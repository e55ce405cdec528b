package dev.tapeseal.capture;

import dev.tapeseal.content.CbcBatch;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.store.Recording;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One recording on its lane: what calls and screens have in common there. */
abstract sealed class LaneSession permits LaneCall, LaneScreen {
  private static final long WAIT_NANOS = 100_000;

  private final Lane lane;
  private final AtomicLong dropped = new AtomicLong();
  private final CompletableFuture<Recording> stored = new CompletableFuture<>();
  private volatile @Nullable Exception failure;
  private volatile boolean stopping;
  int index; // among the lane's sessions; the lane's thread's alone

  LaneSession(Lane lane) {
    this.lane = lane;
  }

  // --- any thread ---

  boolean offerFrame(ByteBuffer frame, long dueNanos) {
    if (!stopping && failure == null && lane.offer(this, frame, dueNanos)) {
      return true;
    }
    dropped.incrementAndGet();
    lane.countDropped();
    return false;
  }

  /** Puts a command behind the frames that were offered, where the lane is full as soon as it is not. */
  void command(LaneRing.Kind kind) {
    while (!lane.offer(this, kind)) {
      if (lane.isEnded()) {
        throw new IllegalStateException("lanes: closed (expected: open)");
      }
      LockSupport.parkNanos(WAIT_NANOS);
    }
  }

  CompletableFuture<Recording> requestStop() {
    if (stopping) {
      throw new IllegalStateException("session: stopped already (expected: once)");
    }
    command(LaneRing.Kind.STOP);
    stopping = true;
    return stored;
  }

  /** How many of its frames were not taken: the lane was full, or the recording had failed or ended. */
  public long dropped() {
    return dropped.get();
  }

  /** Why it records no more; null while it does. {@code stop} answers the same. */
  public @Nullable Exception failure() {
    return failure;
  }

  // --- the lane's thread ---

  /** Does what a slot says, but for {@link LaneRing.Kind#STOP}. */
  abstract void take(LaneRing.Kind kind, ByteBuffer bytes) throws IOException, MediaException;

  /** Encrypts together with the lane's others from now on; called before the lane knows it. */
  abstract void joinBatch(CbcBatch batch);

  /** Encrypts by itself again, so that another thread can go on. */
  abstract void leaveBatch();

  /** Hands over what was gathered, where nothing came for a while. */
  abstract void flushWhenIdle() throws IOException;

  void fail(Exception e) {
    failure = e;
  }

  boolean hasFailed() {
    return failure != null;
  }

  // --- the thread that ends it, once the lane has let go of it ---

  abstract Recording finish() throws IOException;

  abstract void giveUp() throws IOException;

  /** Stores the recording, or gives it up where it failed. */
  void end() {
    Exception failed = failure;
    try {
      if (failed == null) {
        stored.complete(finish());
        return;
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
      failed = e;
    }
    closeBecauseOf(failed);
  }

  /** Leaves nothing behind, and says why. */
  void closeBecauseOf(Exception reason) {
    try {
      giveUp();
    } catch (IOException | RuntimeException e) {
      reason.addSuppressed(e);
    }
    stored.completeExceptionally(reason);
  }
}
