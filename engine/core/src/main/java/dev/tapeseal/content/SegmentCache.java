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

  private static final long NONE = -1;

  private final int segmentBytes;
  private final Slot[] slots;
  private Slot claimed;
  private long clock;

  private static final class Slot {
    private byte[] plaintext = {};
    private long index = NONE;
    private long usedAt;
  }

  SegmentCache(int segmentBytes) {
    this.segmentBytes = segmentBytes;
    slots = new Slot[Math.max(MIN_SLOTS, Math.min(MAX_SLOTS, CACHED_BYTES / segmentBytes))];
    Arrays.setAll(slots, i -> new Slot());
    claimed = slots[0];
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

  /**
   * An array for a segment's plaintext, taken from the segment that was not used for longest; {@link #keep} tells what
   * was put into it.
   */
  byte[] claim() {
    claimed = slots[0];
    for (Slot slot : slots) {
      if (slot.usedAt < claimed.usedAt) {
        claimed = slot;
      }
    }
    if (claimed.plaintext.length == 0) {
      claimed.plaintext = new byte[segmentBytes];
    }
    claimed.index = NONE;
    claimed.usedAt = 0;
    return claimed.plaintext;
  }

  /** Keeps what was put into the array that was claimed last. */
  void keep(long index) {
    claimed.index = index;
    claimed.usedAt = ++clock;
  }

  void wipe() {
    for (Slot slot : slots) {
      Arrays.fill(slot.plaintext, (byte) 0);
      slot.index = NONE;
      slot.usedAt = 0;
    }
  }
}
