package dev.tapeseal.load;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** How long something took, as figures. All in nanoseconds. */
public record Latency(
    long count,
    long p50Nanos,
    long p90Nanos,
    long p99Nanos,
    long p999Nanos,
    long p9999Nanos,
    long maxNanos,
    double meanNanos) {

  static Latency of(Histogram histogram) {
    return new Latency(
        histogram.getTotalCount(),
        histogram.getValueAtPercentile(50),
        histogram.getValueAtPercentile(90),
        histogram.getValueAtPercentile(99),
        histogram.getValueAtPercentile(99.9),
        histogram.getValueAtPercentile(99.99),
        histogram.getMaxValue(),
        histogram.getMean());
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("count", count);
    map.put("p50Micros", micros((double) p50Nanos));
    map.put("p90Micros", micros((double) p90Nanos));
    map.put("p99Micros", micros((double) p99Nanos));
    map.put("p99.9Micros", micros((double) p999Nanos));
    map.put("p99.99Micros", micros((double) p9999Nanos));
    map.put("maxMicros", micros((double) maxNanos));
    map.put("meanMicros", micros(meanNanos));
    return map;
  }

  private static double micros(double nanos) {
    return Math.round(nanos / 100) / 10.0;
  }
}
