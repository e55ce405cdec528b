package dev.tapeseal.media.mp4;

/** Times in one timescale as times in another. Seconds below 2^30 and timescales below 2^32 do not overflow. */
final class Timescales {
  private static final long NANOS = 1_000_000_000;

  private Timescales() {}

  /** Not a moment too short. */
  static long roundedUp(long time, long from, long to) {
    long rest = time % from * to;
    return time / from * to + rest / from + (rest % from == 0 ? 0 : 1);
  }

  /** Nanoseconds, not negative, to the nearest unit. */
  static long ofNanos(long nanos, long to) {
    return nanos / NANOS * to + (nanos % NANOS * to + NANOS / 2) / NANOS;
  }

  /**
   * The least timescale in which both can be told exactly, where it fits into 31 bits; otherwise the first.
   */
  static long common(long first, long second) {
    long common = first / gcd(first, second) * second;
    return common <= Integer.MAX_VALUE ? common : first;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
