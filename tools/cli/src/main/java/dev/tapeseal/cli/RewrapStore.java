package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.keystore.CatalogRewrap;
import dev.tapeseal.keystore.CatalogRewrap.Mode;
import dev.tapeseal.keystore.RewrapOutcome;
import dev.tapeseal.keystore.RewrapOutcome.Result;
import dev.tapeseal.keystore.RewrapReport;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rewraps the recordings of a store, and reports. */
final class RewrapStore {
  private static final int PAGE = 1000;
  private static final double NANOS = 1e9;

  private final Terminal terminal;
  private final RewrapStoreOptions options;
  private final boolean dryRun;
  private final boolean json;
  private long done;

  RewrapStore(Terminal terminal, RewrapStoreOptions options, boolean dryRun, boolean json) {
    this.terminal = terminal;
    this.options = options;
    this.dryRun = dryRun;
    this.json = json;
  }

  ExitCode run(CatalogRewrap.Keys keys, List<RecordingCertificate> certificates)
      throws IOException, RecordingCertificateException {
    RecordingQuery query = options.which.query().withLimit(PAGE);
    String id = options.id;
    RecordingId one = id == null ? null : Names.recording(id);
    StoreOptions.Chosen chosen = options.choose(terminal);
    long start = System.nanoTime();
    try (RecordingStore store = chosen.open()) {
      CatalogRewrap rewrap = CatalogRewrap.of(store, keys, certificates);
      Path onlyFor = options.onlyFor;
      if (onlyFor != null) {
        Inputs.requireFile(onlyFor);
        rewrap = rewrap.covering(RecordingCertificate.read(onlyFor));
      }
      long total = one == null ? store.count(query) : 1;
      RewrapReport report;
      try (Progress progress =
          Progress.ofCount(terminal, "rewrapping " + chosen.folder(), "media files", total)) {
        Mode mode = dryRun ? Mode.DRY_RUN : Mode.CHANGE;
        report = one == null
            ? rewrap.run(query, mode, outcome -> note(outcome, progress))
            : rewrap.run(one, mode, outcome -> note(outcome, progress));
      }
      if (json) {
        print(report, System.nanoTime() - start);
      } else {
        terminal.note("tapeseal: " + report.count(Result.REWRAPPED)
            + (dryRun ? " to rewrap (nothing was changed), " : " rewrapped, ")
            + report.count(Result.ALREADY_REWRAPPED) + " rewrapped before, "
            + report.count(Result.NOT_COVERED) + " not covered, "
            + report.count(Result.CLEAR) + " clear, "
            + report.count(Result.FAILED) + " failed");
      }
      return exitCode(report);
    }
  }

  private void note(RewrapOutcome outcome, Progress progress) {
    progress.accept(++done);
    if (outcome.result() == Result.FAILED) {
      terminal.note("tapeseal: " + outcome.recording() + "/" + outcome.mediaId()
          + ": stays as it was: " + outcome.reason());
    } else if (outcome.result() == Result.REWRAPPED && !json) {
      terminal.out().println(outcome.recording() + " " + outcome.mediaId());
    }
  }

  private ExitCode exitCode(RewrapReport report) {
    long sound = report.count(Result.REWRAPPED) + report.count(Result.ALREADY_REWRAPPED);
    if (report.count(Result.FAILED) > 0) {
      return sound == 0 ? ExitCode.FAILED : ExitCode.SOME_FAILED;
    }
    if (sound == 0 && report.count(Result.NOT_COVERED) > 0 && options.onlyFor == null) {
      terminal.note("tapeseal: none of the private keys is for any of the "
          + report.count(Result.NOT_COVERED) + " encrypted media files");
      return ExitCode.REFUSED;
    }
    return ExitCode.OK;
  }

  private void print(RewrapReport report, long nanos) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("dryRun", dryRun);
    all.put("recordings", report.recordings());
    all.put("rewrapped", report.count(Result.REWRAPPED));
    all.put("alreadyRewrapped", report.count(Result.ALREADY_REWRAPPED));
    all.put("notCovered", report.count(Result.NOT_COVERED));
    all.put("clear", report.count(Result.CLEAR));
    all.put("failed", report.count(Result.FAILED));
    all.put("seconds", nanos / NANOS);
    List<Map<String, Object>> failures = new ArrayList<>();
    for (RewrapOutcome failure : report.failures()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("recording", failure.recording().value());
      row.put("mediaId", failure.mediaId().value());
      row.put("reason", failure.reason());
      failures.add(row);
    }
    all.put("failures", failures);
    Json.print(terminal.out(), all);
  }
}
