package dev.tapeseal.capture;

import dev.tapeseal.content.CbcBatch;
import dev.tapeseal.store.Recording;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A screen recording on its lane. Any thread may use it; what one thread does stays in order. A slice allocates nothing.
 *
 * @see CaptureLanes
 */
public final class LaneScreen extends LaneSession {
  private final Lane lane;
  private final ScreenSession screen;
  private volatile Duration duration = Duration.ZERO;

  LaneScreen(Lane lane, ScreenSession screen) {
    super(lane);
    this.lane = lane;
    this.screen = screen;
  }

  /**
   * Hands over the next slice of the file. A copy is taken.
   *
   * @param slice at most half of what a lane holds, from the buffer's position to its limit; consumed where it is taken
   * @return false where the lane is full or the recording has failed or ended: nothing of the slice was taken, and it is
   *     counted
   */
  public boolean offer(ByteBuffer slice) {
    return offer(slice, LaneRing.NOT_DUE);
  }

  /**
   * The same of a slice whose way is timed, where the lanes were made with a {@link FrameListener}.
   *
   * @param dueNanos when the slice was due, as {@link System#nanoTime} counts
   */
  public boolean offer(ByteBuffer slice, long dueNanos) {
    if (slice.remaining() > lane.maxFrameBytes()) {
      throw new IllegalArgumentException("slice: " + slice.remaining()
          + " bytes (expected: at most " + lane.maxFrameBytes() + ")");
    }
    return offerFrame(slice, dueNanos);
  }

  /**
   * Ends the recording behind the slices that were offered, and stores it; waits for room on a full lane.
   *
   * @param plays how long the file plays
   * @return its metadata once it is stored, or why it could not be
   */
  public CompletableFuture<Recording> stop(Duration plays) {
    duration = plays;
    return requestStop();
  }

  @Override
  void take(LaneRing.Kind kind, ByteBuffer bytes) throws IOException {
    if (kind != LaneRing.Kind.FRAME) {
      throw new IllegalStateException("a screen recording has no " + kind);
    }
    screen.write(bytes);
  }

  @Override
  void joinBatch(CbcBatch batch) {
    screen.joinBatch(batch);
  }

  @Override
  void leaveBatch() {
    screen.leaveBatch();
  }

  @Override
  void flushWhenIdle() throws IOException {
    screen.flushWhenIdle();
  }

  @Override
  Recording finish() throws IOException {
    return screen.stop(duration);
  }

  @Override
  void giveUp() throws IOException {
    screen.close();
  }
}
