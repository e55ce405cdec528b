package dev.tapeseal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    assertComesBack(RecordingFormat.PKCS7, form, 300 * MIB + 7);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PKCS7")
  void recordingOf300MiBWithAnEnvelopeBesideIt_comesBack_in64MiBOfMemory(RecordingFormat format)
      throws Exception {
    assertComesBack(format, LengthForm.DER, 300 * MIB + 7);
  }

  /** Past every 32-bit length. */
  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = "tapeseal.long", matches = "true")
  void recordingOf4GiB_comesBack_in64MiBOfMemory(LengthForm form) throws Exception {
    assertComesBack(RecordingFormat.PKCS7, form, 4096 * MIB + 7);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PKCS7")
  @EnabledIfSystemProperty(named = "tapeseal.long", matches = "true")
  void recordingOf10GiBWithAnEnvelopeBesideIt_comesBack_in64MiBOfMemory(RecordingFormat format)
      throws Exception {
    assertComesBack(format, LengthForm.DER, 10 * 1024 * MIB + 7);
  }

  private void assertComesBack(RecordingFormat format, LengthForm form, long bytes)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            LargeRecordingMain.class.getName(),
            format.name(),
            form.name(),
            Long.toString(bytes),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    try {
      assertThat(process.waitFor(40, TimeUnit.MINUTES)).as("ended in time").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(output);
    assertThat(said).contains(format + " " + form + ": " + bytes + " bytes came back");
    Matcher peak = Pattern.compile("VmHWM:\\s*(\\d+) kB").matcher(said);
    if (peak.find()) { // on Linux
      assertThat(Long.parseLong(peak.group(1)) / 1000).as("MB resident").isLessThan(160);
    }
    assertThat(process.exitValue()).isZero();
  }
}
