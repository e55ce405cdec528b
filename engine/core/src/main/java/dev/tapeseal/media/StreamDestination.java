package dev.tapeseal.media;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * What the writers write to: it takes all it is given, counts it, and stays failed once it has
 * failed.
 */
final class StreamDestination implements Closeable {

  private enum State {
    OPEN,
    FAILED,
    CLOSED
  }

  private final WritableByteChannel channel;
  private State state = State.OPEN;
  private long writtenBytes;

  StreamDestination(WritableByteChannel channel) {
    this.channel = channel;
  }

  long writtenBytes() {
    return writtenBytes;
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException(
          state == State.FAILED ? "media writer: an earlier write failed" : "media writer: closed");
    }
  }

  void write(ByteBuffer bytes) throws IOException {
    requireOpen();
    state = State.FAILED; // until all of it is written
    writtenBytes += bytes.remaining();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    state = State.OPEN;
  }

  @Override
  public void close() throws IOException {
    state = State.CLOSED;
    channel.close();
  }
}
