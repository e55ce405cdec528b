package dev.tapeseal.recorder;

import dev.tapeseal.media.Frame;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.media.Pacer;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays a media file into a recording once more, on a thread of its own: to its end, or to the recording's. Then the
 * recording is stored; a file that cannot be played to its end gives it up.
 */
final class FilePlayer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(FilePlayer.class);

  private final MediaSource source;
  private final LiveRecording recording;
  private final Pacer pacer;

  private FilePlayer(MediaSource source, LiveRecording recording, Pacer pacer) {
    this.source = source;
    this.recording = recording;
    this.pacer = pacer;
  }

  /**
   * Begins to play.
   *
   * @param source closed when it is over
   * @param flatOut as fast as it goes; otherwise as fast as it was recorded
   */
  static void start(MediaSource source, LiveRecording recording, boolean flatOut) {
    Thread player = new Thread(
        new FilePlayer(source, recording, flatOut ? Pacer.flatOut() : Pacer.realTime()),
        "tapeseal-replay-" + recording.id());
    player.setDaemon(true);
    player.start();
  }

  @Override
  public void run() {
    try (source) {
      Frame frame = new Frame();
      boolean goesOn = true;
      while (goesOn && source.next(frame)) {
        pacer.await(frame.presentationTimeUs());
        goesOn = recording.write(frame.bytes());
      }
      boolean unused = recording.stopAfter(source);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Recording {} is given up: {}", recording.id(), e.toString());
      recording.fail(e);
    } catch (InterruptedException e) {
      recording.fail(e);
      Thread.currentThread().interrupt();
    }
  }
}
