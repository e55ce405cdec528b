package dev.tapeseal.media.mp4;

import static dev.tapeseal.media.mp4.BoxContent.join;
import static dev.tapeseal.media.mp4.BoxContent.u16;
import static dev.tapeseal.media.mp4.BoxContent.u32;
import static dev.tapeseal.media.mp4.BoxContent.zeros;

/** The fields that every audio sample entry begins with. */
final class AudioSampleEntry {
  private static final int MAX_RATE_HZ = 0xFFFF;

  private AudioSampleEntry() {}

  static BoxContent fields(int channels, int bitsPerSample, int sampleRateHz) {
    int rate = sampleRateHz;
    while (rate > MAX_RATE_HZ) {
      rate /= 2; // there are 16 bits for it; the codec's own configuration has the true one
    }
    return join(
        zeros(6),
        u16(1), // data reference
        zeros(8),
        u16(channels, bitsPerSample, 0, 0),
        u32((long) rate << 16));
  }
}
