package dev.tapeseal.media.mp4;

import dev.tapeseal.media.MediaException;
import java.nio.ByteBuffer;

/**
 * Walks a track's samples in decoding order: one pass over all its tables at once, nothing allocated.
 *
 * <p>Confined to one thread.
 */
public final class SampleCursor {

  private final SampleTable table;

  private int sample = -1;
  private int sizeBytes;
  private long offset;

  private int chunk = -1;
  private int chunkRun = -1; // entry of stsc
  private int samplesPerChunk;
  private int description;
  private int leftInChunk;

  private int timeRun = -1; // entry of stts
  private long leftInTimeRun;
  private long decodingTimeVu;
  private long durationVu;

  private int compositionRun = -1; // entry of ctts
  private long leftInCompositionRun;
  private int compositionOffsetVu;

  private int syncEntry; // of stss, the first that is not before the sample
  private boolean sync;

  SampleCursor(SampleTable table) {
    this.table = table;
  }

  /**
   * Moves to the next sample.
   *
   * @return false when there is none
   * @throws MediaException where the tables contradict each other
   */
  public boolean next() throws MediaException {
    if (sample + 1 >= table.sampleCount) {
      sample = table.sampleCount;
      return false;
    }
    long after = offset + sizeBytes;
    sample++;
    sizeBytes = table.constantSizeBytes != 0
        ? table.constantSizeBytes
        : table.sizes.getInt(sample * Integer.BYTES);
    if (sizeBytes < 0) {
      throw malformed(
          "a size of " + Integer.toUnsignedString(sizeBytes) + " bytes (expected: below 2 GiB)");
    }
    if (leftInChunk == 0) {
      nextChunk();
    } else {
      offset = after;
    }
    leftInChunk--;
    nextTime();
    nextCompositionOffset();
    nextSync();
    return true;
  }

  /** The sample's number, from 0; -1 before the first. */
  public int sample() {
    return sample;
  }

  /** Where it begins in the file. */
  public long offset() {
    return offset;
  }

  /** Its length. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** The chunk it lies in, from 0. */
  public int chunk() {
    return chunk;
  }

  /** Which entry of the sample description codes it, from 1. */
  public int description() {
    return description;
  }

  /** When it is decoded, in units of the track's timescale. */
  public long decodingTimeVu() {
    return decodingTimeVu;
  }

  /** How much later it is shown than decoded; may be negative. */
  public int compositionOffsetVu() {
    return compositionOffsetVu;
  }

  /** The time to the next sample's decoding. */
  public long durationVu() {
    return durationVu;
  }

  /** Whether decoding can begin here. */
  public boolean isSync() {
    return sync;
  }

  private void nextChunk() throws MediaException {
    do {
      chunk++;
      if (chunk >= table.chunkCount()) {
        throw malformed("it has no chunk (expected: more entries in 'stco' or 'stsc')");
      }
      ByteBuffer runs = table.sampleToChunk;
      int next = (chunkRun + 1) * 3 * Integer.BYTES;
      if (next < runs.limit()
          && (runs.getInt(next) & 0xFFFF_FFFFL) <= chunk + 1L) { // chunks count from 1 there
        chunkRun++;
        samplesPerChunk = runs.getInt(next + Integer.BYTES);
        description = runs.getInt(next + 2 * Integer.BYTES);
      }
      if (chunkRun < 0 || samplesPerChunk < 0) {
        throw malformed("its chunk has no entry in 'stsc'");
      }
    } while (samplesPerChunk == 0);
    leftInChunk = samplesPerChunk;
    offset = table.chunkOffset(chunk);
    if (offset < 0) {
      throw malformed("its chunk lies beyond 63 bits");
    }
  }

  private void nextTime() throws MediaException {
    decodingTimeVu += durationVu; // below 2^31 samples of 2^32 units
    while (leftInTimeRun == 0) {
      timeRun++;
      int entry = timeRun * 2 * Integer.BYTES;
      if (entry >= table.timeToSample.limit()) {
        throw malformed("it has no time (expected: more entries in 'stts')");
      }
      leftInTimeRun = table.timeToSample.getInt(entry) & 0xFFFF_FFFFL;
      durationVu = table.timeToSample.getInt(entry + Integer.BYTES) & 0xFFFF_FFFFL;
    }
    leftInTimeRun--;
  }

  private void nextCompositionOffset() {
    ByteBuffer offsets = table.compositionOffsets;
    if (offsets == null) {
      return;
    }
    while (leftInCompositionRun == 0) {
      compositionRun++;
      int entry = compositionRun * 2 * Integer.BYTES;
      if (entry >= offsets.limit()) {
        compositionOffsetVu = 0; // a table that is too short ends early
        return;
      }
      leftInCompositionRun = offsets.getInt(entry) & 0xFFFF_FFFFL;
      compositionOffsetVu =
          offsets.getInt(entry + Integer.BYTES); // negative ones occur in version 0, too
    }
    leftInCompositionRun--;
  }

  private void nextSync() {
    ByteBuffer numbers = table.syncSamples;
    if (numbers == null) {
      sync = true; // no table: every sample is one
      return;
    }
    int entry = syncEntry * Integer.BYTES;
    while (entry < numbers.limit() && (numbers.getInt(entry) & 0xFFFF_FFFFL) < sample + 1L) {
      entry += Integer.BYTES;
    }
    syncEntry = entry / Integer.BYTES;
    sync = entry < numbers.limit() && numbers.getInt(entry) == sample + 1;
  }

  private MediaException malformed(String what) {
    return new MediaException.Malformed(table.offset, "'stbl' box: sample " + sample + ": " + what);
  }
}
