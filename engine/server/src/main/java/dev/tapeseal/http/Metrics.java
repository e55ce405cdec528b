package dev.tapeseal.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/**
 * The numbers that a service tells of itself, in the names and base units of Prometheus. Never by recording, user or
 * session: such a label is refused, and a metric has at most {@link #MAX_SERIES} sets of label values, beyond which all
 * count as {@code other}. Any thread; each registry stands alone.
 */
public final class Metrics {
  /** The sets of label values that one metric may have. */
  public static final int MAX_SERIES = 1000;

  private static final Pattern NAME = Pattern.compile("tapeseal(_[a-z][a-z0-9]*)+");
  private static final Pattern LABEL = Pattern.compile("[a-z]+(_[a-z]+)*");
  private static final Set<String> PERSONAL =
      Set.of("recording", "recording_id", "user", "session", "address");

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, AtomicInteger> series = new ConcurrentHashMap<>();
  private final Map<Series, Count> counts = new ConcurrentHashMap<>();
  private final Map<Series, Timing> timings = new ConcurrentHashMap<>();

  private record Series(String name, Tags labels) {}

  /** Something that is counted. */
  @FunctionalInterface
  public interface Count {
    /** Adds to it. */
    void add(double amount);
  }

  /** How long something takes, as a histogram. */
  @FunctionalInterface
  public interface Timing {
    /** Counts one. */
    void record(Duration duration);
  }

  /**
   * A counter; the same for the same name and labels. Prometheus sees the name with {@code _total} after it.
   *
   * @param name {@code tapeseal_} and what is counted, its unit last where it has one: {@code tapeseal_played_bytes}
   * @param labels names and values, in turn; a metric has the same names always
   */
  public Count counter(String name, String help, String... labels) {
    Series wanted = new Series(checked(name), labels(labels));
    Count known = counts.get(wanted);
    return known != null
        ? known
        : counts.computeIfAbsent(bounded(wanted), key -> {
          Counter counter =
              Counter.builder(key.name).description(help).tags(key.labels).register(registry);
          return counter::increment;
        });
  }

  /**
   * A histogram of durations; the same for the same name and labels. Prometheus sees the name with {@code _seconds}
   * after it.
   */
  public Timing timing(String name, String help, String... labels) {
    Series wanted = new Series(checked(name), labels(labels));
    Timing known = timings.get(wanted);
    return known != null
        ? known
        : timings.computeIfAbsent(bounded(wanted), key -> {
          Timer timer = Timer.builder(key.name)
              .description(help)
              .tags(key.labels)
              .serviceLevelObjectives(BUCKETS)
              .register(registry);
          return timer::record;
        });
  }

  /** A number of things that come, by 1, and go, by -1; the same for the same name and labels. */
  public Count level(String name, String help, String... labels) {
    Series wanted = new Series(checked(name), labels(labels));
    Count known = counts.get(wanted);
    return known != null
        ? known
        : counts.computeIfAbsent(bounded(wanted), key -> {
          DoubleAdder level = new DoubleAdder();
          Gauge.builder(key.name, level::sum)
              .description(help)
              .tags(key.labels)
              .strongReference(true)
              .register(registry);
          return level::add;
        });
  }

  /** A value that is asked for whenever the metrics are read; it must not block. Held for as long as the metrics are. */
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    Series wanted = bounded(new Series(checked(name), labels(labels)));
    Gauge.builder(wanted.name, value::getAsDouble)
        .description(help)
        .tags(wanted.labels)
        .strongReference(true)
        .register(registry);
  }

  /**
   * A counter that somebody else keeps, asked as {@link #gauge} is; it never falls. Prometheus sees the name with
   * {@code _total} after it.
   */
  public void counter(String name, String help, DoubleSupplier value, String... labels) {
    Series wanted = bounded(new Series(checked(name), labels(labels)));
    FunctionCounter.builder(wanted.name, this, whoHoldsIt -> value.getAsDouble())
        .description(help)
        .tags(wanted.labels)
        .register(registry);
  }

  /** All of it in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  /** {@code GET /metrics}. */
  public Route route() {
    return Route.get("/metrics")
        .handledBy(request -> Response.bytes(
            200,
            "text/plain; version=0.0.4; charset=utf-8",
            scrape().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private Series bounded(Series wanted) {
    AtomicInteger size = series.computeIfAbsent(wanted.name, unused -> new AtomicInteger());
    if (size.getAndUpdate(count -> Math.min(count + 1, MAX_SERIES)) < MAX_SERIES) {
      return wanted;
    }
    Tags other = Tags.empty();
    for (var label : wanted.labels) {
      other = other.and(label.getKey(), "other");
    }
    return new Series(wanted.name, other);
  }

  private static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "metric: '" + name + "' (expected: tapeseal_ and lower-case words)");
    }
    return name;
  }

  private static Tags labels(String... labels) {
    for (int i = 0; i < labels.length; i += 2) {
      if (!LABEL.matcher(labels[i]).matches() || PERSONAL.contains(labels[i])) {
        throw new IllegalArgumentException("label: '" + labels[i]
            + "' (expected: lower-case words, and none of " + PERSONAL + ")");
      }
    }
    return Tags.of(labels);
  }
}
