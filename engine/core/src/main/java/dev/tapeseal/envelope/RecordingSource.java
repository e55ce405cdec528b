package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a recording comes from. Gives a channel for each of its objects. */
@FunctionalInterface
public interface RecordingSource {

  /**
   * Opens one of the recording's objects, which the caller closes.
   *
   * @return null where a companion of the media is absent
   * @throws IOException also where the media are absent
   */
  @Nullable
  SeekableByteChannel open(RecordingPart part) throws IOException;

  /** A file, and what stands beside it under its name and a suffix. */
  static RecordingSource ofFile(Path media) {
    return part -> {
      try {
        return Files.newByteChannel(part.beside(media));
      } catch (NoSuchFileException e) {
        if (part == RecordingPart.MEDIA) {
          throw e;
        }
        return null;
      }
    };
  }
}
