package dev.tapeseal.capture;

import dev.tapeseal.content.CbcBatch;
import dev.tapeseal.store.Recording;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * A call on its lane. Any thread may use it; what one thread does stays in order. A frame allocates nothing.
 *
 * @see CaptureLanes
 */
public final class LaneCall extends LaneSession {
  private final CallSession call;

  LaneCall(Lane lane, CallSession call) {
    super(lane);
    this.call = call;
  }

  /**
   * Hands over the next frame: whole samples of WAV, or one MP3 frame. A copy is taken.
   *
   * @param frame at most {@link CaptureLanes#MAX_CALL_FRAME_BYTES}, from the buffer's position to its limit; consumed where
   *     it is taken
   * @return false where the lane is full or the recording has failed or ended: the frame was not taken, and is counted
   */
  public boolean offer(ByteBuffer frame) {
    return offer(frame, LaneRing.NOT_DUE);
  }

  /**
   * The same of a frame whose way is timed, where the lanes were made with a {@link FrameListener}.
   *
   * @param dueNanos when the frame was due, as {@link System#nanoTime} counts
   */
  public boolean offer(ByteBuffer frame, long dueNanos) {
    if (frame.remaining() > CaptureLanes.MAX_CALL_FRAME_BYTES) {
      throw new IllegalArgumentException("frame: " + frame.remaining()
          + " bytes (expected: at most " + CaptureLanes.MAX_CALL_FRAME_BYTES + ")");
    }
    return offerFrame(frame, dueNanos);
  }

  /** Pauses behind the frames that were offered, as {@link CallSession#pause} does; waits for room on a full lane. */
  public void pause() {
    command(LaneRing.Kind.PAUSE);
  }

  /** Ends a pause, likewise. */
  public void resume() {
    command(LaneRing.Kind.RESUME);
  }

  /**
   * Ends the recording behind the frames that were offered, and stores it; waits for room on a full lane.
   *
   * @return its metadata once it is stored, or why it could not be
   */
  public CompletableFuture<Recording> stop() {
    return requestStop();
  }

  @Override
  void take(LaneRing.Kind kind, ByteBuffer bytes) throws IOException {
    switch (kind) {
      case FRAME -> call.write(bytes);
      case PAUSE -> call.pause();
      case RESUME -> call.resume();
      case STOP, SKIP -> throw new IllegalStateException("the lane does that itself");
    }
  }

  @Override
  void joinBatch(CbcBatch batch) {
    call.joinBatch(batch);
  }

  @Override
  void leaveBatch() {
    call.leaveBatch();
  }

  @Override
  void flushWhenIdle() throws IOException {
    call.flushWhenIdle();
  }

  @Override
  Recording finish() throws IOException {
    return call.stop();
  }

  @Override
  void giveUp() throws IOException {
    call.close();
  }
}
