package dev.tapeseal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recordings much larger than the memory of the process that writes and reads them. */
class LargeRecordingTest {
  private static final long MIB = 1024L * 1024;

  @TempDir
  Path folder;

  @ParameterizedTest
  @EnumSource
  void recordingOf300MiB_comesBack_in64MiBOfMemory(LengthForm form) throws Exception {
    assertComesBack(form, 300 * MIB + 7);
  }

  /** Past every 32-bit length. */
  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = "tapeseal.long", matches = "true")
  void recordingOf4GiB_comesBack_in64MiBOfMemory(LengthForm form) throws Exception {
    assertComesBack(form, 4096 * MIB + 7);
  }

  private void assertComesBack(LengthForm form, long bytes)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            LargeRecordingMain.class.getName(),
            form.name(),
            Long.toString(bytes),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    try {
      assertThat(process.waitFor(15, TimeUnit.MINUTES)).as("ended in time").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(output)).contains(form + ": " + bytes + " bytes came back");
    assertThat(process.exitValue()).isZero();
  }
}
