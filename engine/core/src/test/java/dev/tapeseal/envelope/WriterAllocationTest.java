package dev.tapeseal.envelope;

import static dev.tapeseal.envelope.Recordings.CONTEXT;
import static dev.tapeseal.envelope.Recordings.RANDOM;
import static dev.tapeseal.envelope.Recordings.sessionKey;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Once a recording is open, writing it allocates nothing: neither its frames nor its pieces. */
class WriterAllocationTest {
  private static final int PIECE = 65_536;
  private static final int WARM_UP_ROUNDS = 3;
  /** What the JVM allocates once, when it compiles anew, is in one round; what frames cost is in every one. */
  private static final int MEASURED_ROUNDS = 3;

  private static final long ROUND_BYTES = 32L * 1024 * 1024;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static Stream<Arguments> formsAndFrames() {
    return Stream.of(LengthForm.DEFINITE, LengthForm.INDEFINITE)
        .flatMap(form -> Stream.of(160, 4096, PIECE, 3 * PIECE)
            .flatMap(frameBytes ->
                Stream.of(false, true).map(mac -> Arguments.of(form, frameBytes, mac))));
  }

  @ParameterizedTest(name = "{0}, frames of {1} bytes, with .mac: {2}")
  @MethodSource("formsAndFrames")
  void write_allocatesNothing_onceTheRecordingIsOpen(LengthForm form, int frameBytes, boolean mac)
      throws IOException {
    WritableByteChannel sink =
        form == LengthForm.DEFINITE ? new Nowhere() : new ForwardOnly(new Nowhere());
    RecordingOptions options = RecordingOptions.live();
    ByteBuffer frame = ByteBuffer.allocate(frameBytes);
    try (RecordingWriter writer = RecordingWriter.open(
        RecordingFormat.PKCS7,
        sessionKey(List.of(FIRST)),
        part -> sink,
        mac ? options.withMac(CONTEXT) : options,
        RANDOM)) {
      int frames = (int) (ROUND_BYTES / frameBytes);
      for (int round = 0; round < WARM_UP_ROUNDS; round++) {
        writeFrames(writer, frame, frames);
      }

      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < MEASURED_ROUNDS && allocated > 0; round++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        writeFrames(writer, frame, frames);
        allocated = Math.min(allocated, THREADS.getCurrentThreadAllocatedBytes() - before);
      }

      assertThat(allocated).as("bytes allocated by %d frames", frames).isZero();
    }
  }

  /** Also asks for finished blocks now and then, as a live recording does. */
  private static void writeFrames(RecordingWriter writer, ByteBuffer frame, int frames)
      throws IOException {
    for (int i = 0; i < frames; i++) {
      writer.write(frame.clear());
      if (i % 50 == 0) {
        writer.writeFinishedBlocks();
      }
    }
  }

  /** A file that keeps nothing. */
  private static final class Nowhere implements SeekableByteChannel {
    private long position;

    @Override
    public int write(ByteBuffer source) {
      int length = source.remaining();
      source.position(source.limit());
      position += length;
      return length;
    }

    @Override
    public int read(ByteBuffer target) {
      return -1;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
      position = newPosition;
      return this;
    }

    @Override
    public long size() {
      return position;
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      return this;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private record ForwardOnly(Nowhere nowhere) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) {
      return nowhere.write(source);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
