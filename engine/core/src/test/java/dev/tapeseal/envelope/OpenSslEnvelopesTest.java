package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.keystore.BareKeys;
import dev.tapeseal.samples.SampleEnvelope;
import dev.tapeseal.samples.SampleIdentity;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code openssl cms} and {@code openssl smime} wrote, read with private keys as they lie in files. */
class OpenSslEnvelopesTest {
  private static final int RANGES = 200;

  static List<SampleEnvelope> envelopes() {
    return SampleEnvelope.of(SampleEnvelope.Kind.ENVELOPED);
  }

  @ParameterizedTest
  @MethodSource("envelopes")
  void everyRecipientsKeyFile_opensIt_withItsCertificateAndWithout(SampleEnvelope sample)
      throws Exception {
    MemoryRecording recording = MemoryRecording.of(sample.bytes());
    for (SampleIdentity recipient : sample.recipients()) {
      for (List<Path> certificates :
          List.of(List.of(recipient.certificatePath()), List.<Path>of())) {
        try (BareKeys keys = BareKeys.read(List.of(recipient.keyPath()), certificates, null);
            RecordingReader reader =
                RecordingReader.open(recording, keys, RecordingExpectation.none());
            RecordingStream stream = Recordings.openStream(recording, keys)) {
          assertThat(reader.size()).isEqualTo(sample.plaintext().length);
          assertThat(reader.isAuthenticated()).isFalse();
          assertThat(readAll(reader, 1000)).isEqualTo(sample.plaintext());
          assertThat(readAll(stream, 1000)).isEqualTo(sample.plaintext());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("envelopes")
  void randomRanges_equalSlicesOfThePlaintext(SampleEnvelope sample) throws Exception {
    byte[] plaintext = sample.plaintext();
    SampleIdentity recipient = sample.recipients().get(0);
    Random random = new Random(plaintext.length);
    try (BareKeys keys = BareKeys.read(
            List.of(recipient.keyPath()), List.of(recipient.certificatePath()), null);
        RecordingReader reader = RecordingReader.open(
            MemoryRecording.of(sample.bytes()), keys, RecordingExpectation.none())) {
      for (int i = 0; i < RANGES; i++) {
        int from = random.nextInt(plaintext.length + 1);
        int to = from + random.nextInt(plaintext.length - from + 1);
        ByteBuffer range = ByteBuffer.allocate(to - from);
        reader.position(from);
        while (range.hasRemaining() && reader.read(range) >= 0) {
          // a read may be short
        }
        assertThat(range.hasRemaining()).as("from %d to %d", from, to).isFalse();
        assertThat(range.array()).isEqualTo(Arrays.copyOfRange(plaintext, from, to));
      }
    }
  }
}
