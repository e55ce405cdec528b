package dev.tapeseal.envelope;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.certificate.TimeLimit;
import dev.tapeseal.certificate.Vectors;
import dev.tapeseal.keystore.BareKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of public test suites, odd and broken: nothing but an {@link IOException} refuses them, none takes long. */
class ForeignEnvelopesTest {
  @FunctionalInterface
  private interface Reading {
    void run() throws IOException;
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"fuzz/cms", "openssl/80-test_cms_data"})
  void foreignMessage_isReadOrRefused_andNeverSlow(String folder) throws Exception {
    List<Path> files = Vectors.files(folder);
    assertThat(files).isNotEmpty();
    try (BareKeys keys = BareKeys.read(List.of(FIRST.keyPath()), List.of(), null)) {
      for (Path file : files) { // warms up, and finds uncaught throwables
        readings(file, keys).forEach(ForeignEnvelopesTest::run);
      }
      for (Path file : files) {
        for (Reading reading : readings(file, keys)) {
          TimeLimit.assertQuick(file, () -> run(reading));
        }
      }
    }
  }

  /** All that reads what somebody else may have written, once as media and once as a {@code .mac}. */
  private static List<Reading> readings(Path file, BareKeys keys) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    MemoryRecording recording = MemoryRecording.of(bytes);
    MemoryRecording tagged = recording.copy().with(RecordingPart.MAC, bytes);
    return List.of(
        () -> EnvelopeInfo.of(recording),
        () -> EnvelopeInfo.of(tagged),
        () -> {
          try (RecordingReader reader =
              RecordingReader.open(recording, keys, RecordingExpectation.none())) {
            Recordings.readAll(reader, 1000);
          }
        },
        () -> {
          try (RecordingStream stream = Recordings.openStream(recording, keys)) {
            Recordings.readAll(stream, 1000);
          }
        });
  }

  /** Runs to an end or a refusal that says something; whatever else is thrown fails the test. */
  private static void run(Reading reading) {
    try {
      reading.run();
    } catch (IOException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }
}
