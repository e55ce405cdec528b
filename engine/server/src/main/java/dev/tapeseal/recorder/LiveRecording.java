package dev.tapeseal.recorder;

import dev.tapeseal.media.MediaSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/** A call or a screen that is being recorded, or was. Safe for any thread. */
interface LiveRecording {

  /** How far it is; {@code STORED} means stored here, a delivery follows by itself. */
  enum State {
    RECORDING,
    PAUSED,
    STORED,
    FAILED
  }

  /** What clients name it by. */
  String id();

  /** Whether it is being recorded yet. */
  boolean isLive();

  /** Takes what comes next of it; false where it has ended. */
  boolean write(ByteBuffer frame) throws IOException;

  /** Ends it and stores it; false where it had ended. */
  boolean stop() throws IOException;

  /** The same, once a file was played into it. */
  boolean stopAfter(MediaSource played) throws IOException;

  /** Gives it up; nothing of it stays. */
  void fail(Exception cause);

  /** What a client is told of it. */
  Map<String, Object> describe();
}
