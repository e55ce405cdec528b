package dev.tapeseal.media.mp4;

import dev.tapeseal.media.Allocation;
import dev.tapeseal.media.mp4.MuxedMp4.WavCoding;
import dev.tapeseal.samples.Samples;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The muxed file is copied: what is read of it costs no memory, once it has begun. */
class MuxAllocationTest {
  private static final int PIECE_BYTES = 16; // so small that the samples last for all rounds
  private static final int READS = 4000;

  @Test
  void read_allocatesNothing_onceTheFileHasBegun() throws Exception {
    try (SeekableByteChannel screen = Files.newByteChannel(Samples.path("media/screen.mp4"));
        SeekableByteChannel call = Files.newByteChannel(Samples.path("media/call.mp3"));
        MuxedMp4 muxed = MuxedMp4.open(screen, call, Duration.ofMillis(137), WavCoding.FLAC)) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);

      Allocation.assertNone(READS, () -> {
        if (muxed.read(piece.clear()) < PIECE_BYTES) {
          throw new IllegalStateException("the file is over before the test is");
        }
      });
    }
  }
}
