package dev.tapeseal.load;

import dev.tapeseal.capture.LaneOptions;
import dev.tapeseal.envelope.RecordingFormat;
import java.time.Duration;

/**
 * What load is put on the recorder: an open model, in which recordings begin and frames come when they are due, whether
 * or not the recorder has kept up.
 *
 * @param calls how many calls there are, each of frames of 160 or 320 bytes every 20 ms
 * @param screens how many screen recordings, each of slices ten times a second
 * @param arrivalsPerSecond how many recordings begin a second, calls and screens mixed
 * @param duration how long each lasts
 * @param pace whether frames come when they are due, or as fast as they are taken
 * @param channels of a call's G.711: 1 or 2
 * @param screenBytesPerSecond of each screen
 * @param format how recordings are encrypted
 * @param recipients how many certificates each is encrypted under, 0 to 16; clear where it is none
 * @param keyBits of the certificates' RSA keys
 * @param lanes how many threads record
 * @param ringBytes how much a lane holds of frames that wait
 * @param prepared whether session keys are wrapped ahead
 * @param warmUp for how long the code is run before anything is measured
 */
public record LoadPlan(
    int calls,
    int screens,
    double arrivalsPerSecond,
    Duration duration,
    Pace pace,
    int channels,
    int screenBytesPerSecond,
    RecordingFormat format,
    int recipients,
    int keyBits,
    int lanes,
    int ringBytes,
    boolean prepared,
    Duration warmUp) {
  private static final int MAX_RECORDINGS = 1_000_000;
  private static final int DEFAULT_RING_BYTES = 64 * 1024 * 1024;

  /** When frames come. */
  public enum Pace {
    REAL_TIME,
    MAX
  }

  /** Refuses what cannot be done. */
  public LoadPlan {
    require(
        calls >= 0 && screens >= 0 && calls + (long) screens >= 1,
        "recordings",
        calls + screens,
        "at least 1");
    require(
        calls + (long) screens <= MAX_RECORDINGS,
        "recordings",
        calls + screens,
        "at most " + MAX_RECORDINGS);
    require(arrivalsPerSecond > 0, "arrivals a second", arrivalsPerSecond, "more than 0");
    require(duration.toMillis() >= 100, "duration", duration.toMillis() + " ms", "at least 100 ms");
    require(channels == 1 || channels == 2, "channels", channels, "1 or 2");
    require(
        screenBytesPerSecond >= 100,
        "bytes a second of a screen",
        screenBytesPerSecond,
        "at least 100");
    require(recipients >= 0 && recipients <= 16, "recipients", recipients, "0 to 16");
    LaneOptions unused = LaneOptions.of(lanes).withRingBytes(ringBytes); // refuses others
    require(keyBits >= 2048 && keyBits <= 8192, "RSA key", keyBits + " bits", "2048 to 8192");
  }

  private static void require(boolean holds, String what, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: " + expected + ")");
    }
  }

  /** So many G.711 calls of one channel under one certificate, that begin within five seconds. */
  public static LoadPlan ofCalls(int calls, Duration duration) {
    return new LoadPlan(
        calls,
        0,
        Math.max(1, calls / 5.0),
        duration,
        Pace.REAL_TIME,
        1,
        62_500,
        RecordingFormat.PKCS7,
        1,
        2048,
        1,
        DEFAULT_RING_BYTES,
        true,
        Duration.ofSeconds(3));
  }

  /** The same with another number of calls and screens, that begin within the same time. */
  LoadPlan scaled(int recordings) {
    int total = calls + screens;
    int scaledScreens = (int) ((long) recordings * screens / total);
    return new LoadPlan(
        recordings - scaledScreens,
        scaledScreens,
        arrivalsPerSecond * recordings / total,
        duration,
        pace,
        channels,
        screenBytesPerSecond,
        format,
        recipients,
        keyBits,
        lanes,
        ringBytes,
        prepared,
        warmUp);
  }

  /** When recording {@code index} is to begin, from the start. */
  long startNanos(int index) {
    return (long) (index * 1e9 / arrivalsPerSecond);
  }

  /** From the first start to the last end. */
  public Duration length() {
    return duration.plusNanos(startNanos(calls + screens - 1));
  }
}
