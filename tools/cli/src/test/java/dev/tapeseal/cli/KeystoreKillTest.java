package dev.tapeseal.cli;

import static dev.tapeseal.samples.SampleCertificates.PARTIES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.KeyStoreBackup;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills {@code keystore import}, {@code backup} and {@code delete} at random points: the key store always opens, and
 * holds the old state or the new one. 25 times; {@code -Dtapeseal.kills=500} for more.
 */
class KeystoreKillTest {
  private static final String PASSWORD = "correct horse";

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private final Map<Character, Integer> killedAmid = new HashMap<>();

  @BeforeEach
  void prepare() throws IOException {
    Files.writeString(folder.resolve("password.txt"), PASSWORD + "\n");
    RecordingStore.open(folder.resolve("recordings")).close();
  }

  @Test
  void killedAmidAChange_theKeyStoreOpens_andHoldsTheOldStateOrTheNew() throws Exception {
    int kills = Integer.getInteger("tapeseal.kills", 25);
    long seed = Long.getLong("tapeseal.seed", System.nanoTime());
    System.out.println("seed: " + seed + " (repeat it with -Dtapeseal.seed)");
    Random random = new Random(seed);
    Set<String> before = new TreeSet<>();
    long begun = System.nanoTime();
    before = check(before, changeUntilKilled(-1, "the first"), "the first kill");
    long cycleMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    for (int round = 0; round < kills; round++) {
      String when = "kill " + round + " of seed " + seed;

      List<String> said = changeUntilKilled(random.nextLong(cycleMillis), when);

      before = check(before, said, when);
    }
    System.out.println(kills + " kills, amid: " + killedAmid);
    assertThat(killedAmid.keySet()).as("changes that were cut short").isNotEmpty();
  }

  /** What a process said that was killed so long after it began; -1 for after its first backup. */
  private List<String> changeUntilKilled(long millis, String when) throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("temporary"));
    Path said = Files.writeString(folder.resolve("said.txt"), "");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + temporary, // what is killed cannot tidy up
            "-cp",
            System.getProperty("java.class.path"),
            Loop.class.getName(),
            folder.toString())
        .redirectError(folder.resolve("messages.txt").toFile())
        .redirectOutput(said.toFile()) // a pipe's rest is lost with its process
        .start();
    try {
      while (Files.size(said) == 0 && process.isAlive()) {
        Thread.sleep(5);
      }
      if (millis < 0) {
        while (Files.notExists(folder.resolve("backup.zip")) && process.isAlive()) {
          Thread.sleep(20);
        }
      } else {
        Thread.sleep(millis);
      }
      assertThat(process.isAlive())
          .as(when + ": changes until it is killed: "
              + Files.readString(folder.resolve("messages.txt")))
          .isTrue();
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    return Files.readString(said).lines().skip(1).toList();
  }

  /** The aliases that are there now, which must be what the changes up to the last, or without it, make. */
  private Set<String> check(Set<String> before, List<String> said, String when) throws Exception {
    Set<String> old = new TreeSet<>(before);
    Set<String> changed = new TreeSet<>(before);
    for (String line : said) {
      old = new TreeSet<>(changed);
      if (line.startsWith("+")) {
        changed.add(line.substring(1));
      } else if (line.startsWith("-")) {
        changed.remove(line.substring(1));
      }
    }
    if (!said.isEmpty() && !said.get(said.size() - 1).equals("ok")) {
      killedAmid.merge(said.get(said.size() - 1).charAt(0), 1, Integer::sum);
    }
    Path file = folder.resolve("keystore.p12");
    Set<String> now = new TreeSet<>();
    try (KeyPassword password = KeyPassword.of(PASSWORD.toCharArray())) {
      if (Files.exists(file)) {
        try (RecordingKeyStore keys = RecordingKeyStore.open(file, password)) {
          keys.entries().stream().map(KeyEntry::alias).forEach(now::add);
          assertThat(keys.keptVersions()).as(when).hasSizeLessThanOrEqualTo(6);
          if (!now.isEmpty()) {
            keys.retire(now.iterator().next()); // whatever the killed one held is free
            assertThat(parts()).as("left by " + when).isEmpty();
            assertThat(keys.keptVersions()).as(when).hasSizeLessThanOrEqualTo(5);
          }
        }
      }
      Path backup = folder.resolve("backup.zip");
      if (Files.exists(backup)) {
        KeyStoreBackup.read(backup, password).close();
      }
    }
    assertThat(now).as(when + ", which said " + said).isIn(List.of(old, changed));
    return now;
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(".keystore.p12."))
          .filter(file -> file.toString().endsWith(".part"))
          .toList();
    }
  }

  /** What is killed: imports, backups and deletions, one after another. */
  static final class Loop {
    private static final int KEYS = 3;

    private final Path folder;

    private Loop(Path folder) {
      this.folder = folder;
    }

    /** Changes the key store of the folder that it is given, until it is killed. */
    public static void main(String... arguments) {
      Loop loop = new Loop(Path.of(arguments[0]));
      say("began\n");
      while (true) {
        loop.change();
      }
    }

    private void change() {
      List<String> aliases = new ArrayList<>();
      if (Files.exists(folder.resolve("keystore.p12"))) {
        run("list", "--json")
            .json()
            .path("keys")
            .forEach(key -> aliases.add(key.path("alias").asString()));
      }
      while (aliases.size() >= KEYS) {
        String alias = aliases.remove(0);
        say("-" + alias + "\n");
        run("delete", "--alias", alias, "--store", folder.resolve("recordings"));
        say("ok\n");
      }
      for (SampleIdentity party : PARTIES) {
        if (aliases.size() < KEYS && !aliases.contains(party.name())) {
          aliases.add(party.name());
          say("+" + party.name() + "\n");
          run(
              "import",
              "--alias",
              party.name(),
              "--key",
              party.keyPath(),
              "--cert",
              party.certificatePath());
          say("ok\n");
        }
      }
      say("backup\n");
      run(
          "backup",
          "--force",
          "-o",
          folder.resolve("backup.zip"),
          "--backup-password-file",
          folder.resolve("password.txt"));
      say("ok\n");
    }

    private Run run(String verb, Object... more) {
      List<Object> arguments = new ArrayList<>(List.of(
          "keystore",
          verb,
          "--keystore",
          folder.resolve("keystore.p12"),
          "--keystore-password-file",
          folder.resolve("password.txt")));
      arguments.addAll(List.of(more));
      Run run = Run.of(arguments.toArray());
      if (run.exitCode() != 0) {
        System.err.println(run);
        System.exit(1);
      }
      return run;
    }

    private static void say(String text) {
      System.out.print(text);
      System.out.flush();
    }
  }
}
