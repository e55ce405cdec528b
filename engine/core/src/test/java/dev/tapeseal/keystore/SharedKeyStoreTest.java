package dev.tapeseal.keystore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.store.RecordingStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that change one key store at the same time lose nothing. */
class SharedKeyStoreTest {
  private static final int PROCESSES = 2;
  private static final List<SampleIdentity> PARTIES = SampleCertificates.PARTIES.subList(0, 8);

  @TempDir
  private Path folder;

  @Test
  void twoProcesses_thatImportAtTheSameTime_loseNothing() throws Exception {
    Path file = folder.resolve("keystore.p12");

    runAtTheSameTime(file, Importer.class, Importer.class);

    try (RecordingKeyStore keys = KeyStores.open(file)) {
      assertThat(keys.entries())
          .extracting(KeyEntry::alias)
          .containsExactlyElementsOf(PARTIES.stream().map(SampleIdentity::name).toList());
      assertThat(keys.entries()).allMatch(KeyEntry::retired);
    }
  }

  @Test
  void oneProcessThatImports_andOneThatDeletesAndBacksUp_undoNothingOfEachOther() throws Exception {
    Path file = folder.resolve("keystore.p12");
    try (RecordingKeyStore keys = KeyStores.open(file)) {
      for (int i = 1; i < PARTIES.size(); i += PROCESSES) {
        KeyStores.add(keys, PARTIES.get(i).name(), PARTIES.get(i));
      }
    }

    runAtTheSameTime(file, Importer.class, Deleter.class);

    try (RecordingKeyStore keys = KeyStores.open(file)) {
      assertThat(keys.entries())
          .extracting(KeyEntry::alias)
          .containsExactly("party-01", "party-03", "party-05", "party-07");
      assertThat(keys.entries()).allMatch(KeyEntry::retired);
    }
  }

  /** Runs each as a process of its own, with its number. */
  private void runAtTheSameTime(Path file, Class<?>... programs) throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < programs.length; i++) {
      processes.add(new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              programs[i].getName(),
              file.toString(),
              Integer.toString(i))
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("output-" + i).toFile())
          .start());
    }
    for (Process process : processes) {
      process.getOutputStream().close();
    }
    try {
      for (int i = 0; i < programs.length; i++) {
        assertThat(processes.get(i).waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(processes.get(i).exitValue())
            .as(Files.readString(folder.resolve("output-" + i)))
            .isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  /** A process that deletes every second party, and makes a backup before each, which opens. */
  static final class Deleter {
    private Deleter() {}

    public static void main(String... arguments) throws Exception {
      Path file = Path.of(arguments[0]);
      try (RecordingKeyStore keys = KeyStores.open(file);
          RecordingStore store = RecordingStore.open(file.resolveSibling("recordings"));
          KeyPassword password = KeyStores.password()) {
        for (int i = 1; i < PARTIES.size(); i += PROCESSES) {
          try (KeyStoreBackup backup =
              KeyStoreBackup.parse(KeyStoreBackup.of(keys, password), "backup", password)) {
            keys.noteBackup(backup);
          }
          keys.delete(
              DeletionImpact.of(keys, PARTIES.get(i).name(), store), UnreadableRecordings.REFUSE);
        }
      }
    }
  }

  /** A process that imports every second party, and retires it at once. */
  static final class Importer {
    private Importer() {}

    public static void main(String... arguments) throws Exception {
      int first = Integer.parseInt(arguments[1]);
      try (RecordingKeyStore keys = KeyStores.open(Path.of(arguments[0]))) {
        for (int i = first; i < PARTIES.size(); i += PROCESSES) {
          var party = PARTIES.get(i);
          KeyEntry entry = KeyStores.add(keys, party.name(), party);
          keys.retire(entry.alias());
        }
      }
    }
  }
}
