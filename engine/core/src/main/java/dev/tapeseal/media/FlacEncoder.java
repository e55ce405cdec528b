package dev.tapeseal.media;

import java.nio.ByteBuffer;

/**
 * Encodes WAV samples as FLAC (RFC 9639), frame by frame, without loss: fixed predictors, Rice-coded residuals,
 * channels apart, since in a call they are two people. G.711 becomes 16 bits, whose low bits are known to be unused.
 *
 * <p>The same samples give the same bytes. {@link #encode} allocates nothing. Confined to one thread.
 */
public final class FlacEncoder {
  /** The length of {@link #streamInfo}. */
  public static final int STREAM_INFO_BYTES = 34;

  private static final int MAX_CHANNELS = 8;
  private static final int MAX_BITS = 24;
  private static final int G711_BITS = 16;
  private static final int LOW_RATE_HZ = 16_000;
  private static final int MAX_ORDER = 4;
  private static final int MAX_PARTITION_ORDER = 5;
  private static final int CONSTANT = 0;
  private static final int VERBATIM = 1;
  private static final int FIXED = 8;
  private static final int PARAMETER_BITS = 5;
  private static final int MAX_PARAMETER = 30; // 31 escapes

  private final AudioFormat format;
  private final int bits;
  private final int frameSamples;
  private final int[][] channels;
  private final int[][] residuals; // a row an order
  private final int[] parameters = new int[1 << MAX_PARTITION_ORDER];
  private final int[] bestParameters = new int[1 << MAX_PARTITION_ORDER];
  private final FlacBits output = new FlacBits();
  private long frame;

  private FlacEncoder(AudioFormat format, int bits) {
    this.format = format;
    this.bits = bits;
    this.frameSamples = format.sampleRateHz() <= LOW_RATE_HZ ? 1024 : 4096;
    this.channels = new int[format.channels()][frameSamples];
    this.residuals = new int[MAX_ORDER + 1][frameSamples];
  }

  /**
   * An encoder for a stream from its first sample on.
   *
   * @throws MediaException.Unsupported where FLAC has no such stream that players take: MP3, PCM of 32 bits, more than
   *     8 channels
   */
  public static FlacEncoder of(AudioFormat format) throws MediaException.Unsupported {
    if (format.codec() == AudioCodec.MP3
        || format.bitsPerSample() > MAX_BITS
        || format.channels() > MAX_CHANNELS) {
      throw new MediaException.Unsupported(
          0,
          format.codec() + " of " + format.bitsPerSample() + " bits and " + format.channels()
              + " channels to be encoded as FLAC (expected: WAV of at most " + MAX_BITS
              + " bits and " + MAX_CHANNELS + " channels)");
    }
    return new FlacEncoder(
        format, format.codec() == AudioCodec.PCM ? format.bitsPerSample() : G711_BITS);
  }

  /** The samples of each channel in every frame but the last: 1024 up to 16 kHz, otherwise 4096. */
  public int frameSamples() {
    return frameSamples;
  }

  /** The bits of a decoded sample: 8, 16 or 24. */
  public int bitsPerSample() {
    return bits;
  }

  /** No frame has more bytes. */
  public int maxFrameBytes() {
    return 32 + format.channels() * (8 + frameSamples * bits / Byte.SIZE);
  }

  /** The STREAMINFO block of a stream, without its block header; frame sizes and MD5 are left unknown. */
  public byte[] streamInfo(long totalSamples) {
    ByteBuffer info = ByteBuffer.allocate(STREAM_INFO_BYTES);
    info.putShort((short) frameSamples).putShort((short) frameSamples).put(new byte[6]);
    info.putLong(((long) format.sampleRateHz() << 44)
        | ((format.channels() - 1L) << 41)
        | ((bits - 1L) << 36)
        | (totalSamples & 0xF_FFFF_FFFFL));
    return info.array();
  }

  /**
   * Encodes the next frame.
   *
   * @param samples {@link #frameSamples} of every channel as WAV has them, fewer only in the last frame; read to the
   *     limit
   * @param target of at least {@link #maxFrameBytes}
   * @return how many bytes the frame has
   */
  public int encode(ByteBuffer samples, byte[] target) {
    int count = samples.remaining() / format.blockBytes();
    if (count < 1 || count > frameSamples) {
      throw new IllegalArgumentException(
          "samples: " + count + " (expected: 1 to " + frameSamples + ")");
    }
    LinearSamples.read(format, samples, count, channels);
    output.begin(target);
    header(count);
    for (int[] channel : channels) {
      for (int i = 0; i < count; i++) {
        channel[i] >>= Integer.SIZE - bits; // samples stand in the high bits
      }
      subframe(channel, count);
    }
    frame++;
    return output.end();
  }

  private void header(int count) {
    output.put(0xFFF8, 16); // sync, every frame but the last is as long
    boolean full = count == frameSamples;
    output.put(full ? Integer.numberOfTrailingZeros(frameSamples) : 7, 4);
    int rate = rateCode(format.sampleRateHz());
    output.put(rate, 4);
    output.put(format.channels() - 1, 4);
    output.put(bits == 8 ? 1 : bits == 16 ? 4 : 6, 3);
    output.put(0, 1);
    output.putUtf8(frame);
    if (!full) {
      output.put(count - 1, 16);
    }
    if (rate == 13) {
      output.put(format.sampleRateHz(), 16);
    }
    output.putHeaderCrc();
  }

  private static int rateCode(int rateHz) {
    return switch (rateHz) {
      case 8_000 -> 4;
      case 16_000 -> 5;
      case 22_050 -> 6;
      case 24_000 -> 7;
      case 32_000 -> 8;
      case 44_100 -> 9;
      case 48_000 -> 10;
      case 96_000 -> 11;
      default -> rateHz < (1 << 16) ? 13 : 0; // 0: as STREAMINFO says
    };
  }

  private void subframe(int[] samples, int count) {
    int wasted = wastedBits(samples, count);
    int width = bits - wasted;
    for (int i = 0; i < count && wasted > 0; i++) {
      samples[i] >>= wasted;
    }
    if (isConstant(samples, count)) {
      subframeHeader(CONSTANT, wasted);
      output.put(samples[0], width);
      return;
    }
    int order = bestOrder(samples, count);
    int partitionOrder = bestPartitions(residuals[order], order, count);
    long riceBits = riceBits(residuals[order], order, count, partitionOrder, bestParameters);
    if (riceBits + (long) order * width >= (long) count * width) {
      subframeHeader(VERBATIM, wasted);
      for (int i = 0; i < count; i++) {
        output.put(samples[i], width);
      }
      return;
    }
    subframeHeader(FIXED + order, wasted);
    for (int i = 0; i < order; i++) {
      output.put(samples[i], width);
    }
    residual(residuals[order], order, count, partitionOrder);
  }

  private void subframeHeader(int type, int wasted) {
    output.put(type, 7); // with the zero bit in front
    output.put(wasted > 0 ? 1 : 0, 1);
    if (wasted > 0) {
      output.putUnary(wasted - 1);
    }
  }

  private static int wastedBits(int[] samples, int count) {
    int all = 0;
    for (int i = 0; i < count; i++) {
      all |= samples[i];
    }
    return all == 0 ? 0 : Integer.numberOfTrailingZeros(all);
  }

  private static boolean isConstant(int[] samples, int count) {
    for (int i = 1; i < count; i++) {
      if (samples[i] != samples[0]) {
        return false;
      }
    }
    return true;
  }

  /** Each order's residual is the difference of the one before; the one with the smallest sum is taken. */
  private int bestOrder(int[] samples, int count) {
    System.arraycopy(samples, 0, residuals[0], 0, count);
    int best = 0;
    long smallest = Long.MAX_VALUE;
    for (int order = 0; order <= MAX_ORDER && order < count; order++) {
      int[] residual = residuals[order];
      long sum = 0;
      if (order == 0) {
        for (int i = 0; i < count; i++) {
          sum += Math.abs(residual[i]);
        }
      } else {
        int[] lower = residuals[order - 1];
        for (int i = order; i < count; i++) {
          residual[i] = lower[i] - lower[i - 1];
          sum += Math.abs(residual[i]);
        }
      }
      if (sum < smallest) {
        smallest = sum;
        best = order;
      }
    }
    return best;
  }

  private int bestPartitions(int[] residual, int order, int count) {
    int best = 0;
    long fewest = Long.MAX_VALUE;
    for (int partitionOrder = 0; partitionOrder <= MAX_PARTITION_ORDER; partitionOrder++) {
      int length = count >> partitionOrder;
      if ((length << partitionOrder) != count || length <= order) {
        break;
      }
      long needed = riceBits(residual, order, count, partitionOrder, parameters);
      if (needed < fewest) {
        fewest = needed;
        best = partitionOrder;
        System.arraycopy(parameters, 0, bestParameters, 0, 1 << partitionOrder);
      }
    }
    return best;
  }

  /** The bits that coding takes at most, and every partition's parameter. */
  private static long riceBits(
      int[] residual, int order, int count, int partitionOrder, int[] parameters) {
    int length = count >> partitionOrder;
    long needed = 2 + 4;
    for (int partition = 0; partition < (1 << partitionOrder); partition++) {
      long sum = 0;
      int from = Math.max(order, partition * length);
      int to = (partition + 1) * length;
      for (int i = from; i < to; i++) {
        sum += folded(residual[i]);
      }
      int parameter = parameter(sum, to - from);
      parameters[partition] = parameter;
      needed += PARAMETER_BITS + (to - from) * (parameter + 1L) + (sum >> parameter);
    }
    return needed;
  }

  private static int parameter(long sum, int samples) {
    int parameter = 0;
    while (parameter < MAX_PARAMETER && ((long) samples << (parameter + 1)) <= sum) {
      parameter++;
    }
    return parameter;
  }

  /** Signed values to unsigned ones: 0, -1, 1, -2, … to 0, 1, 2, 3, … */
  private static long folded(int value) {
    return ((value << 1) ^ (value >> 31)) & 0xFFFF_FFFFL;
  }

  private void residual(int[] residual, int order, int count, int partitionOrder) {
    output.put(1, 2); // parameters of 5 bits
    output.put(partitionOrder, 4);
    int length = count >> partitionOrder;
    for (int partition = 0; partition < (1 << partitionOrder); partition++) {
      int parameter = bestParameters[partition];
      output.put(parameter, PARAMETER_BITS);
      for (int i = Math.max(order, partition * length); i < (partition + 1) * length; i++) {
        output.putRice(folded(residual[i]), parameter);
      }
    }
  }
}
