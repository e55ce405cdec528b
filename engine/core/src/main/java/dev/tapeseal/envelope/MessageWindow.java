package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * Reads a message by offset. Small reads near each other share one read of the channel, long ones go straight to the
 * caller's buffer. Confined to one thread.
 */
final class MessageWindow {
  private static final int WINDOW_BYTES = 4 * 1024;

  private final SeekableByteChannel message;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long start;

  MessageWindow(SeekableByteChannel message) {
    this.message = message;
  }

  /** The byte at an offset, which the message must have. */
  int byteAt(long offset) throws IOException {
    if (offset < start || offset >= start + window.limit()) {
      load(offset);
    }
    return Byte.toUnsignedInt(window.get((int) (offset - start)));
  }

  /** Reads up to {@code length} bytes from an offset on; at least one, which the message must have. */
  int read(long offset, ByteBuffer target, int length) throws IOException {
    if (length >= WINDOW_BYTES) {
      message.position(offset);
      int limit = target.limit();
      target.limit(target.position() + length);
      int read = message.read(target);
      target.limit(limit);
      return requireSome(offset, read);
    }
    if (offset < start || offset >= start + window.limit()) {
      load(offset);
    }
    int at = (int) (offset - start);
    int part = Math.min(length, window.limit() - at);
    target.put(target.position(), window, at, part);
    target.position(target.position() + part);
    return part;
  }

  private void load(long offset) throws IOException {
    window.clear();
    message.position(offset);
    int read = message.read(window);
    window.flip();
    start = offset;
    requireSome(offset, read);
  }

  private static int requireSome(long offset, int read) throws EnvelopeException.Damaged {
    if (read < 0) {
      throw new EnvelopeException.Damaged(
          "the message ends at offset " + offset + ", earlier than when it was opened");
    }
    return read;
  }
}
