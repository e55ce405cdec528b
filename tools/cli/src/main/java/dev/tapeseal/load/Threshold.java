package dev.tapeseal.load;

import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a load must hold, such as {@code p99<20ms}, {@code dropped=0} or {@code sessions/core>=10000}.
 *
 * @param text as it was given
 * @param measure what of a result is compared
 * @param relation {@code <}, {@code <=}, {@code =}, {@code >=} or {@code >}
 * @param bound in nanoseconds, or a number
 * @param timed whether it is a time
 */
public record Threshold(
    String text,
    ToDoubleFunction<LoadResult> measure,
    String relation,
    double bound,
    boolean timed) {
  private static final Pattern FORM = Pattern.compile(
      "([a-z][a-z0-9./-]{0,30})(<=|>=|<|>|=)([0-9]{1,12}(?:\\.[0-9]{1,6})?)(ns|us|ms|s)?");
  private static final String EXPECTED =
      " (expected: such as p99<20ms, start.p50<20us, dropped=0 or sessions/core>=10000)";

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException where it is none; it says what would be
   */
  public static Threshold parse(String text) {
    Matcher form = FORM.matcher(text.replace(" ", ""));
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no threshold" + EXPECTED);
    }
    String name = group(form, 1);
    String unit = group(form, 4);
    ToDoubleFunction<LoadResult> number = number(name);
    ToDoubleFunction<LoadResult> time = number == null ? time(name) : null;
    if (number == null && time == null) {
      throw new IllegalArgumentException("'" + name + "' is nothing that is measured" + EXPECTED);
    }
    if (unit.isEmpty() == (time != null)) {
      throw new IllegalArgumentException("'" + text + "': " + name
          + (time != null ? " is a time and needs ns, us, ms or s" : " is a number without a unit")
          + EXPECTED);
    }
    double value = Double.parseDouble(group(form, 3));
    return new Threshold(
        text,
        time != null ? time : Objects.requireNonNull(number),
        group(form, 2),
        value * nanos(unit),
        time != null);
  }

  private static String group(Matcher form, int group) {
    String text = form.group(group);
    return text == null ? "" : text;
  }

  private static double nanos(String unit) {
    return switch (unit) {
      case "us" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      default -> 1;
    };
  }

  private static @Nullable ToDoubleFunction<LoadResult> number(String name) {
    return switch (name) {
      case "dropped" -> LoadResult::dropped;
      case "late" -> LoadResult::late;
      case "failed" -> LoadResult::failed;
      case "frames" -> LoadResult::frames;
      case "sessions/core" -> LoadResult::sessionsPerCore;
      case "bytes/s" -> result -> result.bytes() / result.seconds();
      default -> null;
    };
  }

  private static @Nullable ToDoubleFunction<LoadResult> time(String name) {
    if (name.equals("gc")) {
      return result -> result.longestPauseMillis() * 1e6;
    }
    int dot = name.indexOf('.');
    String of = dot < 0 || name.startsWith("p99.") ? "" : name.substring(0, dot);
    ToDoubleFunction<Latency> figure = figure(of.isEmpty() ? name : name.substring(dot + 1));
    if (figure == null) {
      return null;
    }
    return switch (of) {
      case "" -> result -> figure.applyAsDouble(result.sinceDue());
      case "uncorrected" -> result -> figure.applyAsDouble(result.sinceOffered());
      case "start" -> result -> figure.applyAsDouble(result.start());
      case "start-since-due" -> result -> figure.applyAsDouble(result.startSinceDue());
      case "stop" -> result -> figure.applyAsDouble(result.stop());
      default -> null;
    };
  }

  private static @Nullable ToDoubleFunction<Latency> figure(String name) {
    return switch (name) {
      case "p50" -> Latency::p50Nanos;
      case "p90" -> Latency::p90Nanos;
      case "p99" -> Latency::p99Nanos;
      case "p99.9" -> Latency::p999Nanos;
      case "p99.99" -> Latency::p9999Nanos;
      case "max" -> Latency::maxNanos;
      case "mean" -> Latency::meanNanos;
      default -> null;
    };
  }

  /** Whether a result keeps to it. */
  public boolean holds(LoadResult result) {
    double measured = measure.applyAsDouble(result);
    return switch (relation) {
      case "<" -> measured < bound;
      case "<=" -> measured <= bound;
      case ">" -> measured > bound;
      case ">=" -> measured >= bound;
      default -> measured == bound;
    };
  }

  /** What was measured, in words. */
  public String measured(LoadResult result) {
    double measured = measure.applyAsDouble(result);
    return timed
        ? String.format(Locale.ROOT, "%.3f ms", measured / 1e6)
        : String.format(Locale.ROOT, "%.0f", measured);
  }
}
