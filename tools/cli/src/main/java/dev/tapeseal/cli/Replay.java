package dev.tapeseal.cli;

import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.Frame;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.media.MediaType;
import dev.tapeseal.media.Pacer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** A file that is played once more. */
record Replay(Path file, MediaSource source) implements AutoCloseable {

  /** Takes one frame. */
  interface FrameSink {
    void write(ByteBuffer frame) throws IOException;
  }

  /** The call's format; refuses a file that is none. */
  AudioFormat audio() {
    return source
        .audioFormat()
        .orElseThrow(() -> new CommandException(
            ExitCode.FAILED,
            file + ": " + source.type().mimeType() + " (expected: the call as WAV or MP3)"));
  }

  /** Refuses a file that is no screen. */
  void requireScreen() {
    if (source.type() != MediaType.MP4) {
      throw new CommandException(
          ExitCode.FAILED,
          file + ": " + source.type().mimeType() + " (expected: the screen as MP4)");
    }
  }

  /** How long it plays. */
  Duration duration() throws IOException {
    return Duration.of(source.durationUs(), ChronoUnit.MICROS);
  }

  /**
   * Plays it to its end, or until it is asked to stop.
   *
   * @return whether it came to its end
   */
  boolean into(FrameSink sink, Pacer pacer, EndSignal stop)
      throws IOException, InterruptedException {
    Frame frame = new Frame();
    try {
      while (source.next(frame)) {
        if (stop.received()) {
          return false;
        }
        pacer.await(frame.presentationTimeUs());
        sink.write(frame.bytes());
      }
      return true;
    } catch (MediaException e) {
      throw Failures.explain(file, e);
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
