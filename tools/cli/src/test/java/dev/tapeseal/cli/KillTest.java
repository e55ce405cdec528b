package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills {@code record} at random points: while it makes a store, its first recording, or a later one; calls and
 * screens, MP3, WAV and MP4, encrypted and clear. 25 times; {@code -Dtapeseal.kills=500} for more.
 */
class KillTest {
  private static final Path CERTIFICATE = FIRST.certificatePath();
  private static final Path SCREEN = Samples.path("media/screen.mp4");

  /** What is recorded, in turn; the first of a store is any of them. */
  private static final List<List<Object>> RECORDINGS = List.of(
      List.of(
          "--call",
          Samples.path("media/call.mp3"),
          "--screen",
          SCREEN,
          "--cert",
          CERTIFICATE,
          "--screen-cert",
          CERTIFICATE),
      List.of("--call", Samples.path("media/call.wav"), "--cert", CERTIFICATE),
      List.of("--call", Samples.path("media/call.wav"), "--screen", SCREEN),
      List.of("--call", Samples.path("media/call.mp3")));

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private final Map<String, byte[]> expected = new HashMap<>();
  private final Set<String> checked = new HashSet<>();
  private int killedAtTheFirst;
  private int killedWithParts;

  @Test
  void killedRecorder_leavesWholeRecordings_andNoPartAfterTheNextStart() throws Exception {
    int kills = Integer.getInteger("tapeseal.kills", 25);
    long seed = Long.getLong("tapeseal.seed", System.nanoTime());
    System.out.println("seed: " + seed + " (repeat it with -Dtapeseal.seed)");
    Random random = new Random(seed);
    recordWithoutKill();
    long firstMillis = recordUntilKilled(folder.resolve("warm-up"), 0, -1).millis();
    Path store = folder.resolve("store-0");
    int acknowledged = 0;
    for (int round = 0; round < kills; round++) {
      if (random.nextInt(3) == 0) {
        store = folder.resolve("store-" + round);
        acknowledged = 0;
      }
      String when = "kill " + round + " of seed " + seed;
      boolean fresh = Files.notExists(store.resolve("catalog.db"));

      Killed killed = recordUntilKilled(
          store, random.nextInt(RECORDINGS.size()), random.nextLong(2 * firstMillis));

      acknowledged += killed.recordings();
      killedAtTheFirst += fresh && killed.recordings() == 0 ? 1 : 0;
      killedWithParts += parts(store).isEmpty() ? 0 : 1;
      RecordingStore.open(store).close();
      assertThat(parts(store)).as(".part files after " + when).isEmpty();
      assertThat(checkVisible(store, when)).as(when).isGreaterThanOrEqualTo(acknowledged);
    }
    System.out.printf(
        "%d kills: %d amid the first recording of a store, %d left .part files; %d recordings were whole%n",
        kills, killedAtTheFirst, killedWithParts, checked.size());
    assertThat(checked).as("recordings that were whole").isNotEmpty();
    assertThat(killedAtTheFirst).as("kills before a store's first recording").isPositive();
    assertThat(killedWithParts).as("kills amid a recording").isPositive();
  }

  /** What each type of media must come back as: a WAV stream's header is not the file's that was replayed. */
  private void recordWithoutKill() throws IOException {
    Path store = folder.resolve("unharmed");
    for (List<Object> recording : RECORDINGS) {
      assertThat(Run.of(command(store, recording)).exitCode()).isZero();
    }
    for (JsonNode recording : list(store)) {
      JsonNode file = recording.get("mediaFiles").get(0);
      expected.putIfAbsent(file.get("type").asString(), media(store, file, "no kill"));
    }
    assertThat(expected).containsOnlyKeys("audio/mp3", "audio/wav", "video/mp4");
  }

  /**
   * How a process ended.
   *
   * @param recordings how many it said were stored
   * @param millis how long it lived once it had begun
   */
  private record Killed(int recordings, long millis) {}

  /** Kills a process that records without end so long after it began; -1 for when it has recorded the first. */
  private Killed recordUntilKilled(Path store, int first, long millis) throws Exception {
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
            store.toString(),
            Integer.toString(first))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      assertThat(process.getInputStream().read()).as("began").isEqualTo('.');
      long began = System.nanoTime();
      int recorded = 0;
      if (millis < 0) {
        assertThat(process.getInputStream().read()).as("recorded").isEqualTo('>');
        recorded = 1;
      } else {
        Thread.sleep(millis);
      }
      long lived = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      assertThat(process.isAlive()).as("records until it is killed").isTrue();
      process.toHandle().destroyForcibly(); // the process' own method would close its output
      return new Killed(recorded + process.getInputStream().readAllBytes().length, lived);
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static JsonNode list(Path store) {
    return Run.of("recordings", "list", "--json", "--limit", "1000", "--store", store)
        .json()
        .get("recordings");
  }

  /** Plays what was not played yet, and tells how many there are. */
  private int checkVisible(Path store, String when) throws IOException {
    JsonNode recordings = list(store);
    Set<Path> named = new HashSet<>();
    for (JsonNode recording : recordings) {
      JsonNode file = recording.get("mediaFiles").get(0);
      Path stored = store.resolve(file.get("mediaDescriptor").get("path").asString());
      named.add(stored);
      named.add(stored.resolveSibling(stored.getFileName() + ".mac"));
      named.add(stored.resolveSibling("recording.json"));
      if (checked.add(recording.get("id").asString())) {
        assertThat(file.get("size").asString())
            .as(when)
            .isEqualTo(Long.toString(Files.size(stored)));
        assertThat(media(store, file, when))
            .as(when)
            .isEqualTo(expected.get(file.get("type").asString()));
      }
    }
    try (Stream<Path> files =
        Files.find(store, 9, (path, attributes) -> attributes.isRegularFile())) {
      assertThat(files.filter(file -> store.relativize(file).getNameCount() > 2))
          .as(when)
          .allMatch(named::contains);
    }
    return recordings.size();
  }

  private static byte[] media(Path store, JsonNode file, String when) throws IOException {
    Path stored = store.resolve(file.get("mediaDescriptor").get("path").asString());
    if (!file.has("tapeseal")) {
      return Files.readAllBytes(stored);
    }
    Run run = Run.of("decrypt", "--key", FIRST.keyPath(), stored, "-o", "-");
    assertThat(run.exitCode()).as(when + ": " + run).isZero();
    assertThat(run.messages()).as("unauthenticated, after " + when).isEmpty();
    assertThat(file.get("tapeseal").get("plaintextBytes").asString())
        .as(when)
        .isEqualTo(Integer.toString(run.output().length));
    return run.output();
  }

  private static List<Path> parts(Path store) throws IOException {
    if (Files.notExists(store)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(store)) {
      return files.filter(file -> file.toString().endsWith(".part")).toList();
    }
  }

  private static Object[] command(Path store, List<Object> recording) {
    List<Object> command = new ArrayList<>(List.of("record", "--json", "--store", store));
    command.addAll(recording);
    return command.toArray();
  }

  /** What is killed: the command, over and over. */
  static final class Loop {
    private Loop() {}

    /** Records into the store that it is given, beginning with that recording, until it is killed. */
    public static void main(String... arguments) {
      say(".");
      for (int next = Integer.parseInt(arguments[1]); ; next++) {
        List<Object> recording = RECORDINGS.get(next % RECORDINGS.size());
        Run run = Run.of(command(Path.of(arguments[0]), recording));
        if (run.exitCode() != 0) {
          return; // which its parent sees
        }
        say(">".repeat(run.json().get("recordings").size()));
      }
    }

    private static void say(String what) {
      System.out.print(what);
      System.out.flush();
    }
  }
}
