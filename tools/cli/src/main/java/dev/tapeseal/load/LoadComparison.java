package dev.tapeseal.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Two results side by side. A figure changed where the middle half of its seconds lies wholly above or below the other's;
 * single figures, which have no seconds to tell noise by, changed where they differ by more than a tenth.
 */
public final class LoadComparison {
  private static final double NOISE = 0.1;
  private static final int MIN_SECONDS = 4;

  /** Which way is up. */
  private enum Better {
    LESS,
    MORE
  }

  private record Figure(String name, String pointer, Better better) {}

  private static final List<Figure> SINGLE = List.of(
      new Figure("latency p50, µs", "/latency/p50Micros", Better.LESS),
      new Figure("latency p99, µs", "/latency/p99Micros", Better.LESS),
      new Figure("latency p99.9, µs", "/latency/p99.9Micros", Better.LESS),
      new Figure("latency max, µs", "/latency/maxMicros", Better.LESS),
      new Figure("start p50, µs", "/start/p50Micros", Better.LESS),
      new Figure("start p99, µs", "/start/p99Micros", Better.LESS),
      new Figure("stop p50, µs", "/stop/p50Micros", Better.LESS),
      new Figure("dropped frames", "/dropped", Better.LESS),
      new Figure("late frames", "/late", Better.LESS),
      new Figure("failed recordings", "/failed", Better.LESS),
      new Figure("sessions a core", "/sessionsPerCore", Better.MORE),
      new Figure("frames a second", "/framesPerSecond", Better.MORE),
      new Figure("bytes a second", "/bytesPerSecond", Better.MORE),
      new Figure("longest pause, ms", "/longestPauseMillis", Better.LESS));

  private static final List<Figure> BY_SECOND = List.of(
      new Figure("each second's p50, µs", "p50Micros", Better.LESS),
      new Figure("each second's p99, µs", "p99Micros", Better.LESS),
      new Figure("each second's lane cores", "laneCores", Better.LESS));

  private LoadComparison() {}

  /**
   * One figure.
   *
   * @param verdict {@code better}, {@code worse} or {@code no change}
   */
  public record Row(String figure, double before, double after, String verdict) {
    /** As JSON has it. */
    public Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("figure", figure);
      map.put("before", before);
      map.put("after", after);
      map.put("verdict", verdict);
      return map;
    }
  }

  /**
   * Compares what two runs wrote as JSON.
   *
   * @throws IllegalArgumentException where one of them is no result of a load
   */
  public static List<Row> of(JsonNode before, JsonNode after) {
    require(before, "the first file");
    require(after, "the second file");
    List<Row> rows = new ArrayList<>();
    for (Figure figure : SINGLE) {
      double one = before.at(figure.pointer()).asDouble();
      double other = after.at(figure.pointer()).asDouble();
      boolean changed = Math.abs(other - one) > NOISE * Math.max(Math.abs(one), Math.abs(other));
      rows.add(new Row(figure.name(), one, other, verdict(figure, changed, other - one)));
    }
    for (Figure figure : BY_SECOND) {
      double[] one = seconds(before, figure.pointer());
      double[] other = seconds(after, figure.pointer());
      if (one.length >= MIN_SECONDS && other.length >= MIN_SECONDS) {
        boolean above = quartile(other, 1) > quartile(one, 3);
        boolean below = quartile(other, 3) < quartile(one, 1);
        double change = quartile(other, 2) - quartile(one, 2);
        rows.add(new Row(
            figure.name(),
            quartile(one, 2),
            quartile(other, 2),
            verdict(figure, above || below, change)));
      }
    }
    return rows;
  }

  private static void require(JsonNode result, String which) {
    if (!result.at("/latency/p99Micros").isNumber() || !result.at("/plan/calls").isNumber()) {
      throw new IllegalArgumentException(
          which + " is no result of a load (expected: what load --json-out wrote)");
    }
  }

  private static String verdict(Figure figure, boolean changed, double change) {
    if (!changed) {
      return "no change";
    }
    return change < 0 == (figure.better() == Better.LESS) ? "better" : "worse";
  }

  /** The seconds in which anything was recorded, sorted by the figure. */
  private static double[] seconds(JsonNode result, String member) {
    List<Double> values = new ArrayList<>();
    for (JsonNode second : result.path("each")) {
      if (second.path("frames").asLong() > 0) {
        values.add(second.path(member).asDouble());
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static double quartile(double[] sorted, int which) {
    return sorted[(sorted.length - 1) * which / 4];
  }
}
