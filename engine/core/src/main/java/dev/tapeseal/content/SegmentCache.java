package dev.tapeseal.content;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The plaintext of the last segments that were opened: 256 KiB of them, at least two. A player that goes back and
 * forth between an index and its media opens each once. Confined to one thread.
 */
final class SegmentCache {
  private static final int CACHED_BYTES = 256 * 1024;
  private static final int MIN_SLOTS = 2;
  private static final int MAX_SLOTS = 8;

  private final int segmentBytes;
  private final Slot[] slots;
  private long clock;

  private static final class Slot {
    private byte[] plaintext = {};
    private long index = -1;
    private long usedAt;
  }

  SegmentCache(int segmentBytes) {
    this.segmentBytes = segmentBytes;
    slots = new Slot[Math.max(MIN_SLOTS, Math.min(MAX_SLOTS, CACHED_BYTES / segmentBytes))];
    Arrays.setAll(slots, i -> new Slot());
  }

  /** A segment's plaintext, or null where it is not kept. */
  byte @Nullable [] find(long index) {
    for (Slot slot : slots) {
      if (slot.index == index) {
        slot.usedAt = ++clock;
        return slot.plaintext;
      }
    }
    return null;
  }

  /** An array for a segment's plaintext, taken from the segment that was not used for longest. */
  byte[] claim() {
    Slot oldest = slots[0];
    for (Slot slot : slots) {
      if (slot.usedAt < oldest.usedAt) {
        oldest = slot;
      }
    }
    if (oldest.plaintext.length == 0) {
      oldest.plaintext = new byte[segmentBytes];
    }
    oldest.index = -1;
    oldest.usedAt = 0;
    return oldest.plaintext;
  }

  /** Keeps what was put into the array that was claimed last. */
  @SuppressWarnings("ReferenceEquality") // which array it is, not what is in it
  void keep(long index, byte[] plaintext) {
    for (Slot slot : slots) {
      if (slot.plaintext == plaintext) {
        slot.index = index;
        slot.usedAt = ++clock;
      }
    }
  }

  void wipe() {
    for (Slot slot : slots) {
      Arrays.fill(slot.plaintext, (byte) 0);
      slot.index = -1;
      slot.usedAt = 0;
    }
  }
}
