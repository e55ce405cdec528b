package dev.tapeseal.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A frame that completes no segment allocates nothing; a segment costs what JCA allocates for its nonce. */
class SealedAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int MAX_BYTES_A_SEGMENT = 1024;

  /** More than ever were needed: until the JIT has compiled JCA, which takes its time on a busy machine, it allocates. */
  private static final int MAX_ROUNDS = 2000;

  private final ContentEncryptionKey key = ContentEncryptionKey.generate(Sealing.RANDOM);

  private static final PieceSink NOWHERE = new PieceSink() {
    @Override
    public void grown(PieceBuffer piece, int from) {}

    @Override
    public PieceBuffer completed(PieceBuffer piece, int from) {
      return piece;
    }
  };

  @ParameterizedTest
  @ValueSource(ints = {4096, 65_536})
  void frameThatCompletesNoSegment_allocatesNothing(int segmentBytes) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(160);
    long least = Long.MAX_VALUE;
    long most = 0;
    try (SealedWriter writer = writer(segmentBytes)) {
      for (int i = 0; i < 200_000; i++) {
        long segmentsBefore = writer.ciphertextBytes();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        writer.write(frame.clear());
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (i > 150_000 && writer.ciphertextBytes() == segmentsBefore) {
          least = Math.min(least, allocated);
          most = Math.max(most, allocated);
        }
      }
    }
    assertThat(least).isZero();
    assertThat(most).as("bytes allocated by one frame").isZero();
  }

  @ParameterizedTest(name = "segments of {0}, writes of {1}")
  @CsvSource({"4096,160", "4096,4080", "65536,160", "65536,65536", "65536,655360", "1048576,1048560"
  })
  void completedSegment_allocatesAtMost1KiB(int segmentBytes, int writeBytes) throws IOException {
    ByteBuffer write = ByteBuffer.allocate(writeBytes);
    long roundBytes = Math.max(8L * segmentBytes, writeBytes);
    double least = Double.MAX_VALUE;
    try (SealedWriter writer = writer(segmentBytes)) {
      for (int round = 0; round < MAX_ROUNDS && least > MAX_BYTES_A_SEGMENT; round++) {
        long sealedBefore = writer.ciphertextBytes();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (long done = 0; done < roundBytes; done += writeBytes) {
          writer.write(write.clear());
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        double segments = (writer.ciphertextBytes() - sealedBefore) / (double) segmentBytes;
        least = Math.min(least, allocated / segments);
      }
    }
    assertThat(least).as("bytes allocated a segment").isLessThanOrEqualTo(MAX_BYTES_A_SEGMENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65_536})
  void openedSegment_allocatesAtMost1KiB(int segmentBytes) throws IOException {
    byte[] file = Sealing.seal(key, segmentBytes, new byte[40 * segmentBytes]);
    byte[] target = new byte[40 * segmentBytes];
    double least = Double.MAX_VALUE;
    try (SealedReader reader = Sealing.open(key, file)) {
      for (int round = 0; round < MAX_ROUNDS && least > MAX_BYTES_A_SEGMENT; round++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThat(reader.read(0, target, 0, target.length)).isEqualTo(target.length);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        least = Math.min(least, allocated / 40.0);
      }
    }
    assertThat(least).as("bytes allocated a segment").isLessThanOrEqualTo(MAX_BYTES_A_SEGMENT);
  }

  private SealedWriter writer(int segmentBytes) {
    return new SealedWriter(
        GcmEncryptor.jca(), key, Sealing.header(key, segmentBytes), OptionalLong.empty(), NOWHERE);
  }
}
