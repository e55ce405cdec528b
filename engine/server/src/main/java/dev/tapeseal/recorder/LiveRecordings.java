package dev.tapeseal.recorder;

import dev.tapeseal.http.HttpException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recordings of one kind that are being made, and those that ended last; bounded. They start beside each other. Safe
 * for any thread.
 */
final class LiveRecordings<T extends LiveRecording> {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRecordings.class);
  private static final int MAX_LIVE = 1000;
  private static final int MAX_ENDED = 1000;

  private final Map<String, T> recordings = new LinkedHashMap<>(); // guarded by itself
  private int starting; // guarded by recordings: between reserve and register
  private boolean closed; // guarded by recordings

  /** Starts one. */
  @FunctionalInterface
  interface Start<T> {
    T start() throws IOException;
  }

  /**
   * Starts one more, where there is room.
   *
   * @throws HttpException 503 where there is none, or where no more are stored
   */
  T start(Start<T> start) throws IOException {
    reserve();
    try {
      T live = start.start();
      if (!register(live)) {
        HttpException closing = busy();
        live.fail(closing);
        throw closing;
      }
      return live;
    } finally {
      synchronized (recordings) {
        starting--;
      }
    }
  }

  private void reserve() {
    synchronized (recordings) {
      long live = recordings.values().stream().filter(LiveRecording::isLive).count();
      if (closed || live + starting >= MAX_LIVE) {
        throw busy();
      }
      starting++;
    }
  }

  private static HttpException busy() {
    return new HttpException(
        503, "busy", "The recorder takes no more.", "Stop some, or try again later.");
  }

  /** False where it was closed meanwhile, and would not store it any more. */
  private boolean register(T live) {
    synchronized (recordings) {
      if (closed) {
        return false;
      }
      recordings.put(live.id(), live);
      forgetEnded();
      return true;
    }
  }

  private void forgetEnded() {
    List<String> ended = recordings.values().stream()
        .filter(recording -> !recording.isLive())
        .map(LiveRecording::id)
        .toList();
    for (int i = 0; i < ended.size() - MAX_ENDED; i++) {
      recordings.remove(ended.get(i));
    }
  }

  Optional<T> find(String id) {
    synchronized (recordings) {
      return Optional.ofNullable(recordings.get(id));
    }
  }

  /** All of them, in the order in which they started. */
  List<T> all() {
    synchronized (recordings) {
      return new ArrayList<>(recordings.values());
    }
  }

  /** Stops and stores what is being recorded, and starts none any more. */
  void close() {
    synchronized (recordings) {
      closed = true;
    }
    for (T recording : all()) {
      try {
        boolean unused = recording.stop();
      } catch (IOException | RuntimeException e) {
        LOG.warn("Recording {} could not be stored: {}", recording.id(), e.toString());
      }
    }
  }
}
