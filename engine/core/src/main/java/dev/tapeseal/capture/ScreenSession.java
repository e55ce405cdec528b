package dev.tapeseal.capture;

import dev.tapeseal.content.CbcBatch;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The recording of one agent's screen while it is being handed over: the slices of an MP4 file, in the file's order.
 *
 * <p>It has no pause: SRS hands over a file that is finished, whatever was left out of it. {@link #write} allocates
 * nothing. {@link #stop} stores the recording; closing the session without it leaves nothing behind. After a failed
 * write the session can only be closed. Confined to one thread.
 */
public final class ScreenSession implements Closeable {
  private enum State {
    RECORDING,
    FAILED,
    ENDED
  }

  private final MediaCapture capture;
  private State state = State.RECORDING;

  ScreenSession(MediaCapture capture) {
    this.capture = capture;
  }

  /** Takes the next slice of the file, from the buffer's position to its limit. */
  public void write(ByteBuffer slice) throws IOException {
    requireLive();
    state = State.FAILED;
    while (slice.hasRemaining()) {
      capture.destination().write(slice);
    }
    capture.flushWhenDue();
    state = State.RECORDING;
  }

  /** Where it is stored. */
  RecordingStore store() {
    return capture.store();
  }

  /** Encrypts together with others from now on; what the store throws may then come out of the next call. */
  void joinBatch(CbcBatch batch) {
    capture.joinBatch(batch);
  }

  /** Encrypts by itself again. */
  void leaveBatch() {
    capture.leaveBatch();
  }

  /** Hands over what was gathered, where no frames come any more; called four times a second. */
  void flushWhenIdle() throws IOException {
    if (state == State.RECORDING) {
      state = State.FAILED;
      capture.flushWhenIdle();
      state = State.RECORDING;
    }
  }

  /**
   * Ends the recording and stores it.
   *
   * @param duration how long the file plays
   * @return its metadata, which are visible in the store from now on
   * @throws IOException where it could not be stored; nothing of it stays
   */
  public Recording stop(Duration duration) throws IOException {
    requireLive();
    state = State.ENDED;
    return capture.finish(capture.destination(), duration);
  }

  private void requireLive() {
    if (state != State.RECORDING) {
      throw new IllegalStateException("screen session: "
          + (state == State.FAILED ? "a write failed before, it can only be closed" : "ended")
          + " (expected: recording)");
    }
  }

  /** Gives the recording up where it was not stopped. May be called more than once. */
  @Override
  public void close() throws IOException {
    if (state != State.ENDED) {
      state = State.ENDED;
      capture.close();
    }
  }
}
