package dev.tapeseal.media;

import java.io.IOException;
import java.util.Optional;

/**
 * A WAV file as a stream of frames of 20 ms; the last one may be shorter. Where 20 ms are no whole
 * number of samples (11,025 Hz), frames differ by one sample, and their times stay exact.
 */
public final class WavSource implements MediaSource {

  private static final int FRAMES_PER_SECOND = 50;

  private final BufferedInput input;
  private final WavFormat format;
  private long frames;
  private long sample;

  private WavSource(BufferedInput input, WavFormat format) {
    this.input = input;
    this.format = format;
  }

  static WavSource open(BufferedInput input) throws IOException {
    return new WavSource(input, WavFormat.read(input));
  }

  @Override
  public MediaType type() {
    return MediaType.WAV;
  }

  @Override
  public Optional<AudioFormat> audioFormat() {
    return Optional.of(format.audio());
  }

  /** The samples of each channel. */
  public long samples() {
    return format.samples();
  }

  @Override
  public long durationUs() {
    return timeUs(format.samples());
  }

  @Override
  public boolean next(Frame frame) throws IOException {
    if (sample >= format.samples()) {
      return false;
    }
    long end = sample;
    while (end == sample) { // below 50 Hz some frames have no sample
      frames++;
      end = Math.min(frames * format.audio().sampleRateHz() / FRAMES_PER_SECOND, format.samples());
    }
    int blockBytes = format.audio().blockBytes();
    int length = (int) (end - sample) * blockBytes;
    input.copy(format.dataOffset() + sample * blockBytes, frame.room(length), length);
    frame.stamp(timeUs(sample), timeUs(end) - timeUs(sample));
    sample = end;
    return true;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  private long timeUs(long samples) {
    return MediaTime.us(samples, format.audio().sampleRateHz());
  }
}
