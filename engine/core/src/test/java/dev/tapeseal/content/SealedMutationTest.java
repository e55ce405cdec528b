package dev.tapeseal.content;

import static dev.tapeseal.content.Sealing.randomBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sealed recording that was changed in any way is refused, by either reader, all of the time. */
class SealedMutationTest {
  private static final int S = 4096;
  private static final int LENGTH = 2 * S + 600; // three segments

  private final ContentEncryptionKey key = ContentEncryptionKey.generate(Sealing.RANDOM);
  private final byte[] plaintext = randomBytes(LENGTH);
  private byte[] file = {};

  @BeforeEach
  void seal() throws IOException {
    file = Sealing.seal(key, S, plaintext);
  }

  @Test
  void everyFlipOfEveryBit_isRefused() throws IOException {
    int refused = 0;
    for (int at = 0; at < file.length; at++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        file[at] ^= (byte) (1 << bit);
        refused += isRefused(file) ? 1 : 0;
        file[at] ^= (byte) (1 << bit);
      }
    }
    assertThat(refused).isEqualTo(file.length * Byte.SIZE);
    assertThat(Sealing.readAll(key, file, S)).isEqualTo(plaintext); // undone, it is whole again
  }

  @Test
  void everyTruncation_isRefused() {
    int refused = 0;
    for (int length = 0; length < file.length; length++) {
      refused += isRefused(Arrays.copyOf(file, length)) ? 1 : 0;
    }
    assertThat(refused).isEqualTo(file.length);
  }

  @Test
  void everythingAppended_isRefused() {
    for (int more : new int[] {1, 15, 16, 17, 32, S - 600, S, S + 17}) {
      assertThat(isRefused(Arrays.copyOf(file, file.length + more)))
          .as("%d zeros", more)
          .isTrue();
      byte[] again = Arrays.copyOf(file, file.length + more);
      System.arraycopy(file, file.length - more, again, file.length, more);
      assertThat(isRefused(again)).as("its last %d bytes", more).isTrue();
    }
  }

  @Test
  void everyOtherOrderOfSegments_isRefused() {
    byte[][] segments = segments(file);
    int refused = 0;
    List<List<Integer>> orders = orders(segments.length, segments.length + 1);
    for (List<Integer> order : orders) {
      refused += isRefused(inOrder(file, segments, order)) ? 1 : 0;
    }
    // every row of none to four segments, any of them dropped, doubled, swapped: one is the file
    assertThat(refused).isEqualTo(orders.size() - 1).isEqualTo(1 + 3 + 9 + 27 + 81 - 1);
  }

  @Test
  void everySegmentOfAnotherRecording_isRefused_evenUnderTheSameKey() throws IOException {
    byte[] other = Sealing.seal(key, S, plaintext);
    byte[][] own = segments(file);
    byte[][] foreign = segments(other);
    for (int i = 0; i < own.length; i++) {
      byte[][] spliced = own.clone();
      spliced[i] = foreign[i];
      assertThat(isRefused(inOrder(file, spliced, List.of(0, 1, 2))))
          .as("segment %d", i)
          .isTrue();
    }
    byte[] foreignHeader = file.clone();
    System.arraycopy(other, 0, foreignHeader, 0, SealedHeader.BYTES);
    assertThat(isRefused(foreignHeader)).isTrue();
    System.arraycopy(file, 0, foreignHeader, 0, SealedHeader.BOUND_BYTES); // its salt alone
    assertThat(isRefused(foreignHeader)).isTrue();
  }

  @Test
  void anotherKey_isRefused_byTheCommitment() throws IOException {
    try (ContentEncryptionKey other = ContentEncryptionKey.generate(Sealing.RANDOM)) {
      assertThatExceptionOfType(DamagedContentException.class)
          .isThrownBy(() -> Sealing.open(other, file))
          .withMessageContaining("does not commit");
      assertThatExceptionOfType(DamagedContentException.class)
          .isThrownBy(() -> Sealing.openStream(other, file))
          .withMessageContaining("does not commit");
    }
  }

  @ParameterizedTest(name = "byte {0} as {1}")
  @ValueSource(
      strings = {
        "0:58", "4:0", "4:2", "5:0", "5:2", "6:11", "6:21", "6:255", "7:1", "88:1", "127:1",
        "128:0", "128:41"
      })
  void headerThatIsNotOurs_isRefused_beforeAnyKeyIsTried(String change) {
    String[] parts = change.split(":", 2);
    file[Integer.parseInt(parts[0])] = (byte) Integer.parseInt(parts[1]);

    assertThatExceptionOfType(DamagedContentException.class)
        .isThrownBy(() -> SealedHeader.read(new BytesChannel(file)))
        .withMessageContaining("expected");
  }

  @Test
  void nothingOfAChangedSegment_isReleased_andThoseBeforeItAre() throws IOException {
    file[S + 100] ^= 1; // in segment 1 of 3
    byte[] target = new byte[LENGTH];
    int first = S - 184;
    try (SealedReader reader = Sealing.open(key, file)) {
      assertThat(reader.read(0, target, 0, LENGTH)).isEqualTo(first);
      assertThatExceptionOfType(DamagedContentException.class)
          .isThrownBy(() -> reader.read(first, target, first, LENGTH - first))
          .withMessageContaining("segment 1");
    }
    assertThat(Arrays.copyOf(target, first)).isEqualTo(Arrays.copyOf(plaintext, first));
    assertThat(Arrays.copyOfRange(target, first, LENGTH)).containsOnly(0);

    ByteBuffer streamed = ByteBuffer.allocate(LENGTH);
    try (SealedStreamReader stream = Sealing.openStream(key, file)) {
      for (int i = 0; i < 2; i++) { // for good
        assertThatExceptionOfType(DamagedContentException.class).isThrownBy(() -> {
          while (stream.read(streamed) >= 0) {
            // until it throws
          }
        });
      }
    }
    assertThat(streamed.position()).isEqualTo(first);
  }

  @Test
  void changesOfALargeFile_areRefused_whereverTheyAre() throws IOException {
    int segmentBytes = 65_536;
    byte[] large = Sealing.seal(key, segmentBytes, randomBytes(4 << 20));
    int segments = segments(large, segmentBytes).length;
    Random random = new Random(6);
    try (SealedReader reader = Sealing.open(key, large)) {
      for (int i = 0; i < 3000; i++) {
        int at = random.nextInt(large.length);
        int bit = 1 << random.nextInt(Byte.SIZE);
        int segment = at / segmentBytes;
        large[at] ^= (byte) bit;
        if (at < SealedHeader.BYTES || segment == segments - 1) {
          assertThat(opens(large)).as("byte %d, bit %d", at, bit).isFalse();
        } else {
          // through a reader that has the segment no more: it keeps four
          long position = segment == 0 ? 0 : segment * (segmentBytes - 16L) - 168;
          assertThatExceptionOfType(DamagedContentException.class)
              .as("byte %d, bit %d", at, bit)
              .isThrownBy(() -> reader.read(position, new byte[segmentBytes], 0, segmentBytes));
        }
        large[at] ^= (byte) bit;
      }
      for (int i = 0; i < 2000; i++) {
        int length = random.nextInt(large.length);
        assertThat(opens(Arrays.copyOf(large, length))).as("cut to %d", length).isFalse();
      }
    }
  }

  private boolean opens(byte[] changed) {
    try (SealedReader reader = Sealing.open(key, changed)) {
      return reader.size() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether either reader comes to no end of it. */
  private boolean isRefused(byte[] changed) {
    try {
      Sealing.readAll(key, changed, 2 * S);
      return false;
    } catch (DamagedContentException e) {
      // as it should be
    } catch (IOException e) {
      throw new AssertionError("a changed file is damaged, and nothing else", e);
    }
    try {
      Sealing.streamAll(key, changed, 2 * S);
      return false;
    } catch (DamagedContentException e) {
      return true;
    } catch (IOException e) {
      throw new AssertionError("a changed file is damaged, and nothing else", e);
    }
  }

  private static byte[][] segments(byte[] file) {
    return segments(file, S);
  }

  private static byte[][] segments(byte[] file, int segmentBytes) {
    List<byte[]> segments = new ArrayList<>();
    for (int at = 0; at < file.length; at += segmentBytes) {
      segments.add(Arrays.copyOfRange(
          file, Math.max(at, SealedHeader.BYTES), Math.min(at + segmentBytes, file.length)));
    }
    return segments.toArray(byte[][]::new);
  }

  private static byte[] inOrder(byte[] file, byte[][] segments, List<Integer> order) {
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    changed.write(file, 0, SealedHeader.BYTES);
    order.forEach(i -> changed.writeBytes(segments[i]));
    return changed.toByteArray();
  }

  /** Every row of up to so many of the numbers below a count. */
  private static List<List<Integer>> orders(int count, int longest) {
    List<List<Integer>> orders = new ArrayList<>(List.of(List.of()));
    for (int i = 0; i < orders.size(); i++) {
      List<Integer> order = orders.get(i);
      for (int next = 0; next < count && order.size() < longest; next++) {
        List<Integer> longer = new ArrayList<>(order);
        longer.add(next);
        orders.add(longer);
      }
    }
    return orders;
  }

  @Test
  void untouchedFile_isNotRefused() throws IOException {
    assertThat(isRefused(file)).isFalse();
    assertThat(isRefused(
            Sealing.seal(key, Sealing.header(key, S), OptionalLong.empty(), new byte[0], 1)))
        .isFalse();
  }
}
