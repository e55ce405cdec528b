package dev.tapeseal.media.mp4;

import static dev.tapeseal.media.mp4.BoxContent.box;
import static dev.tapeseal.media.mp4.BoxContent.fullBox;
import static dev.tapeseal.media.mp4.BoxContent.join;
import static dev.tapeseal.media.mp4.BoxContent.u16;
import static dev.tapeseal.media.mp4.BoxContent.u32;
import static dev.tapeseal.media.mp4.BoxContent.u8;

/** The sample entry of MP3, with the descriptors of ISO/IEC 14496-1. */
final class Mp3Entry {
  private static final int MPEG_1_AUDIO = 0x6B; // object types
  private static final int MPEG_2_AUDIO = 0x69;
  private static final int MAX_MPEG_2_RATE_HZ = 24_000;
  private static final int AUDIO_STREAM = (5 << 2) | 1;
  private static final int SAMPLE_BITS = 16; // customary where the codec has none

  private Mp3Entry() {}

  static int samplesPerFrame(int sampleRateHz) {
    return sampleRateHz <= MAX_MPEG_2_RATE_HZ ? 576 : 1152;
  }

  static BoxContent of(int channels, int sampleRateHz, int samplesPerFrame, SampleSizes sizes) {
    int largest = sizes.largestBytes();
    long maxBps = (long) largest * Byte.SIZE * sampleRateHz / samplesPerFrame;
    long averageBps =
        sizes.totalBytes() * Byte.SIZE / sizes.count() * sampleRateHz / samplesPerFrame;
    BoxContent decoderConfig = descriptor(
        4,
        u8(
            sampleRateHz <= MAX_MPEG_2_RATE_HZ ? MPEG_2_AUDIO : MPEG_1_AUDIO,
            AUDIO_STREAM,
            largest >>> 16,
            largest >>> 8,
            largest),
        u32(maxBps, averageBps));
    BoxContent slConfig = descriptor(6, u8(2)); // as MP4 has it
    return box(
        "mp4a",
        AudioSampleEntry.fields(channels, SAMPLE_BITS, sampleRateHz),
        fullBox("esds", 0, 0, descriptor(3, u16(0), u8(0), decoderConfig, slConfig)));
  }

  private static BoxContent descriptor(int tag, BoxContent... parts) {
    BoxContent content = join(parts);
    return join(u8(tag, (int) content.sizeBytes()), content); // below 128, so one byte
  }
}
