package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Kills {@code record} at random points. 25 rounds; {@code -Dtapeseal.kills=500} for more. */
class KillTest {
  private static final Path CALL = Samples.path("media/call.mp3");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private final Set<String> checked = new HashSet<>();

  @Test
  void killedRecorder_leavesWholeRecordings_andNoPartAfterTheNextStart() throws Exception {
    int kills = Integer.getInteger("tapeseal.kills", 25);
    long seed = Long.getLong("tapeseal.seed", System.nanoTime());
    System.out.println("seed: " + seed + " (repeat it with -Dtapeseal.seed)");
    Random random = new Random(seed);
    Path store = Files.createDirectory(folder.resolve("store"));
    int cutShort = 0;
    for (int round = 0; round < kills; round++) {
      recordUntilKilled(store, random.nextInt(200));
      cutShort += parts(store) > 0 ? 1 : 0;

      RecordingStore.open(store).close();

      assertThat(parts(store))
          .as(".part files after kill %s of seed %s", round, seed)
          .isZero();
      checkVisible(store, "kill " + round + " of seed " + seed);
    }
    assertThat(checked).as("recordings that were whole").isNotEmpty();
    assertThat(cutShort).as("kills amid a recording").isPositive();
  }

  /** A process that records one call after another, killed some time after it recorded the first. */
  private void recordUntilKilled(Path store, int milliseconds) throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("temporary"));
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + temporary, // what is killed cannot tidy up
            "-cp",
            System.getProperty("java.class.path"),
            Loop.class.getName(),
            store.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      assertThat(process.getInputStream().read()).as("recorded the first").isEqualTo('>');
      Thread.sleep(milliseconds);
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void checkVisible(Path store, String when) throws IOException {
    JsonNode page = Run.of("recordings", "list", "--json", "--limit", "1000", "--store", store)
        .json();
    for (JsonNode recording : page.get("recordings")) {
      String id = recording.get("id").asString();
      if (!checked.add(id)) {
        continue;
      }
      JsonNode file = recording.get("mediaFiles").get(0);
      assertThat(file.get("tapeseal").get("plaintextBytes").asString())
          .as(when)
          .isEqualTo(Long.toString(Files.size(CALL)));
      Path stored = store.resolve(file.get("mediaDescriptor").get("path").asString());
      Run run = Run.of("decrypt", "--key", FIRST.keyPath(), stored, "-o", "-");
      assertThat(run.exitCode()).as(when + ": " + run).isZero();
      assertThat(run.output()).as(when).isEqualTo(Samples.bytes("media/call.mp3"));
    }
  }

  private static long parts(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files.filter(file -> file.toString().endsWith(".part")).count();
    }
  }

  /** What is killed: the command, over and over. */
  static final class Loop {
    private Loop() {}

    /** Records into the store that it is given, until it is killed. */
    public static void main(String... arguments) {
      List<Object> record = List.of(
          "record", "--store", arguments[0], "--cert", FIRST.certificatePath(), "--call", CALL);
      while (Run.of(record.toArray()).exitCode() == 0) {
        System.out.print('>');
        System.out.flush();
      }
    }
  }
}
