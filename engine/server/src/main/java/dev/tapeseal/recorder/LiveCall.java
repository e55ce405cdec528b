package dev.tapeseal.recorder;

import dev.tapeseal.capture.CallSession;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.store.Recording;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A call that is being recorded, or was. Safe for any thread: its session is used by one at a time. */
final class LiveCall implements LiveRecording {
  private final String id;
  private final String agentId;
  private final AudioFormat audio;
  private final CallSession session;
  private State state = State.RECORDING;
  private Optional<Recording> stored = Optional.empty();
  private Duration recorded = Duration.ZERO;
  private String failure = "";

  LiveCall(String id, String agentId, AudioFormat audio, CallSession session) {
    this.id = id;
    this.agentId = agentId;
    this.audio = audio;
    this.session = session;
  }

  @Override
  public String id() {
    return id;
  }

  /** Whose call it is; empty where nobody said. */
  String agentId() {
    return agentId;
  }

  AudioFormat audio() {
    return audio;
  }

  @Override
  public synchronized boolean isLive() {
    return state == State.RECORDING || state == State.PAUSED;
  }

  /** Takes whole samples; false where the call has ended. */
  @Override
  public synchronized boolean write(ByteBuffer frame) throws IOException {
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

  @Override
  public synchronized boolean stop() throws IOException {
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

  @Override
  public boolean stopAfter(MediaSource played) throws IOException {
    return stop();
  }

  @Override
  public synchronized void fail(Exception cause) {
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

  @Override
  public synchronized Map<String, Object> describe() {
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
