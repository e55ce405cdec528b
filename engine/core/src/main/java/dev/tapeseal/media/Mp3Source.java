package dev.tapeseal.media;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An MP3 file, frame by frame: MPEG-1, 2 and 2.5 layer III, at a constant bitrate or not.
 *
 * <p>Tags are passed over: ID3v2 and garbage in front, ID3v1, Lyrics3v2 and APE at the end, and the
 * first frame where it is a Xing, Info or VBRI tag, which {@link #tag()} tells. Garbage between
 * frames is passed over, up to 256 KiB at a time; a last frame that is cut short is left out.
 * Refused: free format, layers I and II, and a stream that changes its version, sampling rate or
 * channels.
 */
public final class Mp3Source implements MediaSource {

  private static final int DECODER_DELAY_SAMPLES = 529; // of every layer III decoder: 528 + 1
  private static final long NONE = -1;
  private static final long UNKNOWN = -1;

  private final BufferedInput input;
  private final long endOffset;
  private final int firstHeader;
  private final long firstOffset;
  private final @Nullable Mp3Tag tag;
  private long offset;
  private long frames;
  private long totalFrames = UNKNOWN;

  private Mp3Source(BufferedInput input, long endOffset, long syncOffset, @Nullable Mp3Tag tag)
      throws IOException {
    this.input = input;
    this.endOffset = endOffset;
    this.firstHeader = input.i32(syncOffset);
    this.firstOffset = tag == null ? syncOffset : syncOffset + Mp3Header.frameBytes(firstHeader);
    this.tag = tag;
    this.offset = firstOffset;
  }

  static Mp3Source open(BufferedInput input) throws IOException {
    Mp3Extent extent = Mp3Extent.of(input);
    if (Mp3Sync.isFreeFormat(input, extent.startOffset(), extent.endOffset())) {
      throw new MediaException.Unsupported(
          extent.startOffset(),
          "MP3 in free format (expected: frames with a bitrate; encode it again)");
    }
    long sync = Mp3Sync.find(input, extent.startOffset(), extent.endOffset());
    if (sync == Mp3Sync.NOT_FOUND) {
      throw new MediaException.Malformed(extent.startOffset(), noFrame());
    }
    int header = input.i32(sync);
    if (!Mp3Header.isLayerIii(header)) {
      throw new MediaException.Unsupported(
          sync, Mp3Header.describe(header) + " (expected: layer III, that is MP3)");
    }
    return new Mp3Source(input, extent.endOffset(), sync, Mp3Tag.read(input, sync));
  }

  @Override
  public MediaType type() {
    return MediaType.MP3;
  }

  @Override
  public Optional<AudioFormat> audioFormat() {
    return Optional.of(
        AudioFormat.mp3(Mp3Header.sampleRateHz(firstHeader), Mp3Header.channels(firstHeader)));
  }

  /** What the encoder says in the tag frame, where there is one. */
  public Optional<Mp3Tag> tag() {
    return Optional.ofNullable(tag);
  }

  /** The samples of each channel in every frame: 1152 for MPEG-1, 576 for MPEG-2 and 2.5. */
  public int samplesPerFrame() {
    return Mp3Header.samplesPerFrame(firstHeader);
  }

  /**
   * The decoded samples in front that are not of the recording: the encoder's delay as its tag has
   * it, and the 529 of every decoder; 0 where no tag says it.
   */
  public int delaySamples() {
    return tag == null || tag.encoderDelaySamples() == 0
        ? 0
        : tag.encoderDelaySamples() + DECODER_DELAY_SAMPLES;
  }

  /** The decoded samples at the end that are not of the recording; 0 where no tag says it. */
  public int paddingSamples() {
    return tag == null ? 0 : Math.max(0, tag.encoderPaddingSamples() - DECODER_DELAY_SAMPLES);
  }

  /** A frame of this stream that is heard as silence, about as long in bytes as its first frame. */
  public byte[] silentFrame() {
    return Mp3Silence.frame(firstHeader);
  }

  /** The number of audio frames; reads every frame header once, the tag's claim is not trusted. */
  public long frameCount() throws IOException {
    if (totalFrames == UNKNOWN) {
      long count = 0;
      for (long at = find(firstOffset);
          at != NONE;
          at = find(at + Mp3Header.frameBytes(input.i32(at)))) {
        count++;
      }
      totalFrames = count;
    }
    return totalFrames;
  }

  /** Every frame counts, delay and padding too. */
  @Override
  public long durationUs() throws IOException {
    return timeUs(frameCount());
  }

  @Override
  public boolean next(Frame frame) throws IOException {
    long at = find(offset);
    if (at == NONE) {
      return false;
    }
    int length = Mp3Header.frameBytes(input.i32(at));
    input.copy(at, frame.room(length), length);
    frame.stamp(timeUs(frames), timeUs(frames + 1) - timeUs(frames));
    frames++;
    offset = at + length;
    return true;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  /** Where the next whole frame at or after an offset is: at it, unless there is garbage or a tag. */
  private long find(long from) throws IOException {
    long at = from;
    while (at + Mp3Header.HEADER_BYTES <= endOffset) {
      int header = input.i32(at);
      if (Mp3Header.isValid(header) && Mp3Header.isSameStream(header, firstHeader)) {
        return at + Mp3Header.frameBytes(header) <= endOffset ? at : NONE; // cut short by the end
      }
      long tagBytes = Mp3Extent.id3v2Bytes(input, at);
      if (tagBytes > 0) {
        at += tagBytes;
        continue;
      }
      long confirmed = Mp3Sync.find(input, at, endOffset);
      if (confirmed == Mp3Sync.NOT_FOUND) {
        if (endOffset - at > Mp3Sync.MAX_GARBAGE_BYTES) {
          throw new MediaException.Malformed(at, noFrame());
        }
        return NONE; // garbage to the end
      }
      int found = input.i32(confirmed);
      if (!Mp3Header.isSameStream(found, firstHeader)) {
        throw new MediaException.Unsupported(
            confirmed,
            "the stream changes to " + Mp3Header.describe(found) + " (expected: "
                + Mp3Header.describe(firstHeader) + ", as it began; encode it again)");
      }
      at = confirmed;
    }
    return NONE;
  }

  private long timeUs(long frameCount) {
    return MediaTime.us(frameCount * samplesPerFrame(), Mp3Header.sampleRateHz(firstHeader));
  }

  private static String noFrame() {
    return "no MPEG audio frame within " + Mp3Sync.MAX_GARBAGE_BYTES
        + " bytes (expected: an MP3 stream)";
  }
}
