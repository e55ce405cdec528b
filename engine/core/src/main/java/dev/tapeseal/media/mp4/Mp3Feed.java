package dev.tapeseal.media.mp4;

import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.media.Frame;
import dev.tapeseal.media.MediaSource;
import dev.tapeseal.media.Mp3Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * MP3, copied frame by frame, with silent frames in front where the call starts later than the screen. They are
 * whole frames, so that one edit with a media time takes back what they are too long: players agree on that, and not
 * on an empty edit before a media time.
 */
final class Mp3Feed extends AudioFeed {
  private final SeekableByteChannel channel;
  private final AudioFormat format;
  private final ByteBuffer silence;
  private final long silentFrames;
  private final long laterSamples;
  private final int delaySamples;
  private final int paddingSamples;
  private final int samplesPerFrame;
  private final Frame frame = new Frame();
  private Mp3Source source;
  private long silentLeft;

  /**
   * Reads from a channel that stays open.
   *
   * @param laterSamples how much later the call starts than the screen, not negative
   */
  Mp3Feed(SeekableByteChannel channel, Mp3Source source, long laterSamples) {
    this.channel = channel;
    this.source = source;
    this.format = source.audioFormat().orElseThrow();
    this.silence = ByteBuffer.wrap(source.silentFrame());
    this.samplesPerFrame = source.samplesPerFrame();
    this.delaySamples = source.delaySamples();
    this.paddingSamples = source.paddingSamples();
    this.laterSamples = laterSamples;
    long missing = Math.max(0, laterSamples - delaySamples);
    this.silentFrames = (missing + samplesPerFrame - 1) / samplesPerFrame;
    this.silentLeft = silentFrames;
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
    return silentFrames * samplesPerFrame + delaySamples - laterSamples;
  }

  @Override
  long presentedSamples() {
    return Math.max(1, totalSamples() - paddingSamples - mediaTimeSamples());
  }

  @Override
  long totalSamples() {
    return (long) sizes().count() * samplesPerFrame;
  }

  @Override
  void rewind() throws IOException {
    if (MediaSource.open(channel) instanceof Mp3Source again) {
      source = again;
    } else {
      throw new IOException("the MP3 file is another than before");
    }
    silentLeft = silentFrames;
  }

  @Override
  @Nullable
  ByteBuffer nextFrame() throws IOException {
    if (silentLeft > 0) {
      silentLeft--;
      return silence.rewind();
    }
    return source.next(frame) ? frame.bytes() : null;
  }

  @Override
  BoxContent sampleEntry() {
    return Mp3Entry.of(format.channels(), format.sampleRateHz(), samplesPerFrame, sizes());
  }
}
