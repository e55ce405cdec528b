package dev.tapeseal.media.mp4;

import static dev.tapeseal.media.mp4.BoxContent.box;
import static dev.tapeseal.media.mp4.BoxContent.fullBox;
import static dev.tapeseal.media.mp4.BoxContent.u8;

import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.FlacEncoder;
import dev.tapeseal.media.Frame;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.media.WavSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * WAV, encoded without loss as FLAC. The silence that aligns the call goes through the encoder, so the track needs no
 * edit.
 */
final class FlacFeed extends AudioFeed {
  private static final int LAST_BLOCK = 0x80; // of the FLAC metadata, and STREAMINFO

  private final SeekableByteChannel channel;
  private final AudioFormat format;
  private final long laterSamples;
  private final long samples;
  private final Frame frame = new Frame();
  private final ByteBuffer block;
  private final byte[] encoded;
  private WavSource source;
  private FlacEncoder encoder;
  private long silenceLeftBytes;

  /**
   * Reads from a channel that stays open.
   *
   * @param laterSamples how much later the call starts than the screen, not negative
   */
  FlacFeed(SeekableByteChannel channel, WavSource source, long laterSamples) throws IOException {
    this.channel = channel;
    this.source = source;
    this.format = source.audioFormat().orElseThrow();
    this.laterSamples = laterSamples;
    this.samples = source.samples();
    this.encoder = FlacEncoder.of(format);
    this.block = ByteBuffer.allocate(encoder.frameSamples() * format.blockBytes());
    this.encoded = new byte[encoder.maxFrameBytes()];
    this.silenceLeftBytes = laterSamples * format.blockBytes();
  }

  @Override
  int sampleRateHz() {
    return format.sampleRateHz();
  }

  @Override
  int samplesPerFrame() {
    return encoder.frameSamples();
  }

  @Override
  long mediaTimeSamples() {
    return 0;
  }

  @Override
  long presentedSamples() {
    return totalSamples();
  }

  @Override
  long totalSamples() {
    return laterSamples + samples;
  }

  @Override
  void rewind() throws IOException {
    if (MediaSource.open(channel) instanceof WavSource again) {
      source = again;
    } else {
      throw new IOException("the WAV file is another than before");
    }
    encoder = FlacEncoder.of(format);
    frame.bytes().limit(0);
    silenceLeftBytes = laterSamples * format.blockBytes();
  }

  @Override
  @Nullable
  ByteBuffer nextFrame() throws IOException {
    block.clear();
    while (block.hasRemaining() && silenceLeftBytes > 0) {
      block.put(format.silence());
      silenceLeftBytes--;
    }
    while (block.hasRemaining() && (frame.bytes().hasRemaining() || source.next(frame))) {
      ByteBuffer wav = frame.bytes();
      int count = Math.min(wav.remaining(), block.remaining());
      block.put(block.position(), wav, wav.position(), count);
      block.position(block.position() + count);
      wav.position(wav.position() + count);
    }
    if (block.flip().limit() == 0) {
      return null;
    }
    return ByteBuffer.wrap(encoded, 0, encoder.encode(block, encoded));
  }

  @Override
  BoxContent sampleEntry() {
    byte[] streamInfo = encoder.streamInfo(totalSamples());
    return box(
        "fLaC",
        AudioSampleEntry.fields(format.channels(), encoder.bitsPerSample(), format.sampleRateHz()),
        fullBox(
            "dfLa",
            0,
            0,
            u8(LAST_BLOCK, 0, 0, streamInfo.length),
            BoxContent.of(ByteBuffer.wrap(streamInfo))));
  }
}
