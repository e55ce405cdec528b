package dev.tapeseal.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/**
 * Writes WAV frames as an MP3 stream: PCM and G.711, mono or stereo, at the nine rates of MPEG audio.
 *
 * <p>The bitrate is constant: 2 bits a sample and at least 16 kbit/s a channel. Sound stands where it was in any
 * player, without a tag to tell a delay: the encoder begins with as much silence as makes its delay whole frames, and
 * those are left out, at the price of a first frame that fades in. Long silences cost next to nothing, others what
 * sound does. Unlike the other writers' {@link #write} this one allocates, as
 * the encoder does.
 */
public final class Mp3EncodingWriter implements MediaWriter {
  private static final int PIECE_SAMPLES = 576; // a multiple of any frame's, or half of it
  private static final int SETTLING_PIECES = 8; // after these the encoder holds silence alone
  private static final int MAX_CHANNELS = 2;
  private static final int DELAY_SAMPLES =
      2 * PIECE_SAMPLES; // two frames of MPEG-2 or one of MPEG-1

  private final AudioFormat format;
  private final Mp3Encoder encoder;
  private final WritableByteChannel destination;
  private final Mp3Writer writer;
  private final TimeDebt silenceSamples;
  private final int[][] piece;
  private final byte[] encoded = new byte[Mp3Encoder.maxBytes(PIECE_SAMPLES)];
  private final ByteBuffer frames =
      ByteBuffer.allocate(encoded.length + Mp3Header.MAX_FRAME_BYTES).limit(0);
  private int delayLeft = DELAY_SAMPLES;
  private boolean ended;
  private long samples;

  private Mp3EncodingWriter(WritableByteChannel destination, AudioFormat format) {
    this.format = format;
    this.encoder = new Mp3Encoder(format.sampleRateHz(), format.channels());
    this.destination = destination;
    this.writer =
        Mp3Writer.open(destination, AudioFormat.mp3(format.sampleRateHz(), format.channels()));
    this.silenceSamples = new TimeDebt(format.sampleRateHz(), 1);
    this.piece = new int[format.channels()][PIECE_SAMPLES];
  }

  /**
   * Begins a stream of unknown length.
   *
   * @param format what the frames will be
   * @throws MediaException.Unsupported where MP3 has no such rate or so many channels, or the frames are MP3 already
   */
  public static Mp3EncodingWriter open(WritableByteChannel destination, AudioFormat format)
      throws MediaException.Unsupported {
    boolean fits = format.mediaType() == MediaType.WAV
        && format.channels() <= MAX_CHANNELS
        && Mp3Header.hasRate(format.sampleRateHz());
    if (!fits) {
      throw new MediaException.Unsupported(
          0,
          format.codec() + " of " + format.sampleRateHz() + " Hz and " + format.channels()
              + " channels to be encoded as MP3 (expected: WAV of 1 or 2 channels at 8000, 11025, 12000, 16000, 22050,"
              + " 24000, 32000, 44100 or 48000 Hz)");
    }
    Mp3EncodingWriter writer = new Mp3EncodingWriter(destination, format);
    writer.encoder.encode(
        writer.piece,
        DELAY_SAMPLES - Mp3Encoder.DELAY_SAMPLES,
        writer.encoded); // too few for a frame
    return writer;
  }

  @Override
  public MediaType type() {
    return MediaType.MP3;
  }

  @Override
  public void write(ByteBuffer frame) throws IOException {
    requireOpen();
    if (frame.remaining() % format.blockBytes() != 0) {
      throw new MediaException.Malformed(
          samples * format.blockBytes(),
          "a frame of " + frame.remaining() + " bytes (expected: whole samples of "
              + format.blockBytes() + " bytes)");
    }
    while (frame.hasRemaining()) {
      int count = Math.min(PIECE_SAMPLES, frame.remaining() / format.blockBytes());
      LinearSamples.read(format, frame, count, piece);
      encode(count);
    }
  }

  /** {@inheritDoc} What the frame after it goes on from makes no difference: every frame stands alone. */
  @Override
  public void writeSilence(long durationUs, Continuity next) throws IOException {
    requireOpen();
    for (int[] channel : piece) {
      Arrays.fill(channel, 0);
    }
    long left = silenceSamples.unitsOf(durationUs);
    for (int settled = 0; settled < SETTLING_PIECES && left > 0; settled++) {
      left -= encodeSilence(left);
    }
    left -= insertSilentFrames(left);
    while (left > 0) {
      left -= encodeSilence(left);
    }
  }

  private int encodeSilence(long most) throws IOException {
    int count = (int) Math.min(most, PIECE_SAMPLES);
    encode(count);
    return count;
  }

  /** Puts whole frames between what was encoded and what will be; the encoder never hears of them. */
  private long insertSilentFrames(long most) throws IOException {
    int frameSamples =
        Mp3Header.samplesPerFrame(Mp3Header.of(format.sampleRateHz(), format.channels()));
    long inserted = most / frameSamples * frameSamples;
    if (inserted > 0) {
      writer.writeSilentFrames(inserted / frameSamples, Continuity.CONTINUED);
      samples += inserted;
    }
    return inserted;
  }

  private void encode(int count) throws IOException {
    samples += count;
    writeFrames(encoder.encode(piece, count, encoded));
  }

  /** Hands on the whole frames among the bytes that the encoder gave. */
  private void writeFrames(int length) throws IOException {
    frames.compact().put(encoded, 0, length).flip();
    while (frames.remaining() >= Mp3Header.HEADER_BYTES) {
      int header = Mp3Header.of(frames);
      int frameBytes = Mp3Header.frameBytes(header);
      if (frames.remaining() < frameBytes) {
        return;
      }
      if (delayLeft > 0) {
        delayLeft -= Mp3Header.samplesPerFrame(header);
        frames.position(frames.position() + frameBytes);
        continue;
      }
      int limit = frames.limit();
      writer.write(frames.limit(frames.position() + frameBytes));
      frames.limit(limit);
    }
  }

  @Override
  public long durationUs() {
    return MediaTime.us(samples, format.sampleRateHz());
  }

  /** {@inheritDoc} The last frame ends in up to a tenth of a second of silence more. */
  @Override
  public void close() throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    try (writer) {
      if (destination.isOpen() && writer.isOpen()) {
        writeFrames(encoder.finish(encoded));
      }
    }
  }

  private void requireOpen() {
    if (ended) {
      throw new IllegalStateException("media writer: closed");
    }
  }
}
