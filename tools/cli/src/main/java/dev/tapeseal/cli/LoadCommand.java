package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.cli.WaitCommand.DurationConverter;
import dev.tapeseal.load.LoadCertificates;
import dev.tapeseal.load.LoadPlan;
import dev.tapeseal.load.LoadResult;
import dev.tapeseal.load.LoadRun;
import dev.tapeseal.load.LoadStore;
import dev.tapeseal.load.MaxSearch;
import dev.tapeseal.load.Threshold;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts the recorder of this machine under load, and reports what it did. It is long because each measure is an option. */
@Command(
    name = "load",
    description = {
      "Records many live calls and screens at once, into a store or nowhere, and measures it.",
      "Recordings begin at a rate and frames come when they are due, whether or not the recorder keeps up."
    },
    subcommands = LoadCompareCommand.class,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Thresholds: p50, p90, p99, p99.9, p99.99, max, mean of frames from when they were due, the same",
      "behind uncorrected., start., start-since-due. or stop.; gc; dropped, late, failed, frames,",
      "sessions/core, bytes/s. For example --assert 'p99<20ms' --assert dropped=0.",
      "",
      "Exit codes: 0 ok, 1 failed, 2 usage, 3 a threshold broke, 6 some recordings failed."
    })
final class LoadCommand implements Callable<Integer> {
  private static final List<String> SUSTAINED = List.of("p99<20ms", "dropped=0", "failed=0");
  private static final int FASTEST_START_SECONDS = 5;

  private final Terminal terminal;

  @Option(
      names = "--calls",
      paramLabel = "N",
      description =
          "How many calls of G.711, 50 frames a second each; 100 unless there are screens.")
  private @Nullable Integer calls;

  @Option(
      names = "--screens",
      paramLabel = "N",
      defaultValue = "0",
      description = "How many screen recordings; ${DEFAULT-VALUE}.")
  private int screens;

  @Option(
      names = "--arrivals",
      paramLabel = "N",
      description = "How many recordings begin a second; otherwise all within 5 seconds.")
  private @Nullable Double arrivals;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "How long each lasts; ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Duration duration;

  @Option(
      names = "--pace",
      paramLabel = "real-time|max",
      defaultValue = "real-time",
      description = "Frames when they are due, or as fast as they are taken; ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private String pace;

  @Option(
      names = "--channels",
      paramLabel = "1|2",
      defaultValue = "1",
      description = "Channels of a call; ${DEFAULT-VALUE}.")
  private int channels;

  @Option(
      names = "--screen-kbps",
      paramLabel = "N",
      defaultValue = "500",
      description = "Kilobits a second of a screen; ${DEFAULT-VALUE}.")
  private int screenKbps;

  @Option(
      names = "--format",
      paramLabel = "pkcs7|pkcs7-detached|sealed",
      defaultValue = "pkcs7",
      description = "How recordings are encrypted; ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private String format;

  @Option(
      names = "--recipients",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Under how many certificates, made for this; 0 records in clear; ${DEFAULT-VALUE}.")
  private int recipients;

  @Option(
      names = "--key-bits",
      paramLabel = "BITS",
      defaultValue = "2048",
      description = "Of their RSA keys; ${DEFAULT-VALUE}.")
  private int keyBits;

  @Option(
      names = "--lanes",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that record; ${DEFAULT-VALUE}.")
  private int lanes;

  @Option(
      names = "--ring-mib",
      paramLabel = "N",
      defaultValue = "64",
      description = "Frames that a lane holds, in MiB: a power of two up to 256; ${DEFAULT-VALUE}.")
  private int ringMib;

  @Option(
      names = "--unprepared",
      description = "Wrap session keys when recordings begin, not ahead.")
  private boolean unprepared;

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      defaultValue = "3s",
      converter = DurationConverter.class,
      description = "Run the code for so long first; ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Duration warmUp;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description =
          "An empty folder to record into; emptied again. Otherwise recordings go nowhere.")
  private @Nullable Path store;

  @Option(
      names = "--assert",
      paramLabel = "THRESHOLD",
      description = "What must hold, such as 'p99<20ms'; exit code 3 where it does not.")
  private List<String> assertions = List.of();

  @Option(
      names = "--find-max",
      description =
          "Find the largest number of recordings at which the thresholds hold, from --calls"
              + " and --screens upwards; by p99<20ms, dropped=0 and failed=0 unless others are given.")
  private boolean findMax;

  @Mixin
  private final LoadReports reports = new LoadReports();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  LoadCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    List<Threshold> thresholds = thresholds();
    LoadPlan plan = plan();
    reports.check();
    LoadStore into = store == null ? LoadStore.nothing() : openStore(store);
    List<RecordingCertificate> certificates = LoadCertificates.of(plan, new SecureRandom());
    terminal.note("tapeseal: warming up for " + warmUp.toMillis() / 1000.0 + " s");
    LoadRun.warmUp(plan, certificates);
    if (findMax) {
      return findMax(plan, into, certificates, thresholds).number();
    }
    LoadResult result = LoadRun.run(plan, into, certificates, this::tell);
    reports.write(terminal, result);
    if (json) {
      Json.print(terminal.out(), result.toMap());
    } else {
      summarize(result);
    }
    return exitCode(result, thresholds).number();
  }

  private static LoadStore openStore(Path folder) {
    try {
      return LoadStore.in(folder);
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  private List<Threshold> thresholds() {
    List<Threshold> thresholds = new ArrayList<>();
    try {
      for (String text : findMax && assertions.isEmpty() ? SUSTAINED : assertions) {
        thresholds.add(Threshold.parse(text));
      }
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, "--assert " + e.getMessage(), e);
    }
    return thresholds;
  }

  private LoadPlan plan() {
    int someCalls = calls != null ? calls : screens > 0 ? 0 : 100;
    try {
      return new LoadPlan(
          someCalls,
          screens,
          arrivals != null
              ? arrivals
              : Math.max(1, (someCalls + screens) / (double) FASTEST_START_SECONDS),
          duration,
          pace(),
          channels,
          Math.multiplyExact(screenKbps, 125),
          RecordingFormats.of(format),
          recipients,
          keyBits,
          lanes,
          Math.multiplyExact(ringMib, 1024 * 1024),
          !unprepared,
          warmUp);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private LoadPlan.Pace pace() {
    return switch (pace.toLowerCase(Locale.ROOT)) {
      case "real-time" -> LoadPlan.Pace.REAL_TIME;
      case "max" -> LoadPlan.Pace.MAX;
      default ->
        throw new CommandException(
            ExitCode.USAGE, "--pace: '" + pace + "' (expected: real-time or max)");
    };
  }

  private void tell(LoadResult.Second second) {
    terminal.note(String.format(
        Locale.ROOT,
        "second %d: %d recordings, %d frames, %d dropped, p99 %.3f ms, lanes %.2f cores, process %.2f",
        second.second(),
        second.sessions(),
        second.frames(),
        second.dropped(),
        second.p99Nanos() / 1e6,
        second.laneCores(),
        second.processCores()));
  }

  private void summarize(LoadResult result) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "recordings       %d stored, %d failed, %d at once%n"
                + "frames           %d recorded, %d dropped, %d late, %.0f a second%n"
                + "bytes            %.0f a second%n"
                + "latency          p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms, max %.3f ms%n"
                + "uncorrected      p50 %.3f ms, p99 %.3f ms, max %.3f ms%n"
                + "start            p50 %.1f µs, p99 %.1f µs%n"
                + "stop             p50 %.3f ms, p99 %.3f ms%n"
                + "sessions a core  %.0f by the lanes' CPU, %.0f by the whole process'%n"
                + "garbage          %d collections, %.3f s, longest %d ms%n",
            result.recordings(),
            result.failed(),
            result.peak(),
            result.frames(),
            result.dropped(),
            result.late(),
            result.frames() / result.seconds(),
            result.bytes() / result.seconds(),
            result.sinceDue().p50Nanos() / 1e6,
            result.sinceDue().p99Nanos() / 1e6,
            result.sinceDue().p999Nanos() / 1e6,
            result.sinceDue().maxNanos() / 1e6,
            result.sinceOffered().p50Nanos() / 1e6,
            result.sinceOffered().p99Nanos() / 1e6,
            result.sinceOffered().maxNanos() / 1e6,
            result.start().p50Nanos() / 1e3,
            result.start().p99Nanos() / 1e3,
            result.stop().p50Nanos() / 1e6,
            result.stop().p99Nanos() / 1e6,
            result.sessionsPerCore(),
            result.sessionsPerProcessCore(),
            result.spent().gcs(),
            result.spent().gcSeconds(),
            result.longestPauseMillis());
  }

  private ExitCode exitCode(LoadResult result, List<Threshold> thresholds) {
    boolean broken = false;
    for (Threshold threshold : thresholds) {
      if (!threshold.holds(result)) {
        broken = true;
        terminal.note(
            "tapeseal: " + threshold.text() + " does not hold: " + threshold.measured(result));
      }
    }
    if (result.failed() > 0) {
      terminal.note("tapeseal: " + Count.of(result.failed(), "recording") + " failed: "
          + result.firstFailure());
    }
    if (broken) {
      return ExitCode.CHECK_FAILED;
    }
    if (result.failed() > 0) {
      return result.recordings() == 0 ? ExitCode.FAILED : ExitCode.SOME_FAILED;
    }
    return ExitCode.OK;
  }

  private ExitCode findMax(
      LoadPlan plan,
      LoadStore into,
      List<RecordingCertificate> certificates,
      List<Threshold> thresholds)
      throws IOException, InterruptedException {
    List<MaxSearch.Trial> trials =
        new MaxSearch(into, certificates, thresholds, this::tell).run(plan);
    MaxSearch.Trial best = null;
    for (MaxSearch.Trial trial : trials) {
      if (trial.held() && (best == null || trial.recordings() > best.recordings())) {
        best = trial;
      }
    }
    if (best != null) {
      reports.write(terminal, best.result());
    }
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("max", best == null ? 0 : best.recordings());
      all.put("thresholds", thresholds.stream().map(Threshold::text).toList());
      List<Map<String, Object>> rows = new ArrayList<>();
      for (MaxSearch.Trial trial : trials) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("recordings", trial.recordings());
        row.put("held", trial.held());
        row.put("result", trial.result().toMap());
        rows.add(row);
      }
      all.put("trials", rows);
      Json.print(terminal.out(), all);
    } else {
      terminal
          .out()
          .println("largest sustained: " + (best == null ? 0 : best.recordings())
              + " recordings at once");
    }
    if (best == null) {
      terminal.note("tapeseal: the thresholds hold at no number of recordings that was tried");
      return ExitCode.CHECK_FAILED;
    }
    return ExitCode.OK;
  }

  private void tell(MaxSearch.Trial trial) {
    LoadResult result = trial.result();
    terminal.note(String.format(
        Locale.ROOT,
        "%d recordings: %s, p99 %.3f ms, %d dropped, lanes %.1f s of CPU",
        trial.recordings(),
        trial.held() ? "sustained" : "too many",
        result.sinceDue().p99Nanos() / 1e6,
        result.dropped(),
        result.spent().laneSeconds()));
  }
}
