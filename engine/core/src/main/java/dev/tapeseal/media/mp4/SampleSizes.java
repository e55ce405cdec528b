package dev.tapeseal.media.mp4;

import dev.tapeseal.media.MediaException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** How long each of a track's samples is, gathered one by one; 4 bytes each, nothing while all are alike. */
final class SampleSizes {

  /** A day of the shortest audio frames, and 32 MiB. */
  static final int MAX_SAMPLES = 8_000_000;

  private static final int BLOCK_SAMPLES = 64 * 1024;

  private final List<ByteBuffer> blocks = new ArrayList<>();
  private int count;
  private int constantBytes;
  private boolean constant = true;
  private long totalBytes;
  private int largestBytes;

  void add(int sizeBytes) throws MediaException.Unsupported {
    if (count == MAX_SAMPLES) {
      throw new MediaException.Unsupported(
          totalBytes, "more than " + MAX_SAMPLES + " frames (expected: a day of audio at most)");
    }
    if (count == 0) {
      constantBytes = sizeBytes;
    } else if (constant && sizeBytes != constantBytes) {
      constant = false;
      for (int i = 0; i < count; i++) {
        append(i, constantBytes);
      }
    }
    if (!constant) {
      append(count, sizeBytes);
    }
    count++;
    totalBytes += sizeBytes;
    largestBytes = Math.max(largestBytes, sizeBytes);
  }

  private void append(int index, int sizeBytes) {
    if (index % BLOCK_SAMPLES == 0) {
      blocks.add(ByteBuffer.allocate(BLOCK_SAMPLES * Integer.BYTES));
    }
    blocks.get(index / BLOCK_SAMPLES).putInt(sizeBytes);
  }

  int count() {
    return count;
  }

  long totalBytes() {
    return totalBytes;
  }

  int largestBytes() {
    return largestBytes;
  }

  int sizeBytes(int sample) {
    return constant
        ? constantBytes
        : blocks.get(sample / BLOCK_SAMPLES).getInt(sample % BLOCK_SAMPLES * Integer.BYTES);
  }

  /** The sample size box. */
  BoxContent stsz() {
    BoxContent head = BoxContent.u32(constant ? constantBytes : 0, count);
    BoxContent[] tables = blocks.stream()
        .map(block -> BoxContent.of(block.duplicate().flip()))
        .toArray(BoxContent[]::new);
    return BoxContent.fullBox("stsz", 0, 0, head, BoxContent.join(tables));
  }
}
