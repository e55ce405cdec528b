package dev.tapeseal.media;

import java.nio.ByteBuffer;

/**
 * Linear samples of 32 bits, as encoders want them, out of the samples of a WAV stream: PCM of any width, and G.711
 * by ITU-T's formulas. Allocates nothing.
 */
final class LinearSamples {
  private static final int MU_LAW_BIAS = 0x84;
  private static final int FROM_16_BITS = 16;

  private LinearSamples() {}

  /**
   * Reads samples, and moves the buffer's position behind them.
   *
   * @param frame whole samples of every channel
   * @param channels a row a channel; as many samples of each are set
   */
  static void read(AudioFormat format, ByteBuffer frame, int samples, int[][] channels) {
    for (int sample = 0; sample < samples; sample++) {
      for (int channel = 0; channel < format.channels(); channel++) {
        channels[channel][sample] = next(format, frame);
      }
    }
  }

  private static int next(AudioFormat format, ByteBuffer frame) {
    return switch (format.codec()) {
      case MU_LAW -> muLaw(frame.get()) << FROM_16_BITS;
      case A_LAW -> aLaw(frame.get()) << FROM_16_BITS;
      case PCM -> pcm(format.bitsPerSample(), frame);
      case MP3 -> throw new IllegalStateException("MP3 has frames, and no samples to read");
    };
  }

  private static int pcm(int bits, ByteBuffer frame) {
    if (bits == Byte.SIZE) { // unsigned, all wider ones are signed
      return (frame.get() ^ 0x80) << 24;
    }
    int sample = 0;
    for (int shift = Integer.SIZE - bits; shift < Integer.SIZE; shift += Byte.SIZE) {
      sample |= (frame.get() & 0xFF) << shift;
    }
    return sample;
  }

  /** G.711 mu-law: sign, three bits of exponent, four of mantissa, all inverted. */
  static int muLaw(byte code) {
    int bits = ~code;
    int exponent = bits >>> 4 & 7;
    int magnitude = ((((bits & 0x0F) << 3) + MU_LAW_BIAS) << exponent) - MU_LAW_BIAS;
    return (bits & 0x80) != 0 ? -magnitude : magnitude;
  }

  /** G.711 A-law: sign, exponent, mantissa, every other bit inverted. */
  static int aLaw(byte code) {
    int bits = code ^ 0x55;
    int exponent = bits >>> 4 & 7;
    int mantissa = (bits & 0x0F) << 4;
    int magnitude = exponent == 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1);
    return (bits & 0x80) != 0 ? magnitude : -magnitude;
  }
}
