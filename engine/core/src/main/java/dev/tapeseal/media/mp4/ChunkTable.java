package dev.tapeseal.media.mp4;

import static dev.tapeseal.media.mp4.BoxContent.fullBox;
import static dev.tapeseal.media.mp4.BoxContent.u32;
import static dev.tapeseal.media.mp4.BoxContent.u64;

import dev.tapeseal.media.MediaException;
import java.util.Arrays;

/**
 * A track's chunks as they are to be written: each holds about a second, so that tracks which are interleaved by
 * chunks play from a stream. 32 bytes a chunk.
 */
final class ChunkTable {

  /** What a chunk holds before the next one begins. */
  static final long CHUNK_US = 1_000_000;

  static final int MAX_CHUNKS = 1_000_000;

  private int count;
  private int[] samples = new int[64];
  private int[] descriptions = new int[64];
  private long[] bytes = new long[64];
  private long[] startsUs = new long[64];
  private long[] offsets = new long[64];

  /** Adds a sample: to the last chunk, or to one that begins with it. */
  void add(long timeUs, int sizeBytes, int description) throws MediaException.Unsupported {
    if (count == 0
        || timeUs - startsUs[count - 1] >= CHUNK_US
        || description != descriptions[count - 1]) {
      begin(timeUs, description);
    }
    samples[count - 1]++;
    bytes[count - 1] += sizeBytes;
  }

  private void begin(long timeUs, int description) throws MediaException.Unsupported {
    if (count == MAX_CHUNKS) {
      throw new MediaException.Unsupported(
          0, "more than " + MAX_CHUNKS + " seconds of samples (expected: at most 11 days)");
    }
    if (count == samples.length) {
      samples = Arrays.copyOf(samples, count * 2);
      descriptions = Arrays.copyOf(descriptions, count * 2);
      bytes = Arrays.copyOf(bytes, count * 2);
      startsUs = Arrays.copyOf(startsUs, count * 2);
      offsets = Arrays.copyOf(offsets, count * 2);
    }
    startsUs[count] = timeUs;
    descriptions[count] = description;
    count++;
  }

  int count() {
    return count;
  }

  long bytes(int chunk) {
    return bytes[chunk];
  }

  /** When the chunk's first sample is decoded, in microseconds of the movie. */
  long startUs(int chunk) {
    return startsUs[chunk];
  }

  long totalBytes() {
    long total = 0;
    for (int chunk = 0; chunk < count; chunk++) {
      total += bytes[chunk];
    }
    return total;
  }

  void place(int chunk, long offset) {
    offsets[chunk] = offset;
  }

  /** The sample-to-chunk box: an entry where the number of samples or their description changes. */
  BoxContent stsc() {
    long[] entries = new long[3 * count];
    int used = 0;
    for (int chunk = 0; chunk < count; chunk++) {
      if (chunk == 0
          || samples[chunk] != samples[chunk - 1]
          || descriptions[chunk] != descriptions[chunk - 1]) {
        entries[used++] = chunk + 1L; // chunks count from 1 there
        entries[used++] = samples[chunk];
        entries[used++] = descriptions[chunk];
      }
    }
    return fullBox("stsc", 0, 0, u32(used / 3), u32(Arrays.copyOf(entries, used)));
  }

  /** The chunk offset box. */
  BoxContent chunkOffsets(OffsetWidth width) {
    long[] used = Arrays.copyOf(offsets, count);
    return switch (width) {
      case BITS_32 -> fullBox("stco", 0, 0, u32(count), u32(used));
      case BITS_64 -> fullBox("co64", 0, 0, u32(count), u64(used));
    };
  }

  /** How wide chunk offsets are. */
  enum OffsetWidth {
    BITS_32,
    BITS_64
  }
}
