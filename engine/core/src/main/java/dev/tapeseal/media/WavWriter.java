package dev.tapeseal.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes a WAV stream: RIFF WAVE, PCM or G.711, the header first.
 *
 * <p>A live stream's length is not known when its header is written: the RIFF and data sizes are
 * 0xFFFFFFFF then, which readers take as "to the end": ffmpeg reads it as it reads its own pipes
 * (without a message, but not under {@code -xerror}), sox reads all of it and warns of a premature
 * end. Where the length is known, the header is exact, and so must be what is written. G.711 has an
 * empty extension and a {@code fact} chunk, as the standard asks of what is not PCM.
 */
public final class WavWriter implements MediaWriter {

  private static final long UNKNOWN = -1;
  private static final int UNKNOWN_SIZE = 0xFFFF_FFFF;
  private static final long MAX_DATA_BYTES =
      0xFFFF_FFFFL - 64; // the RIFF size counts the chunks before it, too
  private static final int SILENCE_BYTES = 8 * 1024;

  private final StreamDestination destination;
  private final AudioFormat format;
  private final long announcedBytes;
  private final TimeDebt silenceSamples;
  private @Nullable ByteBuffer silence; // made for the first pause: most recordings have none
  private long dataBytes;

  private WavWriter(WritableByteChannel destination, AudioFormat format, long announcedBytes) {
    this.destination = new StreamDestination(destination);
    this.format = format;
    this.announcedBytes = announcedBytes;
    this.silenceSamples = new TimeDebt(format.sampleRateHz(), 1);
  }

  /** Writes the header of a stream of unknown length. */
  public static WavWriter open(WritableByteChannel destination, AudioFormat format)
      throws IOException {
    return open(destination, format, UNKNOWN);
  }

  /**
   * Writes the header of a stream of known length.
   *
   * @param dataBytes how many bytes of samples will be written, exactly: whole samples, below 4 GiB
   */
  public static WavWriter ofLength(
      WritableByteChannel destination, AudioFormat format, long dataBytes) throws IOException {
    if (dataBytes < 0 || dataBytes > MAX_DATA_BYTES || dataBytes % format.blockBytes() != 0) {
      throw new IllegalArgumentException(
          "WAV data: " + dataBytes + " bytes (expected: whole samples of " + format.blockBytes()
              + " bytes, at most " + MAX_DATA_BYTES + ")");
    }
    return open(destination, format, dataBytes);
  }

  private static WavWriter open(
      WritableByteChannel destination, AudioFormat format, long announcedBytes) throws IOException {
    if (format.mediaType() != MediaType.WAV) {
      throw new IllegalArgumentException(
          "WAV codec: " + format.codec() + " (expected: PCM, MU_LAW or A_LAW)");
    }
    WavWriter writer = new WavWriter(destination, format, announcedBytes);
    writer.destination.write(writer.header());
    return writer;
  }

  @Override
  public MediaType type() {
    return MediaType.WAV;
  }

  @Override
  public void write(ByteBuffer frame) throws IOException {
    int length = frame.remaining();
    if (length % format.blockBytes() != 0) {
      throw new MediaException.Malformed(
          destination.writtenBytes(),
          "a frame of " + length + " bytes (expected: whole samples of " + format.blockBytes()
              + " bytes)");
    }
    if (announcedBytes != UNKNOWN && length > announcedBytes - dataBytes) {
      throw new MediaException.Malformed(
          destination.writtenBytes(),
          "a frame of " + length + " bytes (expected: " + "at most the "
              + (announcedBytes - dataBytes) + " that the header still allows)");
    }
    destination.write(frame);
    dataBytes += length;
  }

  @Override
  public void writeSilence(long durationUs, Continuity next) throws IOException {
    destination.requireOpen();
    long left = silenceSamples.unitsOf(durationUs) * format.blockBytes();
    ByteBuffer silent = silence();
    while (left > 0) {
      silent.clear().limit((int) Math.min(left, silent.capacity()));
      left -= silent.remaining();
      write(silent);
    }
  }

  private ByteBuffer silence() {
    if (silence == null) {
      byte[] silent = new byte[SILENCE_BYTES / format.blockBytes() * format.blockBytes()];
      Arrays.fill(silent, format.silence());
      silence = ByteBuffer.wrap(silent);
    }
    return silence;
  }

  @Override
  public long durationUs() {
    return MediaTime.us(dataBytes / format.blockBytes(), format.sampleRateHz());
  }

  /**
   * Ends the file and closes the destination.
   *
   * @throws MediaException where fewer bytes were written than the header says: the file is cut short
   */
  @Override
  public void close() throws IOException {
    try (destination) {
      if (destination.isOpen() && announcedBytes != UNKNOWN) {
        if (dataBytes != announcedBytes) {
          throw new MediaException.Malformed(
              destination.writtenBytes(),
              "WAV data of " + dataBytes + " bytes (expected: " + announcedBytes
                  + ", as its header says)");
        }
        if ((dataBytes & 1) == 1) {
          destination.write(ByteBuffer.allocate(1)); // chunks are padded to whole words
        }
      }
    }
  }

  private ByteBuffer header() {
    boolean pcm = format.codec() == AudioCodec.PCM;
    ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    put(header, "RIFF");
    header.putInt(UNKNOWN_SIZE); // patched below where it is known
    put(header, "WAVE");
    put(header, "fmt ");
    header.putInt(pcm ? 16 : 18);
    header.putShort((short) tag());
    header.putShort((short) format.channels());
    header.putInt(format.sampleRateHz());
    header.putInt(format.sampleRateHz() * format.blockBytes()); // average bytes per second
    header.putShort((short) format.blockBytes());
    header.putShort((short) format.bitsPerSample());
    if (!pcm) {
      header.putShort((short) 0); // cbSize: no extension
      put(header, "fact");
      header.putInt(4);
      header.putInt(
          announcedBytes == UNKNOWN ? UNKNOWN_SIZE : (int) (announcedBytes / format.blockBytes()));
    }
    put(header, "data");
    header.putInt(announcedBytes == UNKNOWN ? UNKNOWN_SIZE : (int) announcedBytes);
    header.flip();
    if (announcedBytes != UNKNOWN) {
      header.putInt(4, (int) (header.limit() - 8 + announcedBytes + (announcedBytes & 1)));
    }
    return header;
  }

  private int tag() {
    return switch (format.codec()) {
      case PCM -> WavFormatChunk.TAG_PCM;
      case MU_LAW -> WavFormatChunk.TAG_MU_LAW;
      case A_LAW -> WavFormatChunk.TAG_A_LAW;
      case MP3 -> throw new IllegalStateException("refused when the writer was opened");
    };
  }

  private static void put(ByteBuffer header, String id) {
    header.put(id.getBytes(StandardCharsets.ISO_8859_1));
  }
}
