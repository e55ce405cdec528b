package dev.tapeseal.keystore;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.Profiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Key stores and profiles where nothing can be written: on a full disk, and in a folder for reading alone. What was there
 * stays, to the byte, nothing is left beside it, and it goes on being read.
 */
class BadPlacesTest {
  private static final ProfileName PROFILE = new ProfileName("recording");

  @TempDir
  private Path folder;

  @BeforeEach
  void fill() throws Exception {
    try (RecordingKeyStore keys = KeyStores.open(folder.resolve("keystore.p12"))) {
      KeyStores.add(keys, "first", FIRST);
    }
    Profiles.open(folder).create(PROFILE);
    Profiles.open(folder).deploy(PROFILE, KeyStores.certificate(FIRST));
  }

  @Test
  void aFullDisk_failsEveryChange_andChangesNothing() throws Exception {
    Map<String, byte[]> before = contents();

    // As a full disk does: a file can have no more than 1 KiB
    String said = changeIn("bash", "-c", "ulimit -f 1; exec \"$@\"", "limited");

    assertThat(said).contains("import: ", "deploy: ").contains("File too large");
    assertUnchanged(before);
  }

  @Test
  void aFolderForReadingAlone_failsEveryChange_changesNothing_andIsRead() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not there");
    Map<String, byte[]> before = contents();
    List<Path> folders = List.of(folder, folder.resolve("profiles"));
    for (Path each : folders) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("r-xr-xr-x"));
    }

    String said;
    try { // without what lets root write everywhere
      said = System.getProperty("user.name").equals("root")
          ? changeIn("setpriv", "--bounding-set=-all", "--inh-caps=-all")
          : changeIn("env");
    } finally {
      for (Path each : folders) {
        Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }

    assertThat(said)
        .contains(
            "import: java.nio.file.AccessDeniedException", "deploy: java.nio.file.AccessDenied");
    assertUnchanged(before);
  }

  private void assertUnchanged(Map<String, byte[]> before) throws IOException {
    Map<String, byte[]> after = contents();
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((name, bytes) -> assertThat(after.get(name)).as(name).isEqualTo(bytes));
  }

  private Map<String, byte[]> contents() throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  /** What a process said that tried to change everything, and could read it. */
  private String changeIn(String... limits) throws Exception {
    List<String> command = new ArrayList<>(List.of(limits));
    command.addAll(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData", // a file, too
        "-Xshare:auto",
        "-cp",
        System.getProperty("java.class.path"),
        Changing.class.getName(),
        folder.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  /** Tries every change, and says how it failed; succeeds where all of them fail. */
  static final class Changing {
    private Changing() {}

    private interface Change {
      void run() throws Exception;
    }

    public static void main(String... arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      RecordingCertificate second = KeyStores.certificate(SECOND);
      Profiles profiles = Profiles.open(folder);
      try (RecordingKeyStore keys = KeyStores.open(folder.resolve("keystore.p12"))) {
        fails("import", () -> KeyStores.add(keys, "second", SECOND));
        fails("retire", () -> keys.retire("first"));
        fails("deploy", () -> profiles.deploy(PROFILE, second));
        if (keys.entries().size() != 1
            || keys.entries().get(0).retired()
            || profiles.load(PROFILE).deployed().certificates().size() != 1) {
          throw new IllegalStateException("what was there is not read: " + keys.entries());
        }
      }
    }

    private static void fails(String what, Change change) {
      try {
        change.run();
      } catch (Exception e) {
        System.out.println(what + ": " + e);
        return;
      }
      throw new IllegalStateException(what + ": succeeded");
    }
  }
}
