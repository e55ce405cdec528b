package dev.tapeseal.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes an MP3 stream: frames pass through as they are; the first one, or the format given, sets
 * version, sampling rate and channels.
 *
 * <p><b>Silence and the bit reservoir.</b> A frame's main data may begin up to 511 bytes (MPEG-2:
 * 255) back in the main data of the frames before it, and silent frames come in between. Where the
 * stream goes on from the frame before the silence ({@link Continuity#CONTINUED}), the last silent
 * frames carry the end of that frame's main data in their own area, which nothing decodes, so that
 * the next frame finds its data, bit for bit. Where frames were left out
 * ({@link Continuity#INTERRUPTED}), the data are gone: the frames that need them, one or two as a
 * rule and up to eight at the lowest bitrates, are made silent, since any decoder would make noise
 * of them; their times stay. Decoders
 * keep only what {@code main_data_begin} of each frame still claims, so silent frames claim what
 * the next ones need.
 *
 * <p>Silent frames have the bitrate of the last frame, or more where a short silence could not
 * carry the data, and padding that keeps it on average: players of untagged files compute times
 * from it.
 */
public final class Mp3Writer implements MediaWriter {

  private static final int NO_HEADER = 0;

  private final StreamDestination destination;
  private final BitReservoir reservoir = new BitReservoir();
  private final byte[] scratch = new byte[Mp3Header.MAX_FRAME_BYTES];
  private final ByteBuffer scratchBuffer = ByteBuffer.wrap(scratch);
  private int streamHeader;
  private int lastHeader;
  private @Nullable TimeDebt silenceFrames; // set with the stream's format
  private long earlySilenceUs; // written when the format is known
  private Continuity afterEarlySilence = Continuity.CONTINUED;
  private long paddingDebt; // in bytes times the sampling rate
  private long frames;

  private Mp3Writer(WritableByteChannel destination, int header) {
    this.destination = new StreamDestination(destination);
    if (header != NO_HEADER) {
      begin(header);
    }
  }

  /** A stream whose format its first frame will set; silence before it is written with it. */
  public static Mp3Writer open(WritableByteChannel destination) {
    return new Mp3Writer(destination, NO_HEADER);
  }

  /** A stream of a known format, which may begin with silence. */
  public static Mp3Writer open(WritableByteChannel destination, AudioFormat format) {
    if (format.codec() != AudioCodec.MP3) {
      throw new IllegalArgumentException("MP3 stream: " + format.codec() + " (expected: MP3)");
    }
    return open(destination, Mp3Header.of(format.sampleRateHz(), format.channels()));
  }

  static Mp3Writer open(WritableByteChannel destination, int header) {
    return new Mp3Writer(destination, header);
  }

  @Override
  public MediaType type() {
    return MediaType.MP3;
  }

  @Override
  public void write(ByteBuffer frame) throws IOException {
    destination.requireOpen();
    int header = checked(frame);
    if (streamHeader == NO_HEADER) {
      begin(header);
      writeSilence(earlySilenceUs, afterEarlySilence);
    }
    lastHeader = header;
    int mainData = Mp3Header.mainDataOffset(header);
    int start = frame.position();
    int length = frame.remaining();
    boolean complete = Mp3Silence.mainDataBegin(frame, header) <= reservoir.reachableBytes();
    int claimBytes = claimBytes(reservoir.reachableBytes(), header, length - mainData);
    reservoir.append(frame, start + mainData, length - mainData);
    if (complete) {
      destination.write(frame);
    } else {
      frame.get(scratch, 0, length);
      Mp3Silence.mute(scratch, header, claimBytes);
      destination.write(scratchBuffer.clear().limit(length));
    }
    frames++;
  }

  boolean isOpen() {
    return destination.isOpen();
  }

  @Override
  public void writeSilence(long durationUs, Continuity next) throws IOException {
    destination.requireOpen();
    if (silenceFrames == null) {
      earlySilenceUs =
          TimeDebt.requireSilence(earlySilenceUs + TimeDebt.requireSilence(durationUs));
      afterEarlySilence = next;
      return;
    }
    writeSilentFrames(silenceFrames.unitsOf(durationUs), next);
  }

  @Override
  public long durationUs() {
    return streamHeader == NO_HEADER
        ? 0
        : MediaTime.us(
            frames * Mp3Header.samplesPerFrame(streamHeader), Mp3Header.sampleRateHz(streamHeader));
  }

  /**
   * Closes the destination: an MP3 stream has no end mark. Silence without any frame to tell its
   * format is dropped.
   */
  @Override
  public void close() throws IOException {
    destination.close();
  }

  private void begin(int header) {
    streamHeader = header;
    lastHeader = header;
    silenceFrames = new TimeDebt(Mp3Header.sampleRateHz(header), Mp3Header.samplesPerFrame(header));
  }

  /** The header of a frame that belongs to this stream. */
  private int checked(ByteBuffer frame) throws MediaException {
    long offset = destination.writtenBytes();
    int length = frame.remaining();
    if (length < Mp3Header.HEADER_BYTES) {
      throw new MediaException.Malformed(
          offset, "a frame of " + length + " bytes (expected: one MP3 frame)");
    }
    int header = Mp3Header.of(frame);
    if (Mp3Header.isFreeFormat(header)) {
      throw new MediaException.Unsupported(
          offset, "an MP3 frame in free format (expected: one with a bitrate)");
    }
    if (!Mp3Header.isValid(header) || !Mp3Header.isLayerIii(header)) {
      throw new MediaException.Malformed(
          offset, "a frame that begins with %08x (expected: a layer III header)".formatted(header));
    }
    if (Mp3Header.frameBytes(header) != length) {
      throw new MediaException.Malformed(
          offset,
          "an MP3 frame of " + length + " bytes (expected: " + Mp3Header.frameBytes(header)
              + ", as its header says)");
    }
    if (streamHeader != NO_HEADER && !Mp3Header.isSameStream(streamHeader, header)) {
      throw new MediaException.Unsupported(
          offset,
          "a frame of " + Mp3Header.describe(header) + " (expected: "
              + Mp3Header.describe(streamHeader) + ", as the stream began)");
    }
    return header;
  }

  /** Writes whole silent frames, which count as time, and which no later silence makes up for. */
  void writeSilentFrames(long count, Continuity next) throws IOException {
    int header = Mp3Silence.header(lastHeader);
    int keptBytes = switch (next) {
      case CONTINUED -> Math.min(reservoir.reachableBytes(), Mp3Header.maxMainDataBegin(header));
      case INTERRUPTED -> 0;
    };
    while (count > 0 && count * mainDataBytes(header) < keptBytes) {
      header = Mp3Header.withNextBitrate(header); // too short a silence to carry it otherwise
    }
    int mainData = Mp3Header.mainDataOffset(header);
    int areaBytes = mainDataBytes(header);
    int carriers = (int) Math.min(count, (keptBytes + areaBytes - 1) / areaBytes);
    for (long left = count; left > 0; left--) {
      if (left > carriers) {
        writeEmptyFrame(header);
        continue;
      }
      int carriedBefore = (int) (carriers - left) * areaBytes;
      Mp3Silence.begin(scratch, header, claimBytes(carriedBefore, header, areaBytes));
      reservoir.copy((int) (left - 1) * areaBytes, scratch, mainData, areaBytes);
      destination.write(scratchBuffer.clear().limit(mainData + areaBytes));
    }
    frames += count;
    if (next == Continuity.INTERRUPTED) {
      reservoir.forget();
    } else if (count > 0) {
      reservoir.limitTo(carriers * areaBytes);
    }
  }

  private static int mainDataBytes(int header) {
    return Mp3Header.frameBytes(header) - Mp3Header.mainDataOffset(header);
  }

  private void writeEmptyFrame(int header) throws IOException {
    paddingDebt +=
        (long) Mp3Header.samplesPerFrame(header) / Byte.SIZE * Mp3Header.bitrateBps(header);
    paddingDebt -= (long) Mp3Header.frameBytes(header) * Mp3Header.sampleRateHz(header);
    int sent = header;
    if (paddingDebt >= Mp3Header.sampleRateHz(header)) {
      paddingDebt -= Mp3Header.sampleRateHz(header);
      sent = Mp3Silence.padded(header);
    }
    int length = Mp3Header.frameBytes(sent);
    Arrays.fill(scratch, 0, length, (byte) 0);
    Mp3Silence.begin(scratch, sent, 0);
    destination.write(scratchBuffer.clear().limit(length));
  }

  /**
   * What a silent frame must claim so that a decoder holds, after it, as much as the next frame can
   * ask for.
   */
  private static int claimBytes(int heldBytes, int header, int areaBytes) {
    return Math.min(heldBytes, Math.max(0, Mp3Header.maxMainDataBegin(header) - areaBytes));
  }
}
