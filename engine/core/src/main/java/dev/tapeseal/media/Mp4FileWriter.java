package dev.tapeseal.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Writes the slices of a finished MP4 file as they come, unchanged. */
public final class Mp4FileWriter implements MediaWriter {

  private final StreamDestination destination;

  private Mp4FileWriter(WritableByteChannel destination) {
    this.destination = new StreamDestination(destination);
  }

  /** Nothing is written until the first slice. */
  public static Mp4FileWriter open(WritableByteChannel destination) {
    return new Mp4FileWriter(destination);
  }

  @Override
  public MediaType type() {
    return MediaType.MP4;
  }

  @Override
  public void write(ByteBuffer frame) throws IOException {
    destination.write(frame);
  }

  /** Always refused: the file is finished, and silence in it would move its samples. */
  @Override
  public void writeSilence(long durationUs, Continuity next) {
    throw new UnsupportedOperationException(
        "silence in a finished MP4 file (expected: an audio stream)");
  }

  @Override
  public long durationUs() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    destination.close();
  }
}
