package dev.tapeseal.media.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Recordings much larger than the memory of the process that muxes them, encrypted ones. */
class LargeMuxTest {
  private static final long MIB = 1024L * 1024;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @Test
  void screenOf200MiB_andAnHourOfCall_areMuxed_in64MiBOfMemory() throws Exception {
    assertMuxed("-Xmx64m", 200 * MIB, 3600);
  }

  /** Past every 32-bit offset. */
  @Test
  @EnabledIfSystemProperty(named = "tapeseal.long", matches = "true")
  void screenOf5GiB_and10HoursOfCall_areMuxed_in128MiBOfMemory() throws Exception {
    assertMuxed("-Xmx128m", 5120 * MIB, 36_000);
  }

  private void assertMuxed(String memory, long screenBytes, int seconds) throws Exception {
    Path output = folder.resolve("output.txt");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            memory,
            "-cp",
            System.getProperty("java.class.path"),
            LargeMuxMain.class.getName(),
            Long.toString(screenBytes),
            Integer.toString(seconds),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.MINUTES)).as("ended in time").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(output)).contains("muxed");
    assertThat(process.exitValue()).isZero();
  }
}
