package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.EnvelopeInfo;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills {@code rewrap} at random points while it puts a store, and loose files, under one certificate and under the
 * other: each recording opens whole, under the old certificate or the new. 10 times; {@code -Dtapeseal.kills=500} for
 * more.
 */
class RewrapKillTest {
  private static final Path CALL = Samples.path("media/call.mp3");
  private static final byte[] MEDIA = Samples.bytes("media/call.mp3");
  private static final List<String> FORMATS = List.of("pkcs7", "pkcs7-detached", "sealed");

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @BeforeEach
  void record() throws IOException {
    Files.createDirectory(loose());
    for (String format : FORMATS) {
      assertOk(
          "before",
          Run.of(
              "record",
              "--store",
              store(),
              "--format",
              format,
              "--cert",
              FIRST.certificatePath(),
              "--call",
              CALL));
      List<Object> encrypt = new ArrayList<>(
          List.of("encrypt", "--format", format, "--cert", FIRST.certificatePath(), CALL, "-o"));
      encrypt.add(loose().resolve(format));
      if (!format.equals("sealed")) {
        encrypt.add("--mac");
      }
      assertOk("before", Run.of(encrypt.toArray()));
    }
  }

  private Path store() {
    return folder.resolve("recordings");
  }

  private Path loose() {
    return folder.resolve("loose");
  }

  private static Run assertOk(String when, Run run) {
    assertThat(run.exitCode()).as(when + ": " + run).isZero();
    return run;
  }

  @Test
  void killedAmidARewrap_everyRecordingOpensWhole_andTheRestCanBeRewrapped() throws Exception {
    int kills = Integer.getInteger("tapeseal.kills", 10);
    long seed = Long.getLong("tapeseal.seed", System.nanoTime());
    System.out.println("seed: " + seed + " (repeat it with -Dtapeseal.seed)");
    Random random = new Random(seed);
    long roundMillis = rewrapUntilKilled(-1, "the first");
    int amid = 0;
    for (int round = 0; round < kills; round++) {
      String when = "kill " + round + " of seed " + seed;

      rewrapUntilKilled(
          random.nextLong(roundMillis / 2, 2 * roundMillis), when); // it starts slowly

      boolean left = parts(store()) + parts(loose()) > 0;
      RecordingStore.open(store()).close();
      assertThat(parts(store())).as(".part files after " + when).isZero();
      long first = 0;
      Map<Path, SampleIdentity> owners = owners(when);
      for (SampleIdentity owner : owners.values()) {
        first += owner.equals(FIRST) ? 1 : 0;
      }
      amid += left || (first > 0 && first < owners.size()) ? 1 : 0;
      if (round % 8 == 0) {
        mend(when);
      }
    }
    mend("the last kill of seed " + seed);
    System.out.println(kills + " kills: " + amid + " amid the work");
    assertThat(amid).as("kills amid a rewrap").isPositive();
  }

  /** Whose key opens each recording, whole and authenticated. */
  private Map<Path, SampleIdentity> owners(String when) throws Exception {
    Map<Path, SampleIdentity> owners = new LinkedHashMap<>();
    List<Path> media = new ArrayList<>();
    for (JsonNode recording : recordings()) {
      media.add(
          store().resolve(recording.at("/mediaFiles/0/mediaDescriptor/path").asString()));
    }
    assertThat(media).as(when).hasSize(FORMATS.size());
    FORMATS.forEach(format -> media.add(loose().resolve(format)));
    for (Path recording : media) {
      boolean first = EnvelopeInfo.of(RecordingSource.ofFile(recording))
          .isFor(List.of(RecordingCertificate.read(FIRST.certificatePath())));
      SampleIdentity owner = first ? FIRST : SECOND;
      Run run = assertOk(when, Run.of("decrypt", "--key", owner.keyPath(), recording, "-o", "-"));
      assertThat(run.output()).as(when + ": " + recording).isEqualTo(MEDIA);
      assertThat(run.messages()).as("unauthenticated, after " + when).isEmpty();
      owners.put(recording, owner);
    }
    return owners;
  }

  private JsonNode recordings() {
    return Run.of("recordings", "list", "--json", "--store", store()).json().get("recordings");
  }

  /** Does the rest of what was cut short: then files and metadata say the same. */
  private void mend(String when) throws Exception {
    assertOk(when, Run.of(Loop.rewrapStore(store(), SECOND)));
    assertOk(when, Run.of(Loop.rewrapLoose(loose(), SECOND)));

    assertThat(owners(when).values()).as(when).containsOnly(SECOND);
    RecordingCertificate second = RecordingCertificate.read(SECOND.certificatePath());
    for (JsonNode recording : recordings()) {
      JsonNode recipients = recording.at("/mediaFiles/0/tapeseal/recipients");
      assertThat(recipients.size()).as(when + ": " + recording).isEqualTo(1);
      assertThat(recipients.at("/0/publicKeySha256").asString())
          .as(when)
          .isEqualTo(second.publicKeySha256());
    }
  }

  /** Kills it so long after it began, or -1 for after one rewrap of everything; tells how long it lived. */
  private long rewrapUntilKilled(long millis, String when) throws Exception {
    Path messages = folder.resolve("messages.txt");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Loop.class.getName(),
            folder.toString())
        .redirectError(messages.toFile())
        .start();
    try {
      assertThat(process.getInputStream().read()).as("began, before " + when).isEqualTo('.');
      long began = System.nanoTime();
      if (millis < 0) {
        assertThat(process.getInputStream().read()).as("a whole round").isEqualTo('.');
      } else {
        Thread.sleep(millis);
      }
      assertThat(process.isAlive())
          .as(when + ": alive until it is killed: " + Files.readString(messages))
          .isTrue();
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    } finally {
      process.toHandle().destroyForcibly();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static long parts(Path where) throws IOException {
    try (Stream<Path> files = Files.walk(where)) {
      return files.filter(file -> file.toString().endsWith(".part")).count();
    }
  }

  /** What is killed: rewraps everything under the second certificate, then under the first, again and again. */
  static final class Loop {
    private Loop() {}

    /** Rewraps what is in the folder that it is given, until it is killed. */
    public static void main(String... arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      while (true) {
        for (SampleIdentity to : List.of(SECOND, FIRST)) {
          System.out.write('.');
          System.out.flush();
          run(rewrapStore(folder.resolve("recordings"), to));
          run(rewrapLoose(folder.resolve("loose"), to));
        }
      }
    }

    static Object[] rewrapStore(Path store, SampleIdentity to) {
      return rewrap(to, List.of("--store", store));
    }

    static Object[] rewrapLoose(Path loose, SampleIdentity to) {
      return rewrap(to, FORMATS.stream().map(loose::resolve).toList());
    }

    private static Object[] rewrap(SampleIdentity to, List<?> what) {
      List<Object> arguments = new ArrayList<>(List.of(
          "rewrap",
          "--key",
          FIRST.keyPath(),
          "--key",
          SECOND.keyPath(),
          "--cert",
          to.certificatePath()));
      arguments.addAll(what);
      return arguments.toArray();
    }

    private static void run(Object... arguments) {
      Run run = Run.of(arguments);
      if (run.exitCode() != 0) {
        System.err.println(run);
        System.exit(1);
      }
    }
  }
}
