package dev.tapeseal.media;

import java.io.IOException;

/** The {@code fmt } chunk: WAVEFORMATEX and WAVEFORMATEXTENSIBLE, in the kinds that are supported. */
final class WavFormatChunk {

  static final int TAG_PCM = 0x0001;
  static final int TAG_A_LAW = 0x0006;
  static final int TAG_MU_LAW = 0x0007;
  private static final int TAG_EXTENSIBLE = 0xFFFE;

  private static final int BASIC_BYTES = 16;
  private static final int EXTENSIBLE_BYTES = 40;
  private static final int SUBFORMAT_OFFSET = 24;
  private static final int[] SUBFORMAT_TAIL = {0x0000_1000, 0x8000_00AA, 0x0038_9B71
  }; // KSDATAFORMAT_SUBTYPE_…

  private WavFormatChunk() {}

  static AudioFormat read(BufferedInput input, long offset, long size) throws IOException {
    if (size < BASIC_BYTES) {
      throw new MediaException.Malformed(
          offset, "'fmt ' chunk of " + size + " bytes (expected: >= " + BASIC_BYTES + ")");
    }
    int tag = input.u16LittleEndian(offset);
    int channels = input.u16LittleEndian(offset + 2);
    long sampleRateHz = input.u32LittleEndian(offset + 4);
    int blockBytes = input.u16LittleEndian(offset + 12);
    int bits = input.u16LittleEndian(offset + 14);
    if (tag == TAG_EXTENSIBLE) {
      tag = subformat(input, offset, size);
    }
    if (channels < 1 || channels > AudioFormat.MAX_CHANNELS) {
      throw new MediaException.Malformed(
          offset + 2,
          "channels: " + channels + " (expected: 1 to " + AudioFormat.MAX_CHANNELS + ")");
    }
    if (sampleRateHz < 1 || sampleRateHz > AudioFormat.MAX_SAMPLE_RATE_HZ) {
      throw new MediaException.Malformed(
          offset + 4,
          "sampling rate: " + sampleRateHz + " Hz (expected: 1 to " + AudioFormat.MAX_SAMPLE_RATE_HZ
              + ")");
    }
    AudioCodec codec = codec(tag, offset);
    if (codec != AudioCodec.PCM) {
      bits = Byte.SIZE; // some writers leave it 0 or 16
    } else if (bits != 8 && bits != 16 && bits != 24 && bits != 32) {
      throw new MediaException.Unsupported(
          offset + 14, "PCM of " + bits + " bits per sample (expected: 8, 16, 24 or 32)");
    }
    if (blockBytes != channels * bits / Byte.SIZE) {
      throw new MediaException.Malformed(
          offset + 12,
          "block align: " + blockBytes + " (expected: " + channels * bits / Byte.SIZE + " for "
              + channels + " channels of " + bits + " bits)");
    }
    return new AudioFormat(codec, (int) sampleRateHz, channels, bits);
  }

  private static int subformat(BufferedInput input, long offset, long size) throws IOException {
    if (size < EXTENSIBLE_BYTES) {
      throw new MediaException.Malformed(
          offset,
          "extensible 'fmt ' chunk of " + size + " bytes (expected: >= " + EXTENSIBLE_BYTES + ")");
    }
    long guid = offset + SUBFORMAT_OFFSET;
    int tag = input.u16LittleEndian(guid);
    boolean standard = input.u16LittleEndian(guid + 2) == 0
        && input.i32(guid + 4) == SUBFORMAT_TAIL[0]
        && input.i32(guid + 8) == SUBFORMAT_TAIL[1]
        && input.i32(guid + 12) == SUBFORMAT_TAIL[2];
    if (!standard) {
      throw new MediaException.Unsupported(
          guid, "WAV with a private sample format (expected: PCM or G.711)");
    }
    return tag;
  }

  private static AudioCodec codec(int tag, long offset) throws MediaException {
    return switch (tag) {
      case TAG_PCM -> AudioCodec.PCM;
      case TAG_A_LAW -> AudioCodec.A_LAW;
      case TAG_MU_LAW -> AudioCodec.MU_LAW;
      default ->
        throw new MediaException.Unsupported(
            offset,
            "WAV with " + name(tag) + " (expected: PCM, mu-law or A-law; convert it first)");
    };
  }

  private static String name(int tag) {
    return switch (tag) {
      case 0x0002 -> "Microsoft ADPCM";
      case 0x0003 -> "floating point samples";
      case 0x0011 -> "IMA ADPCM";
      case 0x0031 -> "GSM 6.10";
      case 0x0055 -> "MP3";
      default -> "format tag 0x%04X".formatted(tag);
    };
  }
}
