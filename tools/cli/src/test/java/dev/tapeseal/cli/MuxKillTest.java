package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills {@code mux} at random points while it muxes the encrypted pairs of a store. 25 times; {@code
 * -Dtapeseal.kills=200} for more.
 */
class MuxKillTest {
  private static final int PAIRS = 4;
  private static final Path CALL = Samples.path("media/call.mp3");
  private static final Path SCREEN = Samples.path("media/screen.mp4");

  /** Bytes of the screen's pictures, and of the call, that no file may hold. */
  private static final List<String> MARKERS =
      List.of(marker(SCREEN, 100_000), marker(CALL, 50_000));

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @Test
  void killedMuxer_leavesNoPlaintext_noHalfRecording_andWorkThatCanGoOn() throws Exception {
    int kills = Integer.getInteger("tapeseal.kills", 25);
    long seed = Long.getLong("tapeseal.seed", System.nanoTime());
    System.out.println("seed: " + seed + " (repeat it with -Dtapeseal.seed)");
    Random random = new Random(seed);
    Path recorded = folder.resolve("recorded");
    for (int pair = 0; pair < PAIRS; pair++) {
      Run run = Run.of(
          "record",
          "--store",
          recorded,
          "--call",
          CALL,
          "--screen",
          SCREEN,
          "--agent",
          "agent-1042",
          "--cert",
          FIRST.certificatePath(),
          "--screen-cert",
          FIRST.certificatePath());
      assertThat(run.exitCode()).as(run.toString()).isZero();
    }
    assertThat(holdsMarker(SCREEN) && holdsMarker(CALL))
        .as("the markers are found")
        .isTrue();
    long wholeMillis = muxUntilKilled(copyOf(recorded, "whole"), From.START, Long.MAX_VALUE);
    long workMillis = muxUntilKilled(copyOf(recorded, "work"), From.FIRST_PART, Long.MAX_VALUE);
    int amid = 0;
    for (int round = 0; round < kills; round++) {
      Path store = copyOf(recorded, "store-" + round);

      if (random.nextBoolean()) {
        muxUntilKilled(store, From.START, random.nextLong(wholeMillis));
      } else {
        muxUntilKilled(store, From.FIRST_PART, random.nextLong(Math.max(1, workMillis)));
      }

      String when = "kill " + round + " of seed " + seed;
      boolean left = parts(store) > 0;
      assertNoPlaintext(when);
      RecordingStore.open(store).close();
      assertThat(parts(store)).as(".part files after " + when).isZero();
      int muxed = checkMuxed(store, when);
      amid += left || (muxed > 0 && muxed < PAIRS) ? 1 : 0;
      Run rest = Run.of(arguments(store).toArray());
      assertThat(rest.exitCode()).as(when + ": " + rest).isZero();
      assertThat(rest.json().path("muxed").asInt()).as(when).isEqualTo(PAIRS - muxed);
      delete(store);
    }
    System.out.println(kills + " kills: " + amid + " amid the work");
    assertThat(amid).as("kills amid a pair").isPositive();
  }

  private static List<String> arguments(Path store) {
    return List.of(
        "mux",
        "--json",
        "--store",
        store.toString(),
        "--key",
        FIRST.keyPath().toString(),
        "--cert",
        FIRST.certificatePath().toString());
  }

  /** What the time until a kill counts from: most of a short run is its start. */
  private enum From {
    START,
    FIRST_PART
  }

  /** Runs the command in a process of its own, and answers how long it lived from then on. */
  private long muxUntilKilled(Path store, From from, long millis) throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("temporary"));
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-Djava.io.tmpdir=" + temporary, // where its plaintext would be
        "-cp",
        System.getProperty("java.class.path"),
        Once.class.getName()));
    command.addAll(arguments(store));
    Process process = new ProcessBuilder(command)
        .directory(temporary.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      assertThat(process.getInputStream().read()).as("began").isEqualTo('.');
      while (from == From.FIRST_PART && process.isAlive() && !hasParts(store)) {
        Thread.sleep(1);
      }
      long began = System.nanoTime();
      process.waitFor(Math.min(millis, 60_000), TimeUnit.MILLISECONDS);
      process.toHandle().destroyForcibly();
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Every muxed recording that is visible decrypts to what its metadata say; tells how many there are. */
  private static int checkMuxed(Path store, String when) {
    int muxed = 0;
    for (JsonNode recording :
        Run.of("recordings", "list", "--json", "--store", store).json().get("recordings")) {
      for (JsonNode file : recording.get("mediaFiles")) {
        if (file.path("parameters").has("muxedFrom")) {
          muxed++;
          Path stored = store.resolve(file.get("mediaDescriptor").get("path").asString());
          Run run = Run.of("decrypt", "--key", FIRST.keyPath(), stored, "-o", "-");
          assertThat(run.exitCode()).as(when + ": " + run).isZero();
          assertThat(run.messages()).as("unauthenticated, after " + when).isEmpty();
          assertThat(file.get("tapeseal").get("plaintextBytes").asString())
              .as(when)
              .isEqualTo(Integer.toString(run.output().length));
        }
      }
    }
    return muxed;
  }

  private void assertNoPlaintext(String when) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(holdsMarker(file))
            .as(file + " holds plaintext after " + when)
            .isFalse();
      }
    }
  }

  private static boolean holdsMarker(Path file) throws IOException {
    String content = Files.readString(file, StandardCharsets.ISO_8859_1);
    return MARKERS.stream().anyMatch(content::contains);
  }

  private static String marker(Path file, int offset) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).substring(offset, offset + 32);
    } catch (IOException e) {
      throw new IllegalStateException("a sample cannot be read", e);
    }
  }

  private static boolean hasParts(Path changing) throws IOException {
    try {
      return parts(changing) > 0;
    } catch (UncheckedIOException e) {
      return false; // a file went while it was looked at
    }
  }

  private static long parts(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files.filter(file -> file.toString().endsWith(".part")).count();
    }
  }

  private Path copyOf(Path recorded, String name) throws IOException {
    Path copy = folder.resolve(name);
    try (Stream<Path> files = Files.walk(recorded)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(recorded.relativize(file)));
      }
    }
    return copy;
  }

  private static void delete(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** What is killed. Knows no sample: unpacked from its JAR, one would be the plaintext looked for. */
  static final class Once {
    private Once() {}

    /** Runs the command that it is given. */
    public static void main(String... arguments) {
      System.out.print(".");
      System.out.flush();
      System.exit(Run.of((Object[]) arguments).exitCode());
    }
  }
}
