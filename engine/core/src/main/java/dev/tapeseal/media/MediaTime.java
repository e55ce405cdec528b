package dev.tapeseal.media;

/** Samples as time. */
final class MediaTime {

  private static final int MICROS = 1_000_000;

  private MediaTime() {}

  /** Rounded down to the microsecond; without overflow below 292,000 years. */
  static long us(long samples, int sampleRateHz) {
    return samples / sampleRateHz * MICROS + samples % sampleRateHz * MICROS / sampleRateHz;
  }
}
