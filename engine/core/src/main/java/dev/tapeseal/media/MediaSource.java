package dev.tapeseal.media;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A media file that is replayed as the live stream it once was.
 *
 * <p>WAV and MP3 need constant memory, whatever their length; an MP4 file needs its {@code moov}
 * box, at most 64 MiB. {@link #next} allocates nothing once the frame has grown. Confined to one
 * thread.
 */
public sealed interface MediaSource extends Closeable permits WavSource, Mp3Source, Mp4Source {

  /**
   * Opens a file by its content, whatever its name.
   *
   * @throws MediaException where it is neither WAV nor MP3 nor MP4, or one that is refused
   */
  static MediaSource open(Path file) throws IOException {
    SeekableByteChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return open(channel);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Opens what a channel reads, from its position 0 to its size.
   *
   * @param channel closed with the source; where this method throws, it stays open
   * @throws MediaException where it is neither WAV nor MP3 nor MP4, or one that is refused
   */
  static MediaSource open(SeekableByteChannel channel) throws IOException {
    BufferedInput input = new BufferedInput(channel);
    return switch (MediaSniffer.sniff(input)) {
      case WAV -> WavSource.open(input);
      case MP3 -> Mp3Source.open(input);
      case MP4 -> Mp4Source.open(input);
    };
  }

  /** What the content was found to be. */
  MediaType type();

  /** The format of a WAV or MP3 stream; empty for MP4, whose tracks {@link Mp4Source#file()} tells. */
  Optional<AudioFormat> audioFormat();

  /**
   * How long the stream lasts, in microseconds. WAV and MP4 know; MP3 reads the file's frame headers once.
   *
   * @throws MediaException where that reading finds what {@link #next} would refuse
   */
  long durationUs() throws IOException;

  /**
   * Reads the next frame.
   *
   * @return false when there is none; the frame is unchanged then
   * @throws MediaException where the stream cannot go on
   */
  boolean next(Frame frame) throws IOException;
}
