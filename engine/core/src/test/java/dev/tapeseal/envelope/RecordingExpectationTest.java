package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.CONTEXT;
import static dev.tapeseal.envelope.Recordings.randomBytes;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tapeseal.content.RecordingContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a catalog knows of a recording, against what lies in the store. */
class RecordingExpectationTest {
  private static final RecordingContext ANOTHER =
      new RecordingContext("Environment", "recording-2", "audio/mp3", "call");

  private final MemoryRecording recording = MemoryRecording.seekable();
  private String macId = "";

  @BeforeEach
  void write() throws IOException {
    RecordingFacts facts = Recordings.write(
        recording, RecordingOptions.live().withMac(CONTEXT), randomBytes(100), 10, FIRST);
    macId = Objects.requireNonNull(facts.macId());
  }

  @Test
  void recordingThatIsExpected_isRead() throws IOException {
    RecordingExpectation expected = RecordingExpectation.authenticated(CONTEXT).withMacId(macId);
    try (RecordingReader reader = open(recording, expected)) {
      assertThat(reader.macId()).isEqualTo(macId);
      assertThat(Recordings.readAll(reader, 100)).isEqualTo(randomBytes(100));
    }
  }

  @Test
  void recordingOfAnotherContext_isRefused() {
    assertRefused(
        recording, RecordingExpectation.authenticated(ANOTHER), "bound to another context");
  }

  @Test
  void validRecordingInThePlaceOfAnother_isRefusedByItsMacId() throws IOException {
    MemoryRecording other = MemoryRecording.seekable();
    Recordings.write(other, RecordingOptions.live().withMac(CONTEXT), randomBytes(100), 10, FIRST);

    assertRefused(
        other, RecordingExpectation.authenticated(CONTEXT).withMacId(macId), "expected: " + macId);
  }

  @Test
  void takenAwayMac_isRefused_whereOneIsExpected() {
    MemoryRecording stripped = recording.without(RecordingPart.MAC);

    assertRefused(stripped, RecordingExpectation.authenticated(CONTEXT), ".mac file is missing");
  }

  @Test
  void nothingOfAMac_canBeExpectedOfARecordingThatNeedsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RecordingExpectation(false, CONTEXT, null, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RecordingExpectation(false, null, macId, null));
  }

  private static void assertRefused(
      MemoryRecording found, RecordingExpectation expected, String message) {
    assertThatExceptionOfType(EnvelopeException.Damaged.class)
        .isThrownBy(() -> open(found, expected))
        .withMessageContaining(message);
    assertThatExceptionOfType(EnvelopeException.Damaged.class)
        .isThrownBy(() -> RecordingReader.openStream(
            Channels.newChannel(new ByteArrayInputStream(found.media())),
            found,
            new PrivateKeyUnwrapper(FIRST),
            expected))
        .withMessageContaining(message);
  }

  private static RecordingReader open(MemoryRecording found, RecordingExpectation expected)
      throws IOException {
    return RecordingReader.open(found, new PrivateKeyUnwrapper(FIRST), expected);
  }
}
