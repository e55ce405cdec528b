package dev.tapeseal.media;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * A file read through one window of 64 KiB, by absolute offsets: so that small frames cost no
 * system call each, and looking ahead costs nothing. The file's size is taken once.
 */
final class BufferedInput implements Closeable {

  static final int WINDOW_BYTES = 64 * 1024;

  private final SeekableByteChannel channel;
  private final long size;
  private final byte[] window = new byte[WINDOW_BYTES];
  private final ByteBuffer windowBuffer = ByteBuffer.wrap(window);
  private long windowOffset;
  private int windowLength;

  BufferedInput(SeekableByteChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  SeekableByteChannel channel() {
    return channel;
  }

  long size() {
    return size;
  }

  /**
   * Brings bytes into the window, so that reading any of them next is free. Returns how many there
   * are.
   */
  int load(long offset, int count) throws IOException {
    int there = (int) Math.max(0, Math.min(count, size - offset));
    if (there > 0 && (offset < windowOffset || offset + there > windowOffset + windowLength)) {
      fill(offset);
    }
    return there;
  }

  /** The byte at an offset below the size. */
  int u8(long offset) throws IOException {
    require(offset, 1);
    return window[(int) (offset - windowOffset)] & 0xFF;
  }

  int u16LittleEndian(long offset) throws IOException {
    require(offset, 2);
    return u8(offset) | u8(offset + 1) << 8;
  }

  int i32(long offset) throws IOException {
    require(offset, 4);
    int at = (int) (offset - windowOffset);
    return window[at] << 24
        | (window[at + 1] & 0xFF) << 16
        | (window[at + 2] & 0xFF) << 8
        | (window[at + 3] & 0xFF);
  }

  long u32(long offset) throws IOException {
    return i32(offset) & 0xFFFF_FFFFL;
  }

  long u32LittleEndian(long offset) throws IOException {
    return Integer.reverseBytes(i32(offset)) & 0xFFFF_FFFFL;
  }

  /** Up to four bytes as text: fewer at the end of the file. */
  String ascii(long offset) throws IOException {
    int length = load(offset, 4);
    return length == 0
        ? ""
        : new String(window, (int) (offset - windowOffset), length, StandardCharsets.ISO_8859_1);
  }

  /** Copies bytes to the start of an array; what is longer than the window does not pass through it. */
  void copy(long offset, byte[] destination, int count) throws IOException {
    if (count <= WINDOW_BYTES) {
      require(offset, count);
      System.arraycopy(window, (int) (offset - windowOffset), destination, 0, count);
      return;
    }
    if (offset + count > size) {
      throw endsEarly(size);
    }
    readFully(offset, ByteBuffer.wrap(destination, 0, count));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void require(long offset, int count) throws IOException {
    if (load(offset, count) < count) {
      throw new MediaException.Malformed(
          offset, "the file ends here (expected: " + count + " more bytes)");
    }
  }

  private void fill(long offset) throws IOException {
    windowLength = 0; // nothing is in the window if reading fails
    windowBuffer.clear().limit((int) Math.min(WINDOW_BYTES, size - offset));
    readFully(offset, windowBuffer);
    windowOffset = offset;
    windowLength = windowBuffer.position();
  }

  private void readFully(long offset, ByteBuffer destination) throws IOException {
    channel.position(offset);
    while (destination.hasRemaining()) {
      if (channel.read(destination) < 0) {
        throw endsEarly(channel.position());
      }
    }
  }

  private MediaException endsEarly(long offset) {
    return new MediaException.Malformed(
        offset, "the file ends here (expected: " + size + " bytes)");
  }
}
