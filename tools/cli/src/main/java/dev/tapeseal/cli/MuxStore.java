package dev.tapeseal.cli;

import dev.tapeseal.mux.CatalogMuxer;
import dev.tapeseal.mux.MuxReport;
import dev.tapeseal.mux.Muxer;
import dev.tapeseal.mux.PairOutcome;
import dev.tapeseal.mux.PairOutcome.Result;
import dev.tapeseal.store.CatalogAddress;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Path;
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
  private final Path folder;
  private final CatalogAddress address;
  private final MuxStoreOptions options;
  private final boolean json;

  /** Refuses options that do not fit. */
  MuxStore(
      Terminal terminal,
      Path folder,
      CatalogAddress address,
      MuxStoreOptions options,
      boolean json) {
    if (options.workers < 1 || options.workers > MAX_WORKERS) {
      throw new CommandException(
          ExitCode.USAGE, "--workers " + options.workers + " (expected: 1 to " + MAX_WORKERS + ")");
    }
    if (options.intervalSeconds < 1) {
      throw new CommandException(
          ExitCode.USAGE, "--interval " + options.intervalSeconds + " (expected: >= 1)");
    }
    this.terminal = terminal;
    this.folder = folder;
    this.address = address;
    this.options = options;
    this.json = json;
  }

  /** Muxes; {@code encryption} is what makes of a muxer of clear pairs one of encrypted pairs, too. */
  ExitCode run(Muxer muxer, UnaryOperator<CatalogMuxer> encryption) throws IOException {
    try (RecordingStore store = RecordingStore.openExisting(folder, address)) {
      CatalogMuxer catalog =
          encryption.apply(CatalogMuxer.of(store, folder.resolve(CLAIMS), muxer));
      RecordingQuery screens =
          RecordingQuery.ALL.withStartedFrom(options.from).withStartedBefore(options.before);
      ExitCode exitCode = round(catalog, screens);
      while (options.watch && pause()) {
        round(catalog, screens);
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

  private ExitCode round(CatalogMuxer catalog, RecordingQuery screens) throws IOException {
    long start = System.nanoTime();
    MuxReport report = catalog.run(screens, options.workers, this::note);
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

  private static String label(Result result) {
    return switch (result) {
      case ALREADY_MUXED -> "alreadyMuxed";
      default -> result.name().toLowerCase(Locale.ROOT);
    };
  }
}
