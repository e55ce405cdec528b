package dev.tapeseal.cli;

import dev.tapeseal.http.HttpServer;
import dev.tapeseal.http.Metrics;
import dev.tapeseal.http.Router;
import dev.tapeseal.mux.PairOutcome;
import dev.tapeseal.mux.PairOutcome.Cause;
import dev.tapeseal.mux.PairOutcome.Result;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a watching muxer tells Prometheus, on this machine alone. A pair that stays refused is looked at again, a minute
 * later at first and an hour later at last, and counts each time. All series are there from the start, so that the first
 * refusal is seen as one.
 */
final class MuxMetrics implements AutoCloseable {
  /** Why pairs are refused. */
  static final Set<Cause> REFUSALS = EnumSet.complementOf(EnumSet.of(Cause.NONE, Cause.STORAGE));

  private static final int MAX_PORT = 65_535;

  private final Metrics metrics = new Metrics();
  private final @Nullable HttpServer server;

  private MuxMetrics(Terminal terminal, @Nullable Integer port) throws IOException {
    for (Result result : Result.values()) {
      pairs(result).add(0);
    }
    for (Cause cause : REFUSALS) {
      refusals(cause).add(0);
    }
    if (port == null) {
      server = null;
      return;
    }
    server = HttpServer.builder(Router.of(List.of(metrics.route())))
        .port(port)
        .metrics(metrics)
        .start();
    terminal.note("tapeseal: metrics at " + server.uri().resolve("/metrics"));
  }

  /** Counts, and answers at a port of the loopback address where one is given. */
  static MuxMetrics of(Terminal terminal, @Nullable Integer port) throws IOException {
    if (port != null && (port < 0 || port > MAX_PORT)) {
      throw new CommandException(
          ExitCode.USAGE, "--metrics-port " + port + " (expected: 0 to " + MAX_PORT + ")");
    }
    return new MuxMetrics(terminal, port);
  }

  /** Counts what became of a pair. */
  void count(PairOutcome pair) {
    pairs(pair.result()).add(1);
    if (pair.result() == Result.REFUSED) {
      refusals(pair.cause()).add(1);
    }
    metrics
        .counter("tapeseal_mux_bytes", "Bytes of the MP4 files that were muxed, in clear.")
        .add((double) pair.plaintextBytes());
  }

  private Metrics.Count pairs(Result result) {
    return metrics.counter(
        "tapeseal_mux_pairs", "Pairs that were looked at, by result.", "result", label(result));
  }

  private Metrics.Count refusals(Cause cause) {
    return metrics.counter(
        "tapeseal_mux_refusals", "Pairs that were refused, by reason.", "reason", label(cause));
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
