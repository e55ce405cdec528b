package dev.tapeseal.content;

import static dev.tapeseal.content.Sealing.randomBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sealed is opened, whole and from anywhere: lengths surround every segment's edge. */
class SealedRoundTripTest {
  private static final int S = 4096;
  private static final int FIRST = S - 184; // the plaintext of segment 0
  private static final int OTHER = S - 16;

  private final ContentEncryptionKey key = ContentEncryptionKey.generate(Sealing.RANDOM);

  static Stream<Integer> lengths() {
    return Stream.of(
        0,
        1,
        FIRST - 1,
        FIRST,
        FIRST + 1,
        FIRST + OTHER - 1,
        FIRST + OTHER,
        FIRST + OTHER + 1,
        FIRST + 9 * OTHER,
        FIRST + 9 * OTHER + 17);
  }

  @ParameterizedTest(name = "{0} bytes")
  @MethodSource("lengths")
  void everyLengthInEveryStep_comesBack_announcedOrNot(int length) throws IOException {
    byte[] plaintext = randomBytes(length);
    for (int step : new int[] {1, 160, FIRST, OTHER, OTHER + 1, 3 * S, 100_000}) {
      for (OptionalLong announced :
          new OptionalLong[] {OptionalLong.empty(), OptionalLong.of(length)}) {
        SealedHeader header = Sealing.header(key, S);

        byte[] file = Sealing.seal(key, header, announced, plaintext, step);

        int segments = length <= FIRST ? 1 : 1 + (length - FIRST + OTHER - 1) / OTHER;
        assertThat(file).hasSize(168 + length + 16 * segments).startsWith(header.encoded());
        assertThat(Sealing.readAll(key, file, Math.max(step, 100))).isEqualTo(plaintext);
        assertThat(Sealing.streamAll(key, file, step)).isEqualTo(plaintext);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 8192, 65_536, 1 << 20})
  void everySegmentSize_isReadFromAnywhere(int segmentBytes) throws IOException {
    byte[] plaintext = randomBytes(3 * segmentBytes + 1000);
    byte[] file = Sealing.seal(key, segmentBytes, plaintext);
    Random random = new Random(segmentBytes);
    try (SealedReader reader = Sealing.open(key, file)) {
      assertThat(reader.size()).isEqualTo(plaintext.length);
      for (int i = 0; i < 200; i++) {
        int from = random.nextInt(plaintext.length);
        int length = 1 + random.nextInt(i % 2 == 0 ? 500 : 2 * segmentBytes);
        byte[] read = new byte[length + 2];

        int count = reader.read(from, read, 1, length);

        assertThat(count).isEqualTo(Math.min(length, plaintext.length - from));
        assertThat(Arrays.copyOfRange(read, 1, 1 + count))
            .isEqualTo(Arrays.copyOfRange(plaintext, from, from + count));
        assertThat(read[0]).isZero();
        assertThat(Arrays.copyOfRange(read, 1 + count, read.length)).containsOnly(0);
      }
      assertThat(reader.read(plaintext.length, new byte[1], 0, 1)).isEqualTo(-1);
    }
  }

  @Test
  void segmentsReadAgain_areNotOpenedAgain() throws IOException {
    byte[] plaintext = randomBytes(FIRST + 30 * OTHER);
    byte[] file = Sealing.seal(key, S, plaintext);
    byte[] read = new byte[10];
    try (SealedReader reader = Sealing.open(key, file)) {
      for (long segment = 0; segment < 8; segment++) {
        reader.read(segment * OTHER, read, 0, 10);
      }
      Arrays.fill(file, (byte) 0); // what is read now was kept
      for (long segment = 7; segment >= 0; segment--) {
        assertThat(reader.read(segment * OTHER, read, 0, 10)).isEqualTo(10);
        assertThat(read)
            .isEqualTo(
                Arrays.copyOfRange(plaintext, (int) segment * OTHER, (int) segment * OTHER + 10));
      }
    }
  }

  @Test
  void writesFromDirectBuffers_areSealedAlike() throws IOException {
    byte[] plaintext = randomBytes(FIRST + 2 * OTHER);
    SealedHeader header = Sealing.header(key, S);
    ByteArrayOutputStream segments = new ByteArrayOutputStream();
    try (SealedWriter writer = new SealedWriter(
        GcmEncryptor.jca(), key, header, OptionalLong.empty(), Sealing.sinkTo(segments))) {
      writer.write(ByteBuffer.allocateDirect(plaintext.length).put(plaintext).flip());
      writer.finish();
      assertThat(writer.plaintextBytes()).isEqualTo(plaintext.length);
      assertThat(writer.ciphertextBytes()).isEqualTo(segments.size());
    }
    byte[] whole = Sealing.seal(key, header, OptionalLong.empty(), plaintext, 100);
    assertThat(whole).endsWith(segments.toByteArray());
  }

  @Test
  void header_saysWhatItIsBoundTo() {
    SealedHeader header = Sealing.header(key, S);

    assertThat(header.isBoundTo(Sealing.CONTEXT)).isTrue();
    assertThat(header.isBoundTo(RecordingContext.UNKNOWN)).isFalse();
    assertThat(header.commitsTo(key)).isTrue();
    assertThat(header.commitsTo(ContentEncryptionKey.generate(Sealing.RANDOM))).isFalse();
    assertThat(header.fileId()).hasSize(32).isNotEqualTo(Sealing.header(key, S).fileId());
    assertThat(header.segmentBytes()).isEqualTo(S);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2048, 4095, 4097, 1 << 21, -4096})
  void segmentSizesThatNoRecordingHas_areRefused(int segmentBytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sealing.header(key, segmentBytes))
        .withMessageContaining(String.valueOf(segmentBytes));
  }

  @Test
  void streamThatHasEnded_sealsNoMore() {
    SealedHeader header = Sealing.header(key, S);
    try (GcmEncryptor.Stream stream = GcmEncryptor.jca().open(key, header)) {
      GcmEncryptor.Job[] jobs = {new GcmEncryptor.Job(stream)};
      byte[] output = new byte[32];
      jobs[0].fill(new byte[16], 0, 16, Piece.LAST, output, 0);
      GcmEncryptor.jca().seal(jobs, 1);

      assertThatIllegalStateException().isThrownBy(() -> GcmEncryptor.jca().seal(jobs, 1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> jobs[0].fill(new byte[17], 0, 17, Piece.MORE, output, 0));
    }
  }

  @Test
  void announcedLengthThatIsNotReached_endsInNoFile() {
    byte[] plaintext = randomBytes(FIRST);
    assertThatIllegalStateException()
        .isThrownBy(() -> Sealing.seal(
            key, Sealing.header(key, S), OptionalLong.of(2 * FIRST), plaintext, FIRST));
  }
}
