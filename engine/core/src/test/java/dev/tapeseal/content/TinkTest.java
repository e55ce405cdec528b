package dev.tapeseal.content;

import static dev.tapeseal.content.Sealing.randomBytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Google's Tink as an oracle: behind our header stands what its AesGcmHkdfStreaming reads and writes. */
class TinkTest {
  private static final int BOUND_BYTES = SealedHeader.BOUND_BYTES;

  private final ContentEncryptionKey key = ContentEncryptionKey.generate(Sealing.RANDOM);

  static Stream<Arguments> segmentsAndLengths() {
    return Stream.of(4096, 65_536, 1 << 20)
        .flatMap(
            s -> Stream.of(0, 1, s - 185, s - 184, s - 183, 2 * s - 200, 2 * s - 199, 3 * s + 1234)
                .map(length -> Arguments.of(s, length)));
  }

  @ParameterizedTest(name = "segments of {0}, {1} bytes")
  @MethodSource("segmentsAndLengths")
  void whatWeSeal_tinkReads_wholeAndBySeeking(int segmentBytes, int length) throws Exception {
    byte[] plaintext = randomBytes(length);
    byte[] file = Sealing.seal(key, segmentBytes, plaintext);
    byte[] associatedData = Arrays.copyOf(file, BOUND_BYTES);
    AesGcmHkdfStreaming tink = tink(segmentBytes);

    InputStream stream = tink.newDecryptingStream(
        new ByteArrayInputStream(file, BOUND_BYTES, file.length - BOUND_BYTES), associatedData);
    assertThat(stream.readAllBytes()).isEqualTo(plaintext);

    try (SeekableByteChannel channel =
        tink.newSeekableDecryptingChannel(new BytesChannel(file), associatedData)) {
      assertThat(channel.size()).isEqualTo(length);
      Random random = new Random(length);
      for (int i = 0; i < 20 && length > 0; i++) {
        int from = random.nextInt(length);
        int wanted = Math.min(length - from, 1 + random.nextInt(2 * segmentBytes));
        ByteBuffer read = ByteBuffer.allocate(wanted);
        channel.position(from);
        while (read.hasRemaining() && channel.read(read) >= 0) {
          // a channel may give less than it is asked for
        }
        assertThat(read.array()).isEqualTo(Arrays.copyOfRange(plaintext, from, from + wanted));
      }
    }
  }

  @ParameterizedTest(name = "segments of {0}, {1} bytes")
  @MethodSource("segmentsAndLengths")
  void whatTinkWritesBehindOurHeader_weRead(int segmentBytes, int length) throws Exception {
    byte[] plaintext = randomBytes(length);
    byte[] associatedData = Arrays.copyOf(Sealing.header(key, segmentBytes).encoded(), BOUND_BYTES);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(associatedData);
    try (OutputStream stream = tink(segmentBytes).newEncryptingStream(file, associatedData)) {
      stream.write(plaintext);
    }

    assertThat(Sealing.readAll(key, file.toByteArray(), segmentBytes)).isEqualTo(plaintext);
    assertThat(Sealing.streamAll(key, file.toByteArray(), segmentBytes)).isEqualTo(plaintext);
  }

  private AesGcmHkdfStreaming tink(int segmentBytes) throws GeneralSecurityException, IOException {
    byte[] keyMaterial = key.copyBytes();
    return new AesGcmHkdfStreaming(keyMaterial, "HmacSha256", 32, segmentBytes, BOUND_BYTES);
  }
}
