package dev.tapeseal.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.samples.Ffmpeg;
import dev.tapeseal.samples.OpenSsl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the module's README work; what they measure is nobody's test. */
class BenchIT {
  private static final Path BENCH = Path.of(System.getProperty("tapeseal.root"), "bench");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @Test
  void run_measuresEveryFrameSize() throws Exception {
    String said = run("run", "-f", "1", "-wi", "0", "-i", "1", "-r", "50ms");

    assertThat(said).contains("RecordingWriterBenchmark.writeFrame", "gc.alloc.rate.norm");
    assertThat(said).contains(" 160 ", " 4096 ", " 65536 ");
    assertThat(BENCH.resolve("target/results.json")).isNotEmptyFile();
  }

  @Test
  void openssl_comparesBothWays() throws Exception {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/time")), "/usr/bin/time is missing");

    String said = run(
        "openssl",
        "--encrypt-mib",
        "4",
        "--decrypt-mib",
        "4",
        "--pairs",
        "1",
        "--dir",
        folder.toString());

    assertThat(said).contains("encrypt 4 MiB", "decrypt 4 MiB", "seconds, median", "peak memory");
  }

  @Test
  void mux_comparesClearAndEncrypted_andSeesTheSameStreams() throws Exception {
    assumeTrue(OpenSsl.isPresent() && Ffmpeg.isPresent(), "openssl or ffmpeg is not on the PATH");

    String said = run(
        "mux", "--screen-mib", "1", "--call-mib", "1", "--pairs", "1", "--dir", folder.toString());

    assertThat(said)
        .contains("clear, warm, against ffmpeg", "pkcs7, whole process, against the chain");
  }

  @Test
  void http_comparesWithNginx() throws Exception {
    for (String tool : List.of("nginx", "wrk", "curl")) {
      assumeTrue(isInstalled(tool), tool + " is missing");
    }

    String said = run(
        "http",
        "--seconds",
        "1",
        "--rounds",
        "1",
        "--connections",
        "2",
        "--media-kib",
        "100",
        "--recordings",
        "1",
        "--dir",
        folder.toString());

    assertThat(said)
        .containsPattern(
            "RCS : nginx, pkcs7 +MB/s: tapeseal [0-9]+ .*, nginx [0-9]+ .*, ratio [0-9]")
        .containsPattern("proxy_pass and nginx, sealed +MB/s: tapeseal [0-9]+")
        .containsPattern("starts, session keys in memory +per second: [0-9]+")
        .containsPattern("starts, each with its own unwrap +per second: [0-9]+");
  }

  private static boolean isInstalled(String program) {
    return Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private String run(String script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(BENCH.resolve(script).toString()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output.txt");
    Process process = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
