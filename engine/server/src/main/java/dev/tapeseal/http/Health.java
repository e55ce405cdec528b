package dev.tapeseal.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Named checks behind {@code /health/started}, {@code /health/live} and {@code /health/ready}: 200 when all pass, else
 * 503, each check's outcome in the body. Checks run one set at a time, and an outcome stands for {@link #FRESH}, so that
 * asking often costs nothing. Any thread.
 */
public final class Health {
  /** How long an outcome stands. */
  public static final Duration FRESH = Duration.ofMillis(500);

  private static final Logger LOGGER = LoggerFactory.getLogger(Health.class);

  private final List<Probe> probes =
      List.of(new Probe("started"), new Probe("live"), new Probe("ready"));

  /** Whether something works; it may block, and every failure it throws is an answer: no. */
  @FunctionalInterface
  public interface Check {
    /** Empty when it does; otherwise one sentence for everybody to read, without a secret. */
    Optional<String> fault() throws Exception;
  }

  /** Must pass before the service counts as started. */
  public Health started(String name, Check check) {
    return add(0, name, check);
  }

  /** Must pass, or the service is to be restarted. */
  public Health live(String name, Check check) {
    return add(1, name, check);
  }

  /** Must pass, or the service is to be sent nothing. */
  public Health ready(String name, Check check) {
    return add(2, name, check);
  }

  private Health add(int index, String name, Check check) {
    probes.get(index).checks.add(new Named(name, check));
    return this;
  }

  /** Whether everything that {@code ready} stands for passes now. */
  public boolean isReady() {
    return probes.get(2).outcome().passed;
  }

  /** The three routes. */
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (Probe probe : probes) {
      routes.add(Route.get("/health/" + probe.name)
          .handledBy(request -> probe.outcome().response()));
    }
    return List.copyOf(routes);
  }

  private record Named(String name, Check check) {}

  private record Outcome(boolean passed, Map<String, Object> body, long nanoTime) {
    Response response() {
      return Response.json(passed ? 200 : 503, body);
    }
  }

  private static final class Probe {
    private final String name;
    private final List<Named> checks = new CopyOnWriteArrayList<>();
    private Optional<Outcome> last = Optional.empty();

    Probe(String name) {
      this.name = name;
    }

    synchronized Outcome outcome() {
      if (last.isEmpty() || System.nanoTime() - last.get().nanoTime > FRESH.toNanos()) {
        last = Optional.of(run());
      }
      return last.get();
    }

    private Outcome run() {
      boolean passed = true;
      List<Map<String, Object>> outcomes = new ArrayList<>();
      for (Named named : checks) {
        Optional<String> fault = faultOf(named);
        passed &= fault.isEmpty();
        Map<String, Object> outcome = new LinkedHashMap<>();
        outcome.put("name", named.name);
        outcome.put("status", fault.isEmpty() ? "up" : "down");
        fault.ifPresent(text -> outcome.put("fault", text));
        outcomes.add(outcome);
      }
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("status", passed ? "up" : "down");
      body.put("checks", outcomes);
      return new Outcome(passed, body, System.nanoTime());
    }

    private Optional<String> faultOf(Named named) {
      try {
        return named.check.fault();
      } catch (Exception e) {
        LOGGER.warn("health check {} of {} failed", named.name, name, e);
        return Optional.of("The check failed; the log says why.");
      }
    }
  }
}
