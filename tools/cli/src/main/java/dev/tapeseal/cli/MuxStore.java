package dev.tapeseal.cli;

import dev.tapeseal.mux.CatalogMuxer;
import dev.tapeseal.mux.MuxReport;
import dev.tapeseal.mux.Muxer;
import dev.tapeseal.mux.PairOutcome;
import dev.tapeseal.mux.PairOutcome.Cause;
import dev.tapeseal.mux.PairOutcome.Result;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Muxes the pairs of a catalog, once or again and again, and reports on each. */
final class MuxStore {
  /** Beside the recordings; a contact center's folder never begins with a dot. */
  private static final String CLAIMS = ".mux";

  private static final int MAX_WORKERS = 64;
  private static final double NANOS = 1e9;

  private final Terminal terminal;
  private final StoreOptions.Chosen pairs;
  private final MuxStoreOptions options;
  private final boolean json;

  /** Refuses options that do not fit. */
  MuxStore(Terminal terminal, StoreOptions.Chosen pairs, MuxStoreOptions options, boolean json) {
    if (options.workers < 1 || options.workers > MAX_WORKERS) {
      throw new CommandException(
          ExitCode.USAGE, "--workers " + options.workers + " (expected: 1 to " + MAX_WORKERS + ")");
    }
    if (options.intervalSeconds < 1) {
      throw new CommandException(
          ExitCode.USAGE, "--interval " + options.intervalSeconds + " (expected: >= 1)");
    }
    if (options.metricsPort != null && !options.watch) {
      throw new CommandException(
          ExitCode.USAGE,
          "--metrics-port without --watch (expected: both; the report of one pass has the numbers)");
    }
    this.terminal = terminal;
    this.pairs = pairs;
    this.options = options;
    this.json = json;
  }

  /** Muxes; {@code encryption} is what makes of a muxer of clear pairs one of encrypted pairs, too. */
  ExitCode run(Muxer muxer, UnaryOperator<CatalogMuxer> encryption) throws IOException {
    try (RecordingStore store = pairs.open();
        MuxMetrics metrics = MuxMetrics.of(terminal, options.metricsPort)) {
      CatalogMuxer catalog =
          encryption.apply(CatalogMuxer.of(store, pairs.folder().resolve(CLAIMS), muxer));
      RecordingQuery screens =
          RecordingQuery.ALL.withStartedFrom(options.from).withStartedBefore(options.before);
      ExitCode exitCode = round(catalog, screens, metrics);
      while (options.watch && pause()) {
        round(catalog, screens, metrics);
      }
      return options.watch ? ExitCode.OK : exitCode;
    }
  }

  /** Returns whether to go on. */
  private boolean pause() {
    try {
      Thread.sleep(Duration.ofSeconds(options.intervalSeconds).toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private ExitCode round(CatalogMuxer catalog, RecordingQuery screens, MuxMetrics metrics)
      throws IOException {
    long start = System.nanoTime();
    MuxReport report = catalog.run(screens, options.workers, pair -> {
      metrics.count(pair);
      note(pair);
    });
    if (json && !(options.watch && report.pairs().isEmpty())) {
      print(report, System.nanoTime() - start);
    }
    if (!json && !options.watch) {
      terminal.note("tapeseal: " + report.count(Result.MUXED) + " muxed, "
          + report.count(Result.ALREADY_MUXED) + " muxed before, "
          + report.count(Result.TAKEN) + " taken by others, "
          + report.count(Result.REFUSED) + " refused, "
          + report.count(Result.FAILED) + " failed, "
          + report.withoutCall() + " screens without a call");
    }
    return exitCode(report);
  }

  private static ExitCode exitCode(MuxReport report) {
    long refused = report.count(Result.REFUSED);
    long failed = report.count(Result.FAILED);
    if (refused + failed == 0) {
      return ExitCode.OK;
    }
    if (refused + failed < report.pairs().size()) {
      return ExitCode.SOME_FAILED;
    }
    return failed == 0 ? ExitCode.REFUSED : ExitCode.FAILED;
  }

  private void note(PairOutcome pair) {
    if (!pair.reason().isEmpty()) {
      terminal.note("tapeseal: " + label(pair.result()) + ": " + pair.reason());
    } else if (!json && pair.result() == Result.MUXED) {
      terminal.out().println(pair.call() + " " + pair.mediaId());
    }
  }

  private void print(MuxReport report, long nanos) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Result result : Result.values()) {
      all.put(label(result), report.count(result));
    }
    Map<String, Object> refusals = new LinkedHashMap<>();
    for (Cause cause : MuxMetrics.REFUSALS) {
      refusals.put(label(cause), report.refused(cause));
    }
    all.put("refusals", refusals);
    all.put("withoutCall", report.withoutCall());
    all.put(
        "bytes", report.pairs().stream().mapToLong(PairOutcome::plaintextBytes).sum());
    all.put("seconds", nanos / NANOS);
    List<Map<String, Object>> pairs = new ArrayList<>();
    for (PairOutcome pair : report.pairs()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("call", pair.call());
      row.put("screen", pair.screen());
      row.put("result", label(pair.result()));
      row.put("cause", label(pair.cause()));
      row.put("reason", pair.reason());
      row.put("mediaId", pair.mediaId());
      row.put("bytes", pair.plaintextBytes());
      row.put("seconds", pair.took().toNanos() / NANOS);
      row.put("attempts", pair.attempts());
      pairs.add(row);
    }
    all.put("pairs", pairs);
    Json.print(terminal.out(), all);
  }

  /** As JSON names it: {@code alreadyMuxed}, {@code screenPlain}. */
  private static String label(Enum<?> value) {
    String[] words = value.name().toLowerCase(Locale.ROOT).split("_", 2);
    return words.length == 1
        ? words[0]
        : words[0] + words[1].substring(0, 1).toUpperCase(Locale.ROOT) + words[1].substring(1);
  }
}
