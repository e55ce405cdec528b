package dev.tapeseal.media;

/**
 * Turns durations into whole units (samples, or frames of samples) and carries what is left over to
 * the next one: the sum of all durations and the sum of all units never differ by more than half a
 * unit.
 */
final class TimeDebt {

  private static final long MICROS = 1_000_000;

  private final int sampleRateHz;
  private final int samplesPerUnit;
  private long owed; // in samples times 1,000,000

  TimeDebt(int sampleRateHz, int samplesPerUnit) {
    this.sampleRateHz = sampleRateHz;
    this.samplesPerUnit = samplesPerUnit;
  }

  /** The units that a further duration takes. */
  long unitsOf(long durationUs) {
    long unit = samplesPerUnit * MICROS;
    owed += requireSilence(durationUs) * sampleRateHz; // below 2^59
    long units = Math.max(0, Math.floorDiv(owed + unit / 2, unit));
    owed -= units * unit;
    return units;
  }

  /** Refuses what no silence can last. */
  static long requireSilence(long durationUs) {
    if (durationUs < 0 || durationUs > MediaWriter.MAX_SILENCE_US) {
      throw new IllegalArgumentException(
          "silence: " + durationUs + " us (expected: 0 to " + MediaWriter.MAX_SILENCE_US + ")");
    }
    return durationUs;
  }
}
