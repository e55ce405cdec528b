package dev.tapeseal.keystore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
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
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              Importer.class.getName(),
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
      for (int i = 0; i < PROCESSES; i++) {
        assertThat(processes.get(i).waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(processes.get(i).exitValue())
            .as(Files.readString(folder.resolve("output-" + i)))
            .isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }

    try (RecordingKeyStore keys = KeyStores.open(file)) {
      assertThat(keys.entries())
          .extracting(KeyEntry::alias)
          .containsExactlyElementsOf(PARTIES.stream().map(SampleIdentity::name).toList());
      assertThat(keys.entries()).allMatch(KeyEntry::retired);
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
