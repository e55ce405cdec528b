package dev.tapeseal.bench;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingOptions;
import dev.tapeseal.envelope.RecordingWriter;
import dev.tapeseal.envelope.WrappedSessionKey;
import dev.tapeseal.samples.SampleCertificates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast one open recording takes frames. Run with {@code -prof gc}: {@code gc.alloc.rate.norm} must be 0 B/op.
 *
 * <p>Opening (RSA) and closing the recording are outside of what is measured; one recording takes all the frames of
 * a run, and its destination forgets what it is given.
 */
@BenchmarkMode(Mode.Throughput)
@Fork(1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets every field before the first frame
@Warmup(iterations = 3, time = 1)
public class RecordingWriterBenchmark {

  /** 20 ms of G.711 at 8 kHz, and two larger frames. */
  @Param({"160", "4096", "65536"})
  public int frameBytes;

  @Param
  public RecordingFormat format;

  /** Whether every piece of 65,536 octets is tagged too. */
  @Param
  public Authentication authentication;

  private RecordingWriter writer;
  private ByteBuffer frame;

  /** Whether a {@code .mac} is written beside the recording. */
  public enum Authentication {
    NONE,
    MAC
  }

  /** What went through; JMH prints bytes a second beside the frames a second. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Plaintext {
    public long bytes;
  }

  /** Opens a recording under one RSA 2048 certificate. */
  @Setup
  public void open() throws Exception {
    SecureRandom random = new SecureRandom();
    byte[] content = new byte[frameBytes];
    random.nextBytes(content);
    frame = ByteBuffer.wrap(content);
    RecordingCertificate certificate =
        RecordingCertificate.of(SampleCertificates.FIRST.certificate());
    RecordingOptions options = switch (authentication) {
      case NONE -> RecordingOptions.live();
      case MAC -> RecordingOptions.live().withMac(RecordingContext.UNKNOWN);
    };
    writer = RecordingWriter.open(
        format,
        WrappedSessionKey.generate(RecordingFormat.PKCS7, List.of(certificate), random),
        part -> new NullChannel(),
        options,
        random);
  }

  @Benchmark
  public int writeFrame(Plaintext plaintext) throws IOException {
    plaintext.bytes += frameBytes;
    return writer.write(frame.clear());
  }

  @TearDown
  public void close() throws IOException {
    writer.close();
  }
}
