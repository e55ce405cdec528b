package dev.tapeseal.recorder;

import dev.tapeseal.capture.CallSession;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.store.Recording;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A call that is being recorded, or was. Safe for any thread: its session is used by one at a time.
 *
 * <p>The state {@code stored} means stored here; a delivery follows by itself.
 */
final class LiveCall {
  private enum State {
    RECORDING,
    PAUSED,
    STORED,
    FAILED
  }

  private final String id;
  private final AudioFormat audio;
  private final CallSession session;
  private State state = State.RECORDING;
  private Optional<Recording> stored = Optional.empty();
  private Duration recorded = Duration.ZERO;
  private String failure = "";

  LiveCall(String id, AudioFormat audio, CallSession session) {
    this.id = id;
    this.audio = audio;
    this.session = session;
  }

  String id() {
    return id;
  }

  AudioFormat audio() {
    return audio;
  }

  synchronized boolean isLive() {
    return state == State.RECORDING || state == State.PAUSED;
  }

  /** Takes whole samples; false where the call has ended. */
  synchronized boolean write(ByteBuffer frame) throws IOException {
    if (!isLive()) {
      return false;
    }
    session.write(frame);
    recorded = session.recorded();
    return true;
  }

  /** False where the call has ended. */
  synchronized boolean pause() throws IOException {
    if (!isLive()) {
      return false;
    }
    session.pause();
    state = State.PAUSED;
    return true;
  }

  /** False where the call has ended. */
  synchronized boolean resume() throws IOException {
    if (!isLive()) {
      return false;
    }
    session.resume();
    state = State.RECORDING;
    return true;
  }

  /** Ends it and stores it; false where it had ended. */
  synchronized boolean stop() throws IOException {
    if (!isLive()) {
      return false;
    }
    try {
      stored = Optional.of(session.stop());
      recorded = session.recorded();
      state = State.STORED;
      return true;
    } catch (IOException | RuntimeException e) {
      fail(e);
      throw e;
    }
  }

  /** Gives it up; nothing of it stays. */
  synchronized void fail(Exception cause) {
    if (isLive()) {
      state = State.FAILED;
      failure = String.valueOf(cause.getMessage());
      try (session) {
        return;
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  /** What a client is told of it. */
  synchronized Map<String, Object> describe() {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("id", id);
    described.put("state", state.name().toLowerCase(Locale.ROOT));
    described.put("recordedMs", recorded.toMillis());
    stored.ifPresent(recording ->
        described.put("mediaId", recording.mediaFiles().get(0).mediaId().value()));
    if (!failure.isEmpty()) {
      described.put("failure", failure);
    }
    return described;
  }
}
