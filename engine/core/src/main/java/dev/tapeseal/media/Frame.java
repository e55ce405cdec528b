package dev.tapeseal.media;

import java.nio.ByteBuffer;

/**
 * One piece of a stream with its time: 20 ms of WAV, one MP3 frame, or a slice of an MP4 file.
 *
 * <p>It is a buffer that {@link MediaSource#next} fills again and again; it grows to the largest
 * frame and then allocates nothing. Confined to one thread.
 */
public final class Frame {

  private static final int FIRST_CAPACITY_BYTES = 2048;

  private ByteBuffer bytes = ByteBuffer.allocate(FIRST_CAPACITY_BYTES).limit(0);
  private long presentationTimeUs;
  private long durationUs;

  /**
   * The frame's bytes, from position 0 to the limit: the same buffer every time, valid until the
   * next frame is read.
   */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** When it is heard or seen, in microseconds from the start of the stream, not negative. */
  public long presentationTimeUs() {
    return presentationTimeUs;
  }

  /** How long it lasts, in microseconds; 0 for bytes that carry no sample. */
  public long durationUs() {
    return durationUs;
  }

  /** The array that the next frame's bytes go into, from index 0. */
  byte[] room(int lengthBytes) {
    if (bytes.capacity() < lengthBytes) {
      bytes = ByteBuffer.allocate(lengthBytes);
    }
    bytes.clear().limit(lengthBytes);
    return bytes.array();
  }

  void stamp(long presentationTimeUs, long durationUs) {
    this.presentationTimeUs = presentationTimeUs;
    this.durationUs = durationUs;
  }
}
