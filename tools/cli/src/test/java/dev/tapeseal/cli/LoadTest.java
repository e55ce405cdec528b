package dev.tapeseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Load that is put on the recorder: every frame is accounted for, and what is promised of it is checked. */
class LoadTest {
  @TempDir
  private Path folder;

  private static Run load(Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("load", "--warm-up", "0ms", "--arrivals", "1000"));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray());
  }

  private static Run assertOk(Run run) {
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return run;
  }

  @Test
  void everyFrameIsRecorded_andReported_asJson_asLog_asPage() throws IOException {
    Path json = folder.resolve("result.json");
    Path log = folder.resolve("result.hlog");
    Path page = folder.resolve("result.html");

    Run run = assertOk(load(
        "--calls",
        20,
        "--screens",
        2,
        "--duration",
        "500ms",
        "--json",
        "--json-out",
        json,
        "--hlog",
        log,
        "--html",
        page,
        "--assert",
        "dropped=0",
        "--assert",
        "frames>=510"));

    JsonNode result = run.json();
    assertThat(result.get("recordings").asInt()).isEqualTo(22);
    assertThat(result.get("failed").asInt()).isZero();
    assertThat(result.get("frames").asInt()).isEqualTo(20 * 25 + 2 * 5);
    assertThat(result.get("bytes").asInt()).isEqualTo(20 * 25 * 160 + 2 * 5 * 6250);
    assertThat(result.at("/latency/count").asInt()).isEqualTo(510);
    assertThat(result.at("/latencyUncorrected/count").asInt()).isEqualTo(510);
    assertThat(result.at("/latency/maxMicros").asDouble())
        .isGreaterThanOrEqualTo(result.at("/latencyUncorrected/p50Micros").asDouble());
    assertThat(result.at("/start/count").asInt()).isEqualTo(22);
    assertThat(result.at("/stop/count").asInt()).isEqualTo(22);
    assertThat(result.get("mediaSeconds").asDouble()).isBetween(10.9, 11.1);
    assertThat(Files.readString(json)).isEqualTo(run.text());
    assertThat(Files.readString(page))
        .contains("<svg", "20 calls, 2 screens")
        .doesNotContain("<script", "http");
    long logged = 0;
    try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
      EncodableHistogram interval;
      while ((interval = reader.nextIntervalHistogram()) != null) {
        logged += ((AbstractHistogram) interval).getTotalCount();
      }
    }
    assertThat(logged).isEqualTo(510);

    Run again = load("--calls", 1, "--json-out", json);
    assertThat(again.exitCode()).isEqualTo(ExitCode.FAILED.number());
    assertThat(again.messages()).contains("exists already");
  }

  @ParameterizedTest(name = "{0}, {1} recipients, {2}")
  @CsvSource({"pkcs7, 1, real-time", "pkcs7-detached, 2, max", "sealed, 1, max", "pkcs7, 0, max"})
  void recordingsGoIntoAFolder_whichIsEmptyAfterwards(String format, int recipients, String pace)
      throws IOException {
    Path store = folder.resolve("store");

    Run run = assertOk(load(
        "--calls",
        5,
        "--duration",
        "400ms",
        "--store",
        store,
        "--format",
        format,
        "--recipients",
        recipients,
        "--pace",
        pace,
        "--json",
        "--assert",
        "failed=0"));

    assertThat(run.json().get("recordings").asInt()).isEqualTo(5);
    assertThat(run.json().get("frames").asInt()).isEqualTo(5 * 20);
    try (Stream<Path> left = Files.list(store)) {
      assertThat(left).isEmpty();
    }
    Files.writeString(store.resolve("mine"), "");
    assertThat(load("--store", store).exitCode()).isEqualTo(ExitCode.FAILED.number());
    assertThat(store.resolve("mine")).exists();
  }

  @Test
  void thresholdThatBreaks_isExitCode3_andSaysWhatWasMeasured() {
    Run run = load(
        "--calls",
        2,
        "--duration",
        "200ms",
        "--assert",
        "p99<1ns",
        "--assert",
        "frames<20",
        "--assert",
        "failed=0");

    assertThat(run.exitCode()).isEqualTo(ExitCode.CHECK_FAILED.number());
    assertThat(run.messages())
        .contains("p99<1ns does not hold: ", "frames<20 does not hold: 20")
        .doesNotContain("failed=0 does not");
  }

  @Test
  void largestNumber_isFound_byTheThresholds() {
    JsonNode found = assertOk(load(
            "--calls",
            20,
            "--duration",
            "200ms",
            "--find-max",
            "--json",
            "--assert",
            "frames<1000"))
        .json();

    assertThat(found.get("max").asInt()).isBetween(94, 99); // 10 frames a call
    for (JsonNode trial : found.get("trials")) {
      assertThat(trial.get("held").asBoolean())
          .isEqualTo(trial.get("recordings").asInt() < 100);
    }
  }

  @Test
  void results_areCompared() throws IOException {
    Path before = folder.resolve("before.json");
    Path after = folder.resolve("after.json");
    assertOk(load("--calls", 2, "--duration", "200ms", "--json-out", before));
    Files.writeString(
        after, Files.readString(before).replaceFirst("\"dropped\" : 0", "\"dropped\" : 7"));

    Run same = assertOk(Run.of("load", "compare", before, before));
    Run worse = assertOk(Run.of("load", "compare", "--json", before, after));
    Run better = assertOk(Run.of("load", "compare", after, before));

    assertThat(same.text()).contains("no change").doesNotContain("better", "worse");
    for (JsonNode row : worse.json()) {
      assertThat(row.get("verdict").asString())
          .isEqualTo(row.get("figure").asString().equals("dropped frames") ? "worse" : "no change");
    }
    assertThat(better.text()).contains("better").doesNotContain("worse");
    Path other = Files.writeString(folder.resolve("other.json"), "{\"a\":1}");
    Path none = Files.writeString(folder.resolve("none.json"), "<html>");
    for (Path file : List.of(other, none)) {
      Run run = Run.of("load", "compare", before, file);
      assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED.number());
      assertThat(run.messages()).contains("load --json-out");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
      --assert fast          | --assert 'fast' is no threshold
      --assert p99<20        | needs ns, us, ms or s
      --assert dropped<20ms  | is a number without a unit
      --assert p98<20ms      | nothing that is measured
      --calls 0              | recordings: 0 (expected: at least 1)
      --calls -1             | at least 1
      --recipients 17        | recipients: 17 (expected: 0 to 16)
      --channels 3           | channels: 3 (expected: 1 or 2)
      --key-bits 1024        | RSA key: 1024 bits
      --lanes 0              | lanes: 0
      --ring-mib 3           | a power of two
      --duration 1ms         | at least 100 ms
      --pace fast            | real-time or max
      --format zip           | pkcs7, pkcs7-detached, sealed
      """)
  void slips_areNamed(String line, String said) {
    Run run = load((Object[]) line.split(" ", -1));

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.messages()).contains(said);
  }
}
