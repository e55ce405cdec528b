package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.CONTEXT;
import static dev.tapeseal.envelope.Recordings.certificate;
import static dev.tapeseal.envelope.Recordings.randomBytes;
import static dev.tapeseal.envelope.Recordings.readAll;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tapeseal.samples.SampleEnvelope;
import dev.tapeseal.samples.SampleIdentity;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** New recipients on old recordings: the content stays as it is, to the byte. */
class RecordingRewrapTest {
  private static final byte[] PLAINTEXT = randomBytes(200_000);

  private static MemoryRecording written(RecordingFormat format) throws IOException {
    MemoryRecording recording = MemoryRecording.forwardOnly(); // attached, it lies in pieces
    Recordings.write(
        format, recording, RecordingOptions.live().withMac(CONTEXT), PLAINTEXT, 1000, FIRST);
    return recording;
  }

  private static RecordingRewrap.Result rewrap(
      MemoryRecording recording, MemoryRecording target, SampleIdentity to) throws IOException {
    return RecordingRewrap.rewrap(
        recording,
        new PrivateKeyUnwrapper(FIRST),
        RecordingExpectation.none(),
        List.of(certificate(to)),
        target,
        Recordings.RANDOM);
  }

  @ParameterizedTest
  @EnumSource
  void rewrappedRecording_isReadByTheNewKeyAlone_andKeepsItsContent(RecordingFormat format)
      throws IOException {
    MemoryRecording recording = written(format);
    MemoryRecording target = MemoryRecording.seekable();

    RecordingRewrap.Result result = rewrap(recording, target, SECOND);

    RecordingPart envelope = format.envelope() == null ? RecordingPart.MEDIA : format.envelope();
    assertThat(result.replaced()).isEqualTo(envelope);
    assertThat(result.before())
        .extracting(Recipient::identifier)
        .containsExactly(certificate(FIRST).identifier());
    assertThat(result.after())
        .extracting(Recipient::identifier)
        .containsExactly(certificate(SECOND).identifier());
    MemoryRecording rewrapped = recording.copy().with(envelope, target.bytes(envelope));
    try (RecordingReader reader = RecordingReader.open(
        rewrapped,
        new PrivateKeyUnwrapper(SECOND),
        RecordingExpectation.authenticated(CONTEXT))) { // by the tags there were
      assertThat(readAll(reader, 7000)).isEqualTo(PLAINTEXT);
    }
    assertThat(EnvelopeInfo.of(rewrapped).form()).isEqualTo(LengthForm.DER);
    assertThatExceptionOfType(EnvelopeException.NoMatchingKey.class)
        .isThrownBy(() -> RecordingReaderTest.open(rewrapped, FIRST));
  }

  @Test
  void foreignRecordingOfAShorterKey_keepsItsCipher() throws IOException {
    MemoryRecording foreign = MemoryRecording.of(SampleEnvelope.SMALL_AES128.bytes());
    byte[] plaintext;
    try (RecordingReader reader = RecordingReaderTest.open(foreign, FIRST)) {
      plaintext = readAll(reader, 100);
    }
    MemoryRecording target = MemoryRecording.seekable();

    rewrap(foreign, target, SECOND);

    assertThat(EnvelopeInfo.of(target).contentCipher()).isEqualTo("AES-128-CBC");
    try (RecordingReader reader = RecordingReaderTest.open(target, SECOND)) {
      assertThat(readAll(reader, 100)).isEqualTo(plaintext);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keyThatDoesNotOpenTheRecording_getsIntoNoEnvelope(RecordingFormat format)
      throws IOException {
    MemoryRecording recording = written(format);
    MemoryRecording target = MemoryRecording.seekable();
    KeyUnwrapper wrong = (recipients, bits) -> Recordings.freshKey();

    assertThatExceptionOfType(EnvelopeException.Damaged.class)
        .isThrownBy(() -> RecordingRewrap.rewrap(
            recording,
            wrong,
            RecordingExpectation.none(),
            List.of(certificate(SECOND)),
            target,
            Recordings.RANDOM));
    assertThat(target.open(RecordingPart.MEDIA)).isNull();
    assertThat(target.open(RecordingPart.ENVELOPE)).isNull();
    assertThat(target.open(RecordingPart.KEY_ENVELOPE)).isNull();
  }
}
