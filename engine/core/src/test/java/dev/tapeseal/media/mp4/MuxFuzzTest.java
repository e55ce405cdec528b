package dev.tapeseal.media.mp4;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.mp4.MuxedMp4.WavCoding;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.channels.ByteArraySeekableByteChannel;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes are a screen or a call: they are muxed, or refused with a reason. The seeds always; {@code
 * tools/bin/fuzz} lets Jazzer change them for as long as one likes.
 */
class MuxFuzzTest {
  private static final byte[] CALL = Samples.bytes("media/tagged.mp3");
  private static final byte[] SCREEN = TinyMp4.ofVideo();
  private static final long MAX_SEED_BYTES = 64 << 10;

  static Stream<byte[]> screens() throws IOException {
    return Stream.concat(Stream.of(SCREEN), vectors("mp4"));
  }

  @FuzzTest(maxDuration = "10m")
  @MethodSource("screens")
  void anyScreen_isMuxedOrRefused(byte[] screen) throws IOException {
    mux(screen, CALL);
  }

  static Stream<byte[]> calls() throws IOException {
    Stream<byte[]> samples = Stream.of("call.mp3", "tagged.mp3", "vbr.mp3", "mono-mulaw.wav")
        .map(name -> Samples.bytes("media/" + name));
    return Stream.concat(samples, vectors("mp3wav"));
  }

  @FuzzTest(maxDuration = "10m")
  @MethodSource("calls")
  void anyCall_isMuxedOrRefused(byte[] call) throws IOException {
    mux(SCREEN, call);
  }

  private static void mux(byte[] screen, byte[] call) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(8192);
    try (MuxedMp4 muxed = MuxedMp4.open(
        ByteArraySeekableByteChannel.wrap(screen),
        ByteArraySeekableByteChannel.wrap(call),
        Duration.ofMillis(-50),
        WavCoding.FLAC)) {
      while (muxed.read(read.clear()) >= 0) {
        // to its end
      }
    } catch (MediaException refused) {
      if (refused.getMessage() == null) {
        throw new AssertionError("a refusal without a reason", refused);
      }
    }
  }

  /** The small ones of the public test vectors, where they are there. */
  private static Stream<byte[]> vectors(String name) throws IOException {
    Path folder = Path.of(System.getProperty("tapeseal.root"))
        .resolveSibling("shared")
        .resolve("vectors")
        .resolve(name);
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        if (Files.size(file) <= MAX_SEED_BYTES) {
          seeds.add(Files.readAllBytes(file));
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return seeds.stream();
  }
}
