package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.CONTEXT;
import static dev.tapeseal.envelope.Recordings.randomBytes;
import static dev.tapeseal.envelope.Recordings.readAll;
import static dev.tapeseal.samples.SampleCertificates.PARTIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.samples.CmsOracle;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes in comes back, bit for bit, whoever reads it: lengths surround every block and piece edge. */
class RoundTripTest {
  private static final int PIECE = 65_536;
  private static final int[] STEPS = {160, 16_385, PIECE - 1, PIECE, PIECE + 1};

  static Stream<Arguments> lengthsAndRecipients() {
    return lengths(
        0,
        1,
        15,
        16,
        17,
        PIECE - 17,
        PIECE - 16,
        PIECE - 15,
        PIECE - 1,
        PIECE,
        PIECE + 1,
        PIECE + 15,
        PIECE + 16,
        2 * PIECE - 16,
        2 * PIECE - 1,
        2 * PIECE,
        2 * PIECE + 1);
  }

  static Stream<Arguments> fewLengthsAndRecipients() {
    return lengths(0, 15, 16, PIECE - 1, PIECE, 2 * PIECE + 17);
  }

  private static Stream<Arguments> lengths(Integer... lengths) {
    return Stream.of(lengths)
        .flatMap(length -> Stream.of(1, 2, 16).map(recipients -> Arguments.of(length, recipients)));
  }

  @ParameterizedTest(name = "{0} bytes for {1}")
  @MethodSource("lengthsAndRecipients")
  void everyFormInEveryWriteSize_isReadByUsAndByBouncyCastle(int length, int recipients)
      throws IOException {
    byte[] plaintext = randomBytes(length);
    List<SampleIdentity> parties = PARTIES.subList(0, recipients);
    for (LengthForm form : LengthForm.values()) {
      for (int step : STEPS) {
        MemoryRecording recording = Recordings.inForm(
            form,
            RecordingOptions.live().withMac(CONTEXT),
            plaintext,
            step,
            parties.toArray(SampleIdentity[]::new));
        SampleIdentity reading = parties.get(step % recipients);

        try (RecordingReader reader = RecordingReaderTest.open(recording, reading);
            RecordingStream stream =
                Recordings.openStream(recording, new PrivateKeyUnwrapper(reading))) {
          assertThat(readAll(reader, step)).isEqualTo(plaintext);
          assertThat(readAll(stream, step)).isEqualTo(plaintext);
        }
        assertThat(CmsOracle.decrypt(recording.media(), reading)).isEqualTo(plaintext);
        assertThat(EnvelopeInfo.of(recording).form()).isEqualTo(form);
      }
    }
  }

  @ParameterizedTest(name = "{0} bytes for {1}")
  @MethodSource("fewLengthsAndRecipients")
  void everyForm_isReadByBothOfOpenSslsCommands(int length, int recipients, @TempDir Path folder)
      throws IOException {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    byte[] plaintext = randomBytes(length);
    List<SampleIdentity> parties = PARTIES.subList(0, recipients);
    for (LengthForm form : LengthForm.values()) {
      MemoryRecording recording = Recordings.inForm(
          form, RecordingOptions.live(), plaintext, 160, parties.toArray(SampleIdentity[]::new));
      Path file = Files.write(folder.resolve(form + ".p7"), recording.media());
      for (OpenSsl.Command command : OpenSsl.Command.values()) {
        SampleIdentity reading = parties.get(recipients - 1);
        assertThat(OpenSsl.decrypt(command, file, reading))
            .as("%s by openssl %s", form, command)
            .isEqualTo(plaintext);
      }
    }
  }
}
