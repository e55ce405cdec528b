package dev.tapeseal.load;

import dev.tapeseal.capture.LaneCall;
import dev.tapeseal.capture.LaneScreen;
import dev.tapeseal.store.Recording;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One recording that frames come for: a call's or a screen's. Confined to its feeder's thread. */
abstract sealed class Source {
  private final int periodMillis;
  private long framesLeft;
  private long nextTick;

  /**
   * What is due at first, one period after its start.
   *
   * @param startTick the millisecond at which it was to start
   */
  private Source(int periodMillis, Duration duration, long startTick) {
    this.periodMillis = periodMillis;
    this.framesLeft = Math.max(1, duration.toMillis() / periodMillis);
    this.nextTick = startTick + periodMillis;
  }

  /** The millisecond at which the next frame is due. */
  long nextTick() {
    return nextTick;
  }

  boolean hasEnded() {
    return framesLeft == 0;
  }

  /** Counts a frame as offered. */
  void advance() {
    framesLeft--;
    nextTick += periodMillis;
  }

  /** Offers the next frame; false where it was not taken. */
  abstract boolean offer(Frames frames, long dueNanos);

  abstract CompletableFuture<Recording> stop();

  /** What is in frames: the same bytes in every one, which costs a cipher what others would. */
  static final class Frames {
    private final ByteBuffer audio;
    private final ByteBuffer screen;

    Frames(byte[] audio, byte[] screen) {
      this.audio = ByteBuffer.wrap(audio);
      this.screen = ByteBuffer.wrap(screen);
    }
  }

  static final class Call extends Source {
    static final int PERIOD_MILLIS = 20;

    private final LaneCall call;

    Call(LaneCall call, Duration duration, long startTick) {
      super(PERIOD_MILLIS, duration, startTick);
      this.call = call;
    }

    @Override
    boolean offer(Frames frames, long dueNanos) {
      return call.offer(frames.audio.rewind(), dueNanos);
    }

    @Override
    CompletableFuture<Recording> stop() {
      return call.stop();
    }
  }

  static final class Screen extends Source {
    static final int PERIOD_MILLIS = 100;

    private final LaneScreen screen;
    private final Duration duration;

    Screen(LaneScreen screen, Duration duration, long startTick) {
      super(PERIOD_MILLIS, duration, startTick);
      this.screen = screen;
      this.duration = duration;
    }

    @Override
    boolean offer(Frames frames, long dueNanos) {
      return screen.offer(frames.screen.rewind(), dueNanos);
    }

    @Override
    CompletableFuture<Recording> stop() {
      return screen.stop(duration);
    }
  }
}
