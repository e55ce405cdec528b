package dev.tapeseal.media.mp4;

import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.Continuity;
import dev.tapeseal.media.Frame;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.media.MediaWriter;
import dev.tapeseal.media.WavSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * WAV, encoded as MP3 where size matters more than every bit. The writer takes the encoder's delay back, and makes
 * the silence that aligns the call, so the track needs no edit but the one that ends it.
 */
final class Mp3EncodingFeed extends AudioFeed {
  private static final long SILENCE_PIECE_US = 60_000_000;

  private final SeekableByteChannel channel;
  private final AudioFormat format;
  private final long laterSamples;
  private final long samples;
  private final int samplesPerFrame;
  private final Frame frame = new Frame();
  private final Deque<ByteBuffer> encoded = new ArrayDeque<>();
  private WavSource source;
  private MediaWriter encoder;
  private long silenceLeftUs;
  private boolean ended;

  /**
   * Reads from a channel that stays open.
   *
   * @param laterSamples how much later the call starts than the screen, not negative
   */
  Mp3EncodingFeed(SeekableByteChannel channel, WavSource source, long laterSamples)
      throws IOException {
    this.channel = channel;
    this.source = source;
    this.format = source.audioFormat().orElseThrow();
    this.laterSamples = laterSamples;
    this.samples = source.samples();
    this.encoder = MediaWriter.encodingMp3(format, new OneFrameAWrite());
    this.samplesPerFrame = Mp3Entry.samplesPerFrame(format.sampleRateHz());
    this.silenceLeftUs = Track.us(laterSamples, format.sampleRateHz());
  }

  @Override
  int sampleRateHz() {
    return format.sampleRateHz();
  }

  @Override
  int samplesPerFrame() {
    return samplesPerFrame;
  }

  @Override
  long mediaTimeSamples() {
    return 0;
  }

  @Override
  long presentedSamples() {
    return Math.min(totalSamples(), laterSamples + samples);
  }

  @Override
  long totalSamples() {
    return (long) sizes().count() * samplesPerFrame;
  }

  @Override
  void rewind() throws IOException {
    encoded.clear();
    encoder = MediaWriter.encodingMp3(format, new OneFrameAWrite());
    if (MediaSource.open(channel) instanceof WavSource again) {
      source = again;
    } else {
      throw new IOException("the WAV file is another than before");
    }
    silenceLeftUs = Track.us(laterSamples, format.sampleRateHz());
    ended = false;
  }

  @Override
  @Nullable
  ByteBuffer nextFrame() throws IOException {
    while (encoded.isEmpty() && !ended) {
      if (silenceLeftUs > 0) {
        long piece = Math.min(SILENCE_PIECE_US, silenceLeftUs);
        encoder.writeSilence(piece, Continuity.INTERRUPTED);
        silenceLeftUs -= piece;
      } else if (source.next(frame)) {
        encoder.write(frame.bytes());
      } else {
        encoder.close();
        ended = true;
      }
    }
    return encoded.poll();
  }

  @Override
  BoxContent sampleEntry() {
    return Mp3Entry.of(format.channels(), format.sampleRateHz(), samplesPerFrame, sizes());
  }

  /** The writer hands over a frame at a time, whole. */
  private final class OneFrameAWrite implements WritableByteChannel {
    private boolean open = true;

    @Override
    public int write(ByteBuffer bytes) {
      int count = bytes.remaining();
      encoded.add(ByteBuffer.allocate(count).put(bytes).flip());
      return count;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
