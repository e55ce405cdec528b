package dev.tapeseal.capture;

/**
 * What lanes have done.
 *
 * @param sessions how many recordings are on them
 * @param frames how many frames of calls and slices of screens were written
 * @param bytes how many bytes those had
 * @param dropped how many frames found their lane full, or their recording failed
 * @param refused how many frames were not of their stream, and were left out
 * @param failed how many recordings failed
 */
public record LaneCounts(
    long sessions, long frames, long bytes, long dropped, long refused, long failed) {
  static final LaneCounts NONE = new LaneCounts(0, 0, 0, 0, 0, 0);

  LaneCounts plus(LaneCounts other) {
    return new LaneCounts(
        sessions + other.sessions,
        frames + other.frames,
        bytes + other.bytes,
        dropped + other.dropped,
        refused + other.refused,
        failed + other.failed);
  }
}
