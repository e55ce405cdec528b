package dev.tapeseal.profile;

import static dev.tapeseal.profile.SampleProfiles.RECORDING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.samples.SampleCertificates;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several threads and several processes change the same files at a time; some are killed. */
@Timeout(120)
class ConcurrentChangesTest {
  private static final int SETTINGS_EACH = 25;
  private static final int KILLS = 10;

  @TempDir
  private Path data;

  @Test
  void twoProcesses_deployingAtATime_loseNothing() throws Exception {
    Profiles profiles = Profiles.open(data);
    profiles.create(RECORDING);

    Process first = start("deploy", "0", "8");
    Process second = start("deploy", "8", "16");

    assertThat(exitCodes(first, second)).containsOnly(0);
    assertThat(profiles.load(RECORDING).deployed().certificates())
        .containsExactlyInAnyOrderElementsOf(parties());
  }

  @Test
  void twoProcesses_oneThatDeploysAndOneThatWithdraws_undoNothingOfEachOther() throws Exception {
    Profiles profiles = Profiles.open(data);
    profiles.create(RECORDING);
    for (RecordingCertificate party : parties().subList(8, 16)) {
      profiles.deploy(RECORDING, party);
    }

    Process first = start("deploy", "0", "8");
    Process second = start("withdraw", "8", "16");

    assertThat(exitCodes(first, second)).containsOnly(0);
    assertThat(profiles.load(RECORDING).deployed().certificates())
        .containsExactlyInAnyOrderElementsOf(parties().subList(0, 8));
  }

  @Test
  void twoProcesses_andTwoThreads_puttingSettingsAtATime_loseNothing() throws Exception {
    Process first = start("put", "p", "1");
    Process second = start("put", "q", "1");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Future<?> third = threads.submit(() -> put("r"));
    Future<?> fourth = threads.submit(() -> put("s"));
    third.get();
    fourth.get();
    threads.shutdown();

    assertThat(exitCodes(first, second)).containsOnly(0);
    assertThat(settings().read().all()).hasSize(4 * SETTINGS_EACH);
  }

  @Test
  void readers_seeWholeFiles_whileOthersReplaceThem() throws Exception {
    Profiles writer = Profiles.open(data);
    writer.create(RECORDING);
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      readers.add(threads.submit(() -> largestSeen(Profiles.open(data), done)));
    }

    for (RecordingCertificate party : parties()) {
      writer.deploy(RECORDING, party);
    }
    done.set(true);

    for (Future<Integer> reader : readers) {
      assertThat(reader.get()).isEqualTo(16);
    }
    threads.shutdown();
  }

  @Test
  void killedProcess_leavesTheOldFileOrTheNewOne_andNoLock() throws Exception {
    Profiles profiles = Profiles.open(data);
    profiles.create(RECORDING);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < KILLS; i++) {
      Process process = start("toggle", "0", "16");
      assertThat(process.getInputStream().read()).as("the process began").isEqualTo('!');
      Thread.sleep(random.nextInt(60));

      process.destroyForcibly().waitFor();

      int certificates = profiles.load(RECORDING).deployed().certificates().size();
      assertThat(certificates).as("kill %s, seed %s", i, seed).isBetween(0, 16);
    }

    profiles.set(RECORDING, "tapeseal.recording", "format", "sealed"); // the lock is free

    try (Stream<Path> files = Files.list(data.resolve("profiles"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(".lock", "recording.json");
    }
  }

  private static int largestSeen(Profiles profiles, AtomicBoolean done) throws IOException {
    int largest = 0;
    boolean isLast;
    do {
      isLast = done.get();
      int size = profiles.load(RECORDING).deployed().certificates().size();
      assertThat(size).as("certificates only become more").isGreaterThanOrEqualTo(largest);
      largest = size;
    } while (!isLast);
    return largest;
  }

  private GroupSettingsFile settings() {
    return GroupSettingsFile.open(data.resolve("screen-recording.json"));
  }

  private Void put(String name) throws IOException {
    OtherProcess.put(settings(), name);
    return null;
  }

  private static List<RecordingCertificate> parties() {
    return SampleCertificates.PARTIES.stream().map(SampleProfiles::certificate).toList();
  }

  private Process start(String what, String from, String to) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path")
                + File.pathSeparator
                + System.getProperty("surefire.test.class.path", ""),
            OtherProcess.class.getName(),
            data.toString(),
            what,
            from,
            to)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<Integer> exitCodes(Process... processes) throws InterruptedException {
    List<Integer> exitCodes = new ArrayList<>();
    for (Process process : processes) {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      exitCodes.add(process.exitValue());
    }
    return exitCodes;
  }

  /** What runs in the other process. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] arguments) throws IOException {
      Path data = Path.of(arguments[0]);
      Profiles profiles = Profiles.open(data);
      switch (arguments[1]) {
        case "deploy" -> {
          for (RecordingCertificate party : range(arguments)) {
            profiles.deploy(RECORDING, party);
          }
        }
        case "withdraw" -> {
          for (RecordingCertificate party : range(arguments)) {
            profiles.withdraw(RECORDING, party);
          }
        }
        case "put" ->
          put(GroupSettingsFile.open(data.resolve("screen-recording.json")), arguments[2]);
        case "toggle" -> toggle(profiles, range(arguments));
        default -> throw new IllegalArgumentException(arguments[1]);
      }
    }

    private static List<RecordingCertificate> range(String[] arguments) {
      return parties().subList(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
    }

    static void put(GroupSettingsFile settings, String name) throws IOException {
      for (int i = 0; i < SETTINGS_EACH; i++) {
        settings.put(GroupSetting.ofText(name + i, new Location("/US"), "x"));
      }
    }

    /** Deploys and withdraws until it is killed. */
    private static void toggle(Profiles profiles, List<RecordingCertificate> parties)
        throws IOException {
      while (true) {
        for (RecordingCertificate party : parties) {
          if (profiles.load(RECORDING).deployed().contains(party)) {
            profiles.withdraw(RECORDING, party);
          } else {
            profiles.deploy(RECORDING, party);
          }
          System.out.print('!');
          System.out.flush();
        }
      }
    }
  }
}
