package dev.tapeseal.capture;

import dev.tapeseal.content.CbcBatch;
import dev.tapeseal.media.Continuity;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.MediaWriter;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The recording of one call while it is being made.
 *
 * <p>{@link #write} takes a frame at a time and allocates nothing. While the recording is paused frames are dropped,
 * and silence takes their place, as long as the pause lasts: offsets never shift. {@link #stop} stores the
 * recording; closing the session without it leaves nothing behind. What was recorded is handed to the operating system
 * at most a second late, but a recording is durable only when it is stored: what a crash leaves of one is swept when
 * the store is opened again. After a failed write the session can only be
 * closed. Confined to one thread.
 */
public final class CallSession implements Closeable {
  private enum State {
    RECORDING,
    PAUSED,
    FAILED,
    ENDED
  }

  private final MediaCapture capture;
  private final MediaWriter writer;
  private final LongSupplier nanoClock;
  private State state = State.RECORDING;
  private long pausedAtNanos;

  CallSession(MediaCapture capture, MediaWriter writer, LongSupplier nanoClock) {
    this.capture = capture;
    this.writer = writer;
    this.nanoClock = nanoClock;
  }

  /**
   * Takes the next frame: whole samples of WAV, or one MP3 frame, from the buffer's position to its limit.
   *
   * @throws MediaException where the frame is not of this stream; it is left out, and the session goes on
   * @throws IOException where the store fails
   */
  public void write(ByteBuffer frame) throws IOException {
    requireLive();
    if (state == State.PAUSED) {
      frame.position(frame.limit());
      return;
    }
    try {
      writer.write(frame);
      capture.flushWhenDue();
    } catch (MediaException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      state = State.FAILED;
      throw e;
    }
  }

  /**
   * Pauses: what is said from now on is not recorded, and what was said before is handed to the operating system.
   * Does nothing where it is paused already.
   */
  public void pause() throws IOException {
    requireLive();
    if (state == State.RECORDING) {
      pausedAtNanos = nanoClock.getAsLong();
      state = State.FAILED;
      capture.flushNow();
      state = State.PAUSED;
    }
  }

  /** Ends a pause, for whose time silence is written. Does nothing where there is none. */
  public void resume() throws IOException {
    requireLive();
    if (state != State.PAUSED) {
      return;
    }
    state = State.FAILED;
    long pausedNanos = Math.max(0, nanoClock.getAsLong() - pausedAtNanos);
    long silenceUs = TimeUnit.NANOSECONDS.toMicros(pausedNanos);
    while (silenceUs > 0) {
      long part = Math.min(silenceUs, MediaWriter.MAX_SILENCE_US);
      writer.writeSilence(part, Continuity.INTERRUPTED);
      silenceUs -= part;
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

  /** The audio that was recorded so far, silence included. */
  public Duration recorded() {
    return Duration.of(writer.durationUs(), ChronoUnit.MICROS);
  }

  /**
   * Ends the recording and stores it; a pause that lasts ends too.
   *
   * @return its metadata, which are visible in the store from now on
   * @throws IOException where it could not be stored; nothing of it stays, and the session is closed
   */
  public Recording stop() throws IOException {
    requireLive();
    try {
      resume();
    } catch (IOException | RuntimeException e) {
      state = State.ENDED;
      capture.closeAfter(e);
      throw e;
    }
    state = State.ENDED;
    return capture.finish(writer, recorded());
  }

  private void requireLive() {
    if (state == State.FAILED || state == State.ENDED) {
      throw new IllegalStateException("call session: "
          + (state == State.FAILED ? "a write failed before, it can only be closed" : "ended")
          + " (expected: recording or paused)");
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
