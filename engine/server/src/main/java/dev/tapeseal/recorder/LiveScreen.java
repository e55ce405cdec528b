package dev.tapeseal.recorder;

import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.ScreenSession;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.store.Recording;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A screen that is being recorded, or was. Safe for any thread: its session is used by one at a time. */
final class LiveScreen implements LiveRecording {
  /** What has to be there of an MP4 file before it can be told from others: a length, and the first box's name. */
  static final int HEAD_BYTES = 8;

  private static final int BOX_NAME_AT = 4;

  private final String id;
  private final Interaction interaction;
  private final ScreenSession session;
  private final Clock clock;
  private final Instant started;
  private final Runnable whenEnded;
  private State state = State.RECORDING;
  private long bytes;
  private Optional<Recording> stored = Optional.empty();
  private String failure = "";

  /**
   * One that has just started.
   *
   * @param whenEnded is run once, however it ends
   */
  LiveScreen(
      String id, Interaction interaction, ScreenSession session, Clock clock, Runnable whenEnded) {
    this.id = id;
    this.interaction = interaction;
    this.session = session;
    this.clock = clock;
    this.started = clock.instant();
    this.whenEnded = whenEnded;
  }

  /** Whether a file begins as MP4 does; it has at least {@link #HEAD_BYTES}. */
  static boolean isMp4(ByteBuffer head) {
    byte[] name = new byte[HEAD_BYTES - BOX_NAME_AT];
    head.duplicate().position(head.position() + BOX_NAME_AT).get(name);
    return new String(name, StandardCharsets.ISO_8859_1)
        .matches("ftyp|styp|moov|moof|mdat|free|skip|wide");
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public synchronized boolean isLive() {
    return state == State.RECORDING;
  }

  /** How much of the file has come. */
  synchronized long bytes() {
    return bytes;
  }

  /** Takes the next slice of the file; false where it has ended. */
  @Override
  public synchronized boolean write(ByteBuffer slice) throws IOException {
    if (!isLive()) {
      return false;
    }
    int length = slice.remaining();
    try {
      session.write(slice);
    } catch (IOException | RuntimeException e) {
      fail(e);
      throw e;
    }
    bytes += length;
    return true;
  }

  @Override
  public boolean stop() throws IOException {
    return stop(null);
  }

  @Override
  public boolean stopAfter(MediaSource played) throws IOException {
    return stop(Duration.of(played.durationUs(), ChronoUnit.MICROS));
  }

  /**
   * Ends it and stores it; false where it had ended.
   *
   * @param plays how long the file plays; where nobody knows, the time that it was recorded for
   */
  synchronized boolean stop(@Nullable Duration plays) throws IOException {
    if (!isLive()) {
      return false;
    }
    try {
      Duration duration = plays == null ? Duration.between(started, clock.instant()) : plays;
      stored = Optional.of(session.stop(duration.isNegative() ? Duration.ZERO : duration));
      state = State.STORED;
      whenEnded.run();
      return true;
    } catch (IOException | RuntimeException e) {
      fail(e);
      throw e;
    }
  }

  @Override
  public synchronized void fail(Exception cause) {
    if (!isLive()) {
      return;
    }
    state = State.FAILED;
    failure = String.valueOf(cause.getMessage());
    whenEnded.run();
    try (session) {
      return;
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public synchronized Map<String, Object> describe() {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("id", id);
    described.put("callUuid", interaction.callUuid());
    described.put("state", state.name().toLowerCase(Locale.ROOT));
    described.put("bytes", bytes);
    stored.ifPresent(recording -> {
      described.put("recordingId", recording.id().value());
      described.put("mediaId", recording.mediaFiles().get(0).mediaId().value());
    });
    if (!failure.isEmpty()) {
      described.put("failure", failure);
    }
    return described;
  }
}
