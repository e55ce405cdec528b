package dev.tapeseal.media;

/**
 * The format of an audio stream.
 *
 * @param codec how it is coded
 * @param sampleRateHz 1 to 384,000; for MP3 one of the nine rates of MPEG audio, 8,000 to 48,000
 * @param channels 1 to 16; for MP3 1 or 2
 * @param bitsPerSample PCM 8, 16, 24 or 32; G.711 8; MP3, which has no such thing, 0
 */
public record AudioFormat(AudioCodec codec, int sampleRateHz, int channels, int bitsPerSample) {

  static final int MAX_SAMPLE_RATE_HZ = 384_000;
  static final int MAX_CHANNELS = 16;

  /** Refuses what no stream can be. */
  public AudioFormat {
    if (sampleRateHz < 1 || sampleRateHz > MAX_SAMPLE_RATE_HZ) {
      throw new IllegalArgumentException(
          "sampling rate: " + sampleRateHz + " Hz (expected: 1 to " + MAX_SAMPLE_RATE_HZ + ")");
    }
    int maxChannels = codec == AudioCodec.MP3 ? 2 : MAX_CHANNELS;
    if (channels < 1 || channels > maxChannels) {
      throw new IllegalArgumentException(
          "channels: " + channels + " (expected: 1 to " + maxChannels + ")");
    }
    if (!codecHas(codec, bitsPerSample)) {
      throw new IllegalArgumentException("bits per sample: " + bitsPerSample
          + " (expected: 8, 16, 24 or 32 for PCM, 8 for G.711, 0 for MP3)");
    }
    if (codec == AudioCodec.MP3 && !Mp3Header.hasRate(sampleRateHz)) {
      throw new IllegalArgumentException("MP3 sampling rate: " + sampleRateHz
          + " Hz (expected: 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100 or 48000)");
    }
  }

  /** Linear samples in WAV. */
  public static AudioFormat pcm(int sampleRateHz, int channels, int bitsPerSample) {
    return new AudioFormat(AudioCodec.PCM, sampleRateHz, channels, bitsPerSample);
  }

  /** G.711 mu-law in WAV. */
  public static AudioFormat muLaw(int sampleRateHz, int channels) {
    return new AudioFormat(AudioCodec.MU_LAW, sampleRateHz, channels, Byte.SIZE);
  }

  /** G.711 A-law in WAV. */
  public static AudioFormat aLaw(int sampleRateHz, int channels) {
    return new AudioFormat(AudioCodec.A_LAW, sampleRateHz, channels, Byte.SIZE);
  }

  /** MPEG audio layer III; the version follows from the rate. */
  public static AudioFormat mp3(int sampleRateHz, int channels) {
    return new AudioFormat(AudioCodec.MP3, sampleRateHz, channels, 0);
  }

  /** What carries it: {@link MediaType#MP3} or {@link MediaType#WAV}. */
  public MediaType mediaType() {
    return codec == AudioCodec.MP3 ? MediaType.MP3 : MediaType.WAV;
  }

  /** The bytes of one sample of every channel; 0 for MP3. */
  public int blockBytes() {
    return channels * bitsPerSample / Byte.SIZE;
  }

  /** The byte that silence is made of; MP3, whose silence is frames, is an {@link IllegalStateException}. */
  public byte silence() {
    return switch (codec) {
      case MU_LAW -> (byte) 0xFF;
      case A_LAW -> (byte) 0xD5;
      case PCM -> (byte) (bitsPerSample == Byte.SIZE ? 0x80 : 0); // 8 bits are unsigned
      case MP3 -> throw new IllegalStateException("silence of MP3 is frames, and no byte");
    };
  }

  private static boolean codecHas(AudioCodec codec, int bits) {
    return switch (codec) {
      case PCM -> bits == 8 || bits == 16 || bits == 24 || bits == 32;
      case MU_LAW, A_LAW -> bits == 8;
      case MP3 -> bits == 0;
    };
  }
}
