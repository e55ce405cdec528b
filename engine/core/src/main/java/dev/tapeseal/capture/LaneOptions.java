package dev.tapeseal.capture;

import org.jspecify.annotations.Nullable;

/**
 * How {@link CaptureLanes} are made.
 *
 * @param lanes how many there are for each store, 1 to 1024; one a core serves best
 * @param ringBytes how much of frames that wait a lane holds: a power of two, 4 KiB to 256 MiB. A frame takes a multiple of
 *     256 bytes, so 16 MiB hold 65,536 frames of G.711: a second of 1,300 calls, or 26 ms of 50,000
 * @param listener hears of every frame that is offered with the time at which it was due
 */
public record LaneOptions(
    int lanes, int ringBytes, @Nullable FrameListener listener) {
  private static final int DEFAULT_RING_BYTES = 16 * 1024 * 1024;
  private static final int MIN_RING_BYTES = 4 * 1024;
  private static final int MAX_LANES = 1024;

  /** Refuses numbers out of range. */
  public LaneOptions {
    if (lanes < 1 || lanes > MAX_LANES) {
      throw new IllegalArgumentException("lanes: " + lanes + " (expected: 1 to " + MAX_LANES + ")");
    }
    if (Integer.bitCount(ringBytes) != 1
        || ringBytes < MIN_RING_BYTES
        || ringBytes > LaneRing.MAX_BYTES) {
      throw new IllegalArgumentException(
          "ring of " + ringBytes + " bytes (expected: a power of two, " + MIN_RING_BYTES + " to "
              + LaneRing.MAX_BYTES + ")");
    }
  }

  /** So many lanes, each of which holds 16 MiB of frames. */
  public static LaneOptions of(int lanes) {
    return new LaneOptions(lanes, DEFAULT_RING_BYTES, null);
  }

  /** The same with room for more frames, or for fewer. */
  public LaneOptions withRingBytes(int bytes) {
    return new LaneOptions(lanes, bytes, listener);
  }

  /** The same with somebody who hears of frames. */
  public LaneOptions withListener(FrameListener other) {
    return new LaneOptions(lanes, ringBytes, other);
  }
}
