package dev.tapeseal.media;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Writes a stream of frames as a media file, forward only.
 *
 * <p>{@link #write} allocates nothing, apart from encoding. After a failed write to the destination every call but
 * {@link #close} is an {@link IllegalStateException}, so that a damaged file does not grow.
 * Confined to one thread.
 */
public sealed interface MediaWriter extends Closeable
    permits WavWriter, Mp3Writer, Mp3EncodingWriter {

  /**
   * A writer for an audio stream whose length is not known yet.
   *
   * @param destination closed with the writer; it may take less than it is given, but must be blocking
   */
  static MediaWriter open(AudioFormat format, WritableByteChannel destination) throws IOException {
    return switch (format.mediaType()) {
      case WAV -> WavWriter.open(destination, format);
      case MP3 -> Mp3Writer.open(destination, format);
      case MP4 -> throw new IllegalStateException("no audio format is carried in MP4 alone");
    };
  }

  /**
   * A writer for WAV frames that makes MP3 of them, for a stream whose length is not known yet.
   *
   * @param destination as for {@link #open}
   * @throws MediaException.Unsupported where MP3 has no such rate or so many channels, or the frames are MP3 already
   */
  static MediaWriter encodingMp3(AudioFormat format, WritableByteChannel destination)
      throws MediaException.Unsupported {
    return Mp3EncodingWriter.open(destination, format);
  }

  /** What is written. */
  MediaType type();

  /**
   * Writes one frame: whole samples for WAV, exactly one MP3 frame.
   *
   * @param frame read from its position to its limit
   * @throws MediaException where the frame does not belong to this stream; nothing of it is written then, and the
   *     writer goes on
   */
  void write(ByteBuffer frame) throws IOException;

  /**
   * Writes silence in the stream's own format. Times add up: what a silence lacks or exceeds, because it must be
   * whole samples or frames, the next one makes up for, so that the error stays at half a sample or half a frame
   * however many there are.
   *
   * @param durationUs 0 to {@link #MAX_SILENCE_US}
   * @param next what the frame after it goes on from
   */
  void writeSilence(long durationUs, Continuity next) throws IOException;

  /** The longest single silence: 11 days. */
  long MAX_SILENCE_US = 1_000_000_000_000L;

  /** The time that has been written, in microseconds. */
  long durationUs();

  /**
   * Ends the file and closes the destination; after a failed write, closes it only. May be called
   * again.
   */
  @Override
  void close() throws IOException;
}
