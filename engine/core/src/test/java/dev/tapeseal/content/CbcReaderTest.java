package dev.tapeseal.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the readers of content release, and what they refuse, piece by piece. */
class CbcReaderTest {
  private static final int PIECE = Piece.BYTES;
  private static final byte[] IV = new byte[16];

  private final ContentEncryptionKey key = ContentEncryptionKey.generate(new SecureRandom());
  private final byte[] plaintext = new byte[4 * PIECE + 100];
  private byte[] ciphertext = {};
  private byte[] mac = {};

  @BeforeEach
  void encrypt() throws IOException {
    new Random(4).nextBytes(plaintext);
    ciphertext = Cbc.encrypt(key, IV, plaintext);
    mac = Cbc.mac(key, IV, ciphertext);
  }

  @Test
  void changedLastBlockOfThePieceBefore_isCaught_sinceItIsTheIvOfWhatIsRead() throws IOException {
    ciphertext[2 * PIECE - 1] ^= 1;
    byte[] released = new byte[16];

    try (CbcReader reader = open(ciphertext, mac)) {
      assertDamaged(() -> reader.read(2 * PIECE, released, 0, 16));
    }
    assertThat(released).isEqualTo(new byte[16]);

    try (CbcReader unauthenticated = open(ciphertext, null)) {
      unauthenticated.read(2 * PIECE, released, 0, 16);
    }
    assertThat(released).isNotEqualTo(Arrays.copyOfRange(plaintext, 2 * PIECE, 2 * PIECE + 16));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2}) // opening reads the last piece, and verifies the one before it
  void damagedPiece_isRefusedEveryTime_andThoseThatDoNotHangOnItAreRead(int damaged)
      throws IOException {
    ciphertext[damaged * PIECE + 40] ^= 1;
    byte[] target = new byte[PIECE];
    try (CbcReader reader = open(ciphertext, mac)) {
      for (int piece : new int[] {3, 2, 1, 0, 0, 1, 2, 3}) {
        int from = piece * PIECE;
        if (piece == damaged || piece == damaged + 1) {
          assertDamaged(() -> reader.read(from, target, 0, PIECE));
        } else {
          assertThat(reader.read(from, target, 0, PIECE)).isEqualTo(PIECE);
          assertThat(target).isEqualTo(Arrays.copyOfRange(plaintext, from, from + PIECE));
        }
      }
    }
  }

  @Test
  void changeBehindTheReadersBack_isCaught_sinceWhatIsVerifiedIsWhatIsDecrypted()
      throws IOException {
    try (CbcReader reader = open(ciphertext, mac)) {
      byte[] target = new byte[PIECE];
      assertThat(reader.read(0, target, 0, PIECE)).isEqualTo(PIECE);
      ciphertext[PIECE + 1] ^= 1;
      assertDamaged(() -> reader.read(PIECE, target, 0, PIECE));
    }
  }

  @ParameterizedTest(name = "pieces {0}")
  @ValueSource(
      strings = {"10234", "02134", "01134", "001234", "0234", "1234", "0123", "01243", "4"})
  void piecesPutTogetherAnew_areRefused_theirTagsMovedWithThemOrNot(String order)
      throws IOException {
    byte[] moved = {};
    byte[] tagsMoved = Arrays.copyOf(mac, MacHeader.BYTES);
    for (int i : order.chars().map(Character::getNumericValue).toArray()) {
      moved = joined(
          moved,
          Arrays.copyOfRange(ciphertext, i * PIECE, Math.min((i + 1) * PIECE, ciphertext.length)));
      int tag = MacHeader.BYTES + 32 * i;
      tagsMoved = joined(tagsMoved, Arrays.copyOfRange(mac, tag, tag + 32));
    }
    byte[] content = moved;
    byte[] tags = tagsMoved;

    assertDamaged(() -> readAll(content, tags));
    assertDamaged(() -> readAll(content, mac));
    assertDamaged(() -> streamAll(content, tags));
    assertDamaged(() -> streamAll(content, mac));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 17, PIECE - 16, PIECE, PIECE + 16, 3 * PIECE})
  void cutContent_isRefused_byEitherReader(int length) {
    byte[] cut = Arrays.copyOf(ciphertext, length);

    assertDamaged(() -> readAll(cut, mac));
    assertDamaged(() -> streamAll(cut, mac));
  }

  @Test
  void streamReleasesWhatItVerified_thenThrowsForGood() throws IOException {
    ciphertext[2 * PIECE + 5] ^= 1;
    ByteBuffer target = ByteBuffer.allocate(plaintext.length);
    try (CbcStreamReader stream = stream(ciphertext, mac)) {
      assertDamaged(() -> {
        while (stream.read(target) >= 0) {
          // until it throws
        }
      });
      assertDamaged(() -> stream.read(target));
    }
    assertThat(target.position()).isEqualTo(2 * PIECE);
    assertThat(Arrays.copyOf(target.array(), 2 * PIECE))
        .isEqualTo(Arrays.copyOf(plaintext, 2 * PIECE));
  }

  @Test
  void everyPaddingThatIsNone_isRefused() throws IOException {
    byte[] small = Cbc.encrypt(key, IV, new byte[20]); // the second block's last 12 bytes are 0c
    int accepted = 0;
    for (int change = 1; change < 256; change++) {
      byte[] changed = small.clone();
      changed[15] ^= (byte) change; // changes the last byte of the second block's plaintext
      try (CbcReader reader = open(changed, null)) {
        accepted++;
        assertThat(reader.size()).isEqualTo(31); // 01 is padding of one byte
      } catch (DamagedContentException e) {
        assertThat(e).hasMessageContaining("padding");
      }
    }
    assertThat(accepted).isEqualTo(1);
  }

  @Test
  void encryptingPieces_andTheirTags_allocatesNothing() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    WritableByteChannel nowhere = Channels.newChannel(OutputStream.nullOutputStream());
    MacHeader header = MacHeader.generate(RecordingContext.UNKNOWN, new SecureRandom());
    ByteBuffer pieces = ByteBuffer.wrap(plaintext, 0, 4 * PIECE);
    long allocated = Long.MAX_VALUE;
    try (MacWriter macWriter = MacWriter.open(key, IV, header, nowhere);
        CbcWriter writer = new CbcWriter(CbcEncryptor.jca(), key, IV, new Tagging(macWriter))) {
      for (int round = 0; round < 20; round++) { // 80 pieces, fewer than tags are gathered
        long before = threads.getCurrentThreadAllocatedBytes();
        writer.write(pieces.rewind());
        allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
      }
    }
    assertThat(allocated).as("bytes allocated by four pieces").isZero();
  }

  private record Tagging(MacWriter mac) implements PieceSink {
    @Override
    public void grown(PieceBuffer piece, int from) {}

    @Override
    public PieceBuffer completed(PieceBuffer piece, int from) throws IOException {
      mac.add(piece.octets(), 0, piece.length(), piece.which());
      return piece;
    }
  }

  private CbcReader open(byte[] content, byte @Nullable [] tags) throws IOException {
    return CbcReader.open(
        key,
        IV,
        new BytesChannel(content),
        tags == null ? null : MacReader.open(new BytesChannel(tags)));
  }

  private CbcStreamReader stream(byte[] content, byte[] tags) throws IOException {
    return new CbcStreamReader(
        key, IV, new BytesChannel(content), MacReader.open(new BytesChannel(tags)));
  }

  private void readAll(byte[] content, byte[] tags) throws IOException {
    try (CbcReader reader = open(content, tags)) {
      byte[] target = new byte[(int) reader.size()];
      int done = 0;
      while (done < target.length) { // sound pieces before a damaged one are given first
        done += reader.read(done, target, done, target.length - done);
      }
    }
  }

  private void streamAll(byte[] content, byte[] tags) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(PIECE);
    try (CbcStreamReader stream = stream(content, tags)) {
      while (stream.read(target.clear()) >= 0) {
        // to its end
      }
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static void assertDamaged(ThrowingCallable reading) {
    assertThatExceptionOfType(DamagedContentException.class).isThrownBy(reading);
  }
}
