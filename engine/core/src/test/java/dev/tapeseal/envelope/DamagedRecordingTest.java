package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.CONTEXT;
import static dev.tapeseal.envelope.Recordings.randomBytes;
import static dev.tapeseal.envelope.Recordings.readAll;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damage is refused where it can be seen; where it cannot, a test says so. */
class DamagedRecordingTest {
  private static final int PIECE = 65_536;
  private static final int BLOCK = 16;
  private static final int PIECE_HEADER = 6; // 04 84 and a length of four octets
  private static final byte[] PLAINTEXT = randomBytes(3 * PIECE + 1000);
  private static final byte[] REFUSED = {};
  private static final RecordingOptions LIVE = RecordingOptions.live();

  @ParameterizedTest
  @EnumSource
  void fileCutAtEveryFiftieth_isRefused_withAndWithoutMac(LengthForm form) throws IOException {
    for (RecordingOptions options : List.of(LIVE, LIVE.withMac(CONTEXT))) {
      MemoryRecording whole = Recordings.inForm(form, options, PLAINTEXT, 4096, FIRST);
      byte[] media = whole.media();
      for (int fiftieth = 0; fiftieth < 50; fiftieth++) {
        assertCutIsRefused(whole, media.length * fiftieth / 50);
      }
      assertCutIsRefused(whole, media.length - 1);
    }
  }

  private static void assertCutIsRefused(MemoryRecording whole, int length) {
    MemoryRecording cut =
        whole.copy().with(RecordingPart.MEDIA, Arrays.copyOf(whole.media(), length));
    assertRefused(() -> read(cut));
    assertRefused(() -> readStream(cut));
    assertRefused(() -> EnvelopeInfo.of(cut));
  }

  @ParameterizedTest
  @EnumSource
  void flippedBitOfTheIv_isCaughtByTheMac_andUnseenWithout(LengthForm form) throws IOException {
    MemoryRecording whole = Recordings.inForm(form, LIVE.withMac(CONTEXT), PLAINTEXT, 4096, FIRST);
    int contentTagBytes = 1 + form.lengthOctets(PLAINTEXT.length);
    int lastOfIv = (int) EnvelopeInfo.of(whole).headerBytes() - contentTagBytes - 1;
    MemoryRecording damaged =
        whole.copy().with(RecordingPart.MEDIA, flippedAt(whole.media(), lastOfIv, 1));

    assertDamaged(damaged);

    byte[] expected = PLAINTEXT.clone();
    expected[BLOCK - 1] ^= 1;
    assertThat(read(damaged.without(RecordingPart.MAC)))
        .as("the same bit of plaintext is flipped, and nobody notices")
        .isEqualTo(expected);
    assertThat(readStream(damaged)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void firstMiddleAndLastCiphertextByte_areCaughtByTheMac(LengthForm form) throws IOException {
    MemoryRecording whole = Recordings.inForm(form, LIVE.withMac(CONTEXT), PLAINTEXT, 4096, FIRST);
    int last = PLAINTEXT.length / BLOCK * BLOCK + BLOCK - 1;

    for (int octet : new int[] {0, last / 2, PIECE - 1, PIECE, last}) {
      assertDamaged(flipped(whole, octet));
    }
  }

  @ParameterizedTest
  @EnumSource
  void damagedMiddle_isNotCaughtWithoutAMac_andTheReaderSaysUnauthenticated(LengthForm form)
      throws IOException {
    int octet = PIECE + 5 * BLOCK + 3;
    MemoryRecording damaged = flipped(Recordings.inForm(form, LIVE, PLAINTEXT, 4096, FIRST), octet);

    byte[] read = read(damaged);

    try (RecordingReader reader = RecordingReaderTest.open(damaged, FIRST)) {
      assertThat(reader.isAuthenticated()).isFalse();
    }
    assertThat(read).hasSameSizeAs(PLAINTEXT);
    assertThat(read[octet + BLOCK])
        .as("the bit that was flipped, a block later")
        .isEqualTo((byte) (PLAINTEXT[octet + BLOCK] ^ 1));
    int block = octet / BLOCK * BLOCK;
    assertThat(Arrays.copyOfRange(read, block, block + BLOCK))
        .as("its own block is garbage")
        .isNotEqualTo(Arrays.copyOfRange(PLAINTEXT, block, block + BLOCK));
    assertThat(readStream(damaged)).isEqualTo(read);
  }

  @Test
  void damagedFirstByteBehindTheVerifiedLastPiece_isCaughtWhereItIsRead() throws IOException {
    MemoryRecording damaged = flipped(
        Recordings.inForm(LengthForm.DER, LIVE.withMac(CONTEXT), PLAINTEXT, 4096, FIRST), PIECE);

    try (RecordingReader reader = RecordingReaderTest.open(damaged, FIRST)) {
      byte[] first = new byte[PIECE];
      assertThat(reader.read(ByteBuffer.wrap(first))).isEqualTo(PIECE);
      assertThat(first).isEqualTo(Arrays.copyOf(PLAINTEXT, PIECE));
      ByteBuffer second = ByteBuffer.allocate(PIECE);
      assertThatExceptionOfType(EnvelopeException.Damaged.class)
          .isThrownBy(() -> reader.read(second))
          .withMessageContaining("piece 1");
      assertThat(second.array()).as("nothing unverified is released").containsOnly(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyFlippedByteOfASmallFile_isRefusedOrChangesNothing(LengthForm form) throws IOException {
    byte[] plaintext = randomBytes(100);
    MemoryRecording whole = Recordings.inForm(form, LIVE.withMac(CONTEXT), plaintext, 160, FIRST);
    int contentAt = offsetOf(whole, 0);
    byte[] media = whole.media();
    int contentEnd = contentAt + plaintext.length / BLOCK * BLOCK + BLOCK;

    for (int at = 0; at < media.length; at++) {
      MemoryRecording damaged =
          whole.copy().with(RecordingPart.MEDIA, flippedAt(media, at, 1 << at % Byte.SIZE));
      byte[] read = readOrRefused(damaged);
      byte[] streamed = readStreamOrRefused(damaged);
      if (at >= contentAt && at < contentEnd) {
        assertThat(read).as("byte %d of the ciphertext", at).isEmpty();
        assertThat(streamed).as("byte %d of the ciphertext", at).isEmpty();
      }
      assertThat(read).as("byte %d", at).isIn(plaintext, REFUSED);
      assertThat(streamed).as("byte %d", at).isIn(plaintext, REFUSED);
    }
  }

  @Test
  void everyFlippedByteOfTheMac_isRefused() throws IOException {
    MemoryRecording whole =
        Recordings.inForm(LengthForm.DER, LIVE.withMac(CONTEXT), randomBytes(100), 160, FIRST);
    byte[] mac = whole.bytes(RecordingPart.MAC);

    for (int at = 0; at < mac.length; at++) {
      MemoryRecording damaged =
          whole.copy().with(RecordingPart.MAC, flippedAt(mac, at, 1 << at % Byte.SIZE));
      assertDamaged(damaged);
    }
    for (int length = 0; length < mac.length; length++) {
      assertDamaged(whole.copy().with(RecordingPart.MAC, Arrays.copyOf(mac, length)));
    }
  }

  @Test
  void tagsOfAnotherRecording_areRefused() throws IOException {
    MemoryRecording one =
        Recordings.inForm(LengthForm.DER, LIVE.withMac(CONTEXT), randomBytes(100), 160, FIRST);
    MemoryRecording other =
        Recordings.inForm(LengthForm.DER, LIVE.withMac(CONTEXT), randomBytes(100), 160, FIRST);

    assertDamaged(one.with(RecordingPart.MAC, other.bytes(RecordingPart.MAC)));
  }

  /** Flips a bit of one octet of the ciphertext. */
  private static MemoryRecording flipped(MemoryRecording whole, int octet) throws IOException {
    return whole
        .copy()
        .with(RecordingPart.MEDIA, flippedAt(whole.media(), offsetOf(whole, octet), 1));
  }

  /** Where an octet of the ciphertext stands in the file: in indefinite form every piece has a header. */
  private static int offsetOf(MemoryRecording whole, int octet) throws IOException {
    EnvelopeInfo info = EnvelopeInfo.of(whole);
    int header = (int) info.headerBytes();
    return info.form() == LengthForm.INDEFINITE
        ? header + octet + (octet / PIECE + 1) * PIECE_HEADER
        : header + octet;
  }

  private static byte[] flippedAt(byte[] bytes, int at, int mask) {
    byte[] flipped = bytes.clone();
    flipped[at] ^= (byte) mask;
    return flipped;
  }

  private static byte[] readOrRefused(MemoryRecording recording) throws IOException {
    try {
      return read(recording);
    } catch (EnvelopeException refused) {
      return REFUSED;
    }
  }

  private static byte[] readStreamOrRefused(MemoryRecording recording) throws IOException {
    try {
      return readStream(recording);
    } catch (EnvelopeException refused) {
      return REFUSED;
    }
  }

  private static void assertDamaged(MemoryRecording recording) {
    assertThatExceptionOfType(EnvelopeException.Damaged.class).isThrownBy(() -> read(recording));
    assertThatExceptionOfType(EnvelopeException.Damaged.class)
        .isThrownBy(() -> readStream(recording));
  }

  private static void assertRefused(ThrowingCallable reading) {
    assertThatExceptionOfType(EnvelopeException.class).isThrownBy(reading);
  }

  private static byte[] read(MemoryRecording recording) throws IOException {
    try (RecordingReader reader = RecordingReaderTest.open(recording, FIRST)) {
      return readAll(reader, 10_000);
    }
  }

  private static byte[] readStream(MemoryRecording recording) throws IOException {
    return RecordingReaderTest.readAsStream(recording, 10_000);
  }
}
