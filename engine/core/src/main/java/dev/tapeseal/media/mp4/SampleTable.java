package dev.tapeseal.media.mp4;

import dev.tapeseal.media.MediaException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A track's samples ({@code stbl}): where each is, how long it is, when it is shown.
 *
 * <p>The tables stay as they are in the file, read through views; nothing is made per sample. What
 * the tables say is checked when a cursor walks them.
 */
public final class SampleTable {

  final long offset;
  final int sampleCount;
  final int constantSizeBytes; // 0: every sample has its entry in sizes
  final ByteBuffer sizes; // u32
  final ByteBuffer timeToSample; // count u32, delta u32
  final @Nullable ByteBuffer compositionOffsets; // count u32, offset i32
  final @Nullable ByteBuffer syncSamples; // number u32
  final ByteBuffer sampleToChunk; // first chunk u32, samples per chunk u32, description u32
  final ByteBuffer chunkOffsets; // u32 or u64
  final int chunkOffsetBytes;

  private SampleTable(Box stbl) throws MediaException {
    offset = stbl.offset();
    if (stbl.child("stz2").isPresent()) {
      throw new MediaException.Unsupported(
          stbl.require("stz2").offset(), "compact sample sizes, 'stz2' (expected: 'stsz')");
    }
    BoxFields stsz = stbl.require("stsz").fields().skip(4);
    long constantSize = stsz.u32();
    if (constantSize > Integer.MAX_VALUE) {
      throw stsz.malformed("samples of " + constantSize + " bytes");
    }
    constantSizeBytes = (int) constantSize;
    if (constantSizeBytes == 0) {
      sizes = stsz.table(Integer.BYTES);
      sampleCount = sizes.limit() / Integer.BYTES;
    } else {
      sizes = ByteBuffer.allocate(0);
      long count = stsz.u32();
      if (count > Integer.MAX_VALUE) {
        throw stsz.malformed(count + " samples");
      }
      sampleCount = (int) count;
    }
    timeToSample = stbl.require("stts").fields().skip(4).table(2 * Integer.BYTES);
    compositionOffsets = optional(stbl, "ctts", 2 * Integer.BYTES);
    syncSamples = optional(stbl, "stss", Integer.BYTES);
    sampleToChunk = stbl.require("stsc").fields().skip(4).table(3 * Integer.BYTES);
    boolean large = stbl.child("co64").isPresent();
    chunkOffsetBytes = large ? Long.BYTES : Integer.BYTES;
    chunkOffsets = stbl.require(large ? "co64" : "stco").fields().skip(4).table(chunkOffsetBytes);
  }

  static SampleTable of(Box stbl) throws MediaException {
    return new SampleTable(stbl);
  }

  /** How many samples there are. */
  public int sampleCount() {
    return sampleCount;
  }

  /** How many chunks, runs of samples that lie together, there are. */
  public int chunkCount() {
    return chunkOffsets.limit() / chunkOffsetBytes;
  }

  /** Where a chunk begins in the file; chunks count from 0. */
  public long chunkOffset(int chunk) {
    return chunkOffsetBytes == Long.BYTES
        ? chunkOffsets.getLong(chunk * Long.BYTES)
        : chunkOffsets.getInt(chunk * Integer.BYTES) & 0xFFFF_FFFFL;
  }

  /** A new cursor before the first sample. */
  public SampleCursor cursor() {
    return new SampleCursor(this);
  }

  private static @Nullable ByteBuffer optional(Box stbl, String type, int entryBytes)
      throws MediaException {
    Optional<Box> box = stbl.child(type);
    return box.isPresent() ? box.get().fields().skip(4).table(entryBytes) : null;
  }
}
