package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Where a recording goes: a store, a folder, an HTTP PUT. Gives a channel for each of its objects. */
@FunctionalInterface
public interface RecordingDestination {

  /**
   * Creates one of the recording's objects; asked for the media first.
   *
   * <p>A {@link SeekableByteChannel} is one that can be positioned at what was written before and written anew
   * there: a file. Other channels are forward-only.
   */
  WritableByteChannel create(RecordingPart part) throws IOException;
}
