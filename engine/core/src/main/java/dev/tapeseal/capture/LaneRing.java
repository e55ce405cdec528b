package dev.tapeseal.capture;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way to a lane: a ring of slots that exist already. Any thread may put something in, one thread takes
 * it out, in the order in which room was taken. Neither waits for the other, and nothing is allocated.
 *
 * <p>A writer takes room by moving the tail, fills its slots, and marks each as full by its session, last. The reader
 * takes slots that are marked, unmarks them, and gives the room back by moving the head.
 */
final class LaneRing {
  /** What a slot holds. */
  static final int SLOT_BYTES = 4096;

  private final Slot[] slots;
  private final AtomicReferenceArray<@Nullable LaneSession> marks;
  private final int mask;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong head = new AtomicLong();

  /** What is to be done with a slot. */
  enum Kind {
    FRAME,
    PAUSE,
    RESUME,
    STOP
  }

  /** A frame, a part of one, or a command. */
  static final class Slot {
    private final ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES);
    private Kind kind = Kind.FRAME;

    Kind kind() {
      return kind;
    }

    /** From the position to the limit. */
    ByteBuffer bytes() {
      return bytes;
    }
  }

  /** Makes a ring of a power of two slots. */
  LaneRing(int slots) {
    if (Integer.bitCount(slots) != 1) {
      throw new IllegalArgumentException("slots: " + slots + " (expected: a power of two)");
    }
    this.slots = new Slot[slots];
    for (int i = 0; i < slots; i++) {
      this.slots[i] = new Slot();
    }
    marks = new AtomicReferenceArray<>(slots);
    mask = slots - 1;
  }

  /** How many bytes the ring holds at most. */
  int capacityBytes() {
    return slots.length * SLOT_BYTES;
  }

  /** Takes a copy of a frame, in as many slots as it needs; false where there is no room for all of it. */
  boolean offer(LaneSession session, ByteBuffer frame) {
    int count = Math.max(1, (frame.remaining() + SLOT_BYTES - 1) / SLOT_BYTES);
    long first = claim(count);
    if (first < 0) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      int index = (int) (first + i) & mask;
      Slot slot = slots[index];
      int length = Math.min(SLOT_BYTES, frame.remaining());
      slot.kind = Kind.FRAME;
      slot.bytes.clear().limit(length);
      int limit = frame.limit();
      slot.bytes.put(frame.limit(frame.position() + length));
      frame.limit(limit);
      slot.bytes.flip();
      marks.setRelease(index, session);
    }
    return true;
  }

  /** Takes a command; false where there is no room. */
  boolean offer(LaneSession session, Kind kind) {
    long first = claim(1);
    if (first < 0) {
      return false;
    }
    int index = (int) first & mask;
    slots[index].kind = kind;
    slots[index].bytes.clear().limit(0);
    marks.setRelease(index, session);
    return true;
  }

  private long claim(int count) {
    while (true) {
      long at = tail.get();
      if (at + count - head.get() > slots.length) {
        return -1;
      }
      if (tail.compareAndSet(at, at + count)) {
        return at;
      }
    }
  }

  /** Whose the next slot is; null where none is full. */
  @Nullable
  LaneSession next() {
    return marks.getAcquire((int) head.getPlain() & mask);
  }

  /** The next slot, which is full. */
  Slot slot() {
    return slots[(int) head.getPlain() & mask];
  }

  /** Gives the next slot back. */
  void advance() {
    long at = head.getPlain();
    marks.setPlain((int) at & mask, null); // before the head, which publishes it
    head.setRelease(at + 1);
  }
}
