package dev.tapeseal.media;

import java.nio.ByteBuffer;

/**
 * The 32-bit header of an MPEG audio frame (ISO/IEC 11172-3, 13818-3, and the customary 2.5 extension), as functions
 * of the header itself so that reading a frame allocates nothing.
 *
 * <pre>
 * 31..21 sync  20..19 version  18..17 layer  16 no CRC  15..12 bitrate  11..10 rate  9 padding  8 private
 * 7..6 mode  5..4 mode extension  3 copyright  2 original  1..0 emphasis
 * </pre>
 */
final class Mp3Header {

  static final int HEADER_BYTES = 4;
  static final int CRC_BYTES = 2;

  /** More than any frame of any layer has. */
  static final int MAX_FRAME_BYTES = 4096;

  private static final int SYNC = 0xFFE0_0000;
  private static final int VERSION_2_5 = 0;
  private static final int VERSION_RESERVED = 1;
  private static final int VERSION_2 = 2;
  private static final int VERSION_1 = 3;
  private static final int LAYER_III = 1;
  private static final int LAYER_II = 2;
  private static final int LAYER_I = 3;
  private static final int MODE_MONO = 3;

  private static final int[] RATES_HZ = {44_100, 48_000, 32_000
  }; // halved for MPEG-2, quartered for 2.5
  private static final int[] KBPS_1_I = {
    0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448
  };
  private static final int[] KBPS_1_II = {
    0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384
  };
  private static final int[] KBPS_1_III = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KBPS_2_I = {
    0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256
  };
  private static final int[] KBPS_2 = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };

  private Mp3Header() {}

  /** The header at a buffer's position. */
  static int of(ByteBuffer frame) {
    int at = frame.position();
    return (frame.get(at) & 0xFF) << 24
        | (frame.get(at + 1) & 0xFF) << 16
        | (frame.get(at + 2) & 0xFF) << 8
        | (frame.get(at + 3) & 0xFF);
  }

  /** A frame of any layer whose length its header tells. */
  static boolean isValid(int header) {
    return isValidApartFromBitrate(header) && bitrateIndex(header) != 0;
  }

  /** Layer III without a bitrate: where the frame ends, only the next one's header tells. */
  static boolean isFreeFormat(int header) {
    return isValidApartFromBitrate(header) && bitrateIndex(header) == 0 && isLayerIii(header);
  }

  static boolean isLayerIii(int header) {
    return layer(header) == LAYER_III;
  }

  /** Same version, layer, sampling rate, and both mono or both not. */
  static boolean isSameStream(int header, int other) {
    return ((header ^ other) & 0xFFFE_0C00) == 0 && channels(header) == channels(other);
  }

  static boolean isMpeg1(int header) {
    return version(header) == VERSION_1;
  }

  static int sampleRateHz(int header) {
    int rate = RATES_HZ[header >>> 10 & 3];
    return switch (version(header)) {
      case VERSION_1 -> rate;
      case VERSION_2 -> rate / 2;
      default -> rate / 4;
    };
  }

  static int channels(int header) {
    return (header >>> 6 & 3) == MODE_MONO ? 1 : 2;
  }

  static int bitrateBps(int header) {
    boolean mpeg1 = isMpeg1(header);
    int[] table = switch (layer(header)) {
      case LAYER_I -> mpeg1 ? KBPS_1_I : KBPS_2_I;
      case LAYER_II -> mpeg1 ? KBPS_1_II : KBPS_2;
      default -> mpeg1 ? KBPS_1_III : KBPS_2;
    };
    return table[bitrateIndex(header)] * 1000;
  }

  /** Every version's highest bitrate has room for all that a frame can refer back to. */
  static int withNextBitrate(int header) {
    if (bitrateIndex(header) >= 14) {
      throw new IllegalStateException("no bitrate is above " + bitrateBps(header) + " bit/s");
    }
    return header + (1 << 12);
  }

  static boolean hasPadding(int header) {
    return (header & 0x200) != 0;
  }

  static boolean hasCrc(int header) {
    return (header & 0x1_0000) == 0;
  }

  /** The frame's length, header included. */
  static int frameBytes(int header) {
    int padding = hasPadding(header) ? 1 : 0;
    if (layer(header) == LAYER_I) {
      return (12 * bitrateBps(header) / sampleRateHz(header) + padding) * 4;
    }
    return samplesPerFrame(header) / Byte.SIZE * bitrateBps(header) / sampleRateHz(header)
        + padding;
  }

  static int samplesPerFrame(int header) {
    return switch (layer(header)) {
      case LAYER_I -> 384;
      case LAYER_II -> 1152;
      default -> isMpeg1(header) ? 1152 : 576;
    };
  }

  /** Layer III: the side information between header (and CRC) and main data. */
  static int sideInfoBytes(int header) {
    if (isMpeg1(header)) {
      return channels(header) == 1 ? 17 : 32;
    }
    return channels(header) == 1 ? 9 : 17;
  }

  /** Layer III: header, CRC and side information; what follows is main data. */
  static int mainDataOffset(int header) {
    return HEADER_BYTES + (hasCrc(header) ? CRC_BYTES : 0) + sideInfoBytes(header);
  }

  /** Layer III: how far back a frame's main data may begin, in bytes of main data. */
  static int maxMainDataBegin(int header) {
    return isMpeg1(header) ? 511 : 255;
  }

  /** For messages. */
  static String describe(int header) {
    String version = switch (version(header)) {
      case VERSION_1 -> "MPEG-1";
      case VERSION_2 -> "MPEG-2";
      default -> "MPEG-2.5";
    };
    String layer = switch (layer(header)) {
      case LAYER_I -> " layer I";
      case LAYER_II -> " layer II";
      default -> " layer III";
    };
    return version + layer + ", " + sampleRateHz(header) + " Hz, "
        + (channels(header) == 1 ? "mono" : "stereo");
  }

  static boolean hasRate(int sampleRateHz) {
    for (int rate : RATES_HZ) {
      if (sampleRateHz == rate || sampleRateHz == rate / 2 || sampleRateHz == rate / 4) {
        return true;
      }
    }
    return false;
  }

  /**
   * A layer III header without CRC and padding: stereo or mono, at the lowest bitrate of 16 kbit/s a channel or more.
   *
   * @param sampleRateHz one of the nine rates
   */
  static int of(int sampleRateHz, int channels) {
    int version =
        sampleRateHz >= 32_000 ? VERSION_1 : sampleRateHz >= 16_000 ? VERSION_2 : VERSION_2_5;
    int[] table = version == VERSION_1 ? KBPS_1_III : KBPS_2;
    int bitrateIndex = 1;
    while (table[bitrateIndex] < 16 * channels) {
      bitrateIndex++;
    }
    int mode = channels == 1 ? MODE_MONO : 0;
    for (int rate = 0; rate < RATES_HZ.length; rate++) {
      int header = SYNC
          | version << 19
          | LAYER_III << 17
          | 1 << 16
          | bitrateIndex << 12
          | rate << 10
          | mode << 6;
      if (sampleRateHz(header) == sampleRateHz) {
        return header;
      }
    }
    throw new IllegalArgumentException(
        "MP3 sampling rate: " + sampleRateHz + " Hz (expected: a rate of MPEG audio)");
  }

  private static boolean isValidApartFromBitrate(int header) {
    return (header & SYNC) == SYNC
        && version(header) != VERSION_RESERVED
        && layer(header) != 0
        && bitrateIndex(header) != 15
        && (header >>> 10 & 3) != 3
        && (header & 3) != 2; // reserved emphasis
  }

  private static int version(int header) {
    return header >>> 19 & 3;
  }

  private static int layer(int header) {
    return header >>> 17 & 3;
  }

  private static int bitrateIndex(int header) {
    return header >>> 12 & 15;
  }
}
