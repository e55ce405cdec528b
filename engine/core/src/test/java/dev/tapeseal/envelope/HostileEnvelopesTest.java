package dev.tapeseal.envelope;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tapeseal.samples.CmsEncryption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that were made to hurt their reader: sizes that are lies, depths without end, pieces without number. */
class HostileEnvelopesTest {
  private static final String ENVELOPED_DATA = "06092a864886f70d010703";

  static Stream<Arguments> lies() {
    String start = "3084ffffffff" + ENVELOPED_DATA + "a084ffffffe0" + "3084ffffffd0" + "020100";
    return Stream.of(
        Arguments.of("a SET of 2 GiB", start + "3184" + "7fffffff", "ends here"),
        Arguments.of(
            "a recipient larger than its SET",
            start + "3103" + "308200ff",
            "in one that ends after"),
        Arguments.of(
            "a Name of 1 GiB",
            start + "3184" + "7ffffff0" + "30847fffffe0" + "020100" + "30847fffff00"
                + "308440000000",
            "the issuer's Name: 1073741824 bytes"),
        Arguments.of(
            "a length of nine octets", "3089" + "010000000000000000", "a length of 9 octets"),
        Arguments.of(
            "a length beyond all bounds", "3088" + "ffffffffffffffff", "a length of more than"),
        Arguments.of("a primitive of indefinite length", "3080" + "0680", "indefinite length"),
        Arguments.of("depth without end", start + "a080".repeat(100_000), "more than 32 deep"),
        Arguments.of(
            "a header without end",
            start + "a0847ffffff0" + "0400".repeat(200_000),
            "longer than 262144"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  @Timeout(5)
  void liesInAHeader_areRefused_beforeAnythingIsAllocatedForThem(
      String name, String hex, String message) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThatExceptionOfType(EnvelopeException.Malformed.class)
        .as(name)
        .isThrownBy(() -> RecordingReaderTest.open(MemoryRecording.of(bytes), FIRST))
        .withMessageContaining(message);
    assertThatExceptionOfType(EnvelopeException.Malformed.class)
        .as(name)
        .isThrownBy(() -> RecordingReaderTest.readAsStream(MemoryRecording.of(bytes), 100))
        .withMessageContaining(message);
  }

  @Test
  void piecesNestedTooDeep_areRefused() {
    byte[] envelope = CmsEncryption.to(FIRST).inPiecesOf(16).encrypt(new byte[15]);
    int at = indexOf(envelope, new byte[] {0x04, 0x10}, envelope.length - 40);
    ByteArrayOutputStream nested = new ByteArrayOutputStream();
    nested.write(envelope, 0, at);
    nested.writeBytes(HexFormat.of().parseHex("2480".repeat(50)));

    assertThatExceptionOfType(EnvelopeException.Malformed.class)
        .isThrownBy(() -> RecordingReaderTest.open(MemoryRecording.of(nested.toByteArray()), FIRST))
        .withMessageContaining("more than 32 deep");
  }

  @Test
  @Timeout(20)
  void aMillionPiecesOfOneOctet_areReadInConstantMemory_alsoAtRandom() throws IOException {
    byte[] plaintext = Recordings.randomBytes(1_000_000);
    byte[] envelope = CmsEncryption.to(FIRST).inPiecesOf(1).encrypt(plaintext);
    Random random = new Random(3);

    try (RecordingReader reader = RecordingReaderTest.open(MemoryRecording.of(envelope), FIRST)) {
      assertThat(reader.size()).isEqualTo(plaintext.length);
      for (int i = 0; i < 50; i++) {
        int from = random.nextInt(plaintext.length - 100);
        ByteBuffer range = ByteBuffer.allocate(100);
        reader.position(from).read(range);
        assertThat(range.array()).isEqualTo(Arrays.copyOfRange(plaintext, from, from + 100));
      }
    }
  }

  private static int indexOf(byte[] bytes, byte[] wanted, int from) {
    for (int i = from; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    throw new IllegalArgumentException("not found");
  }
}
