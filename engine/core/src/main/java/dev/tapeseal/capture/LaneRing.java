package dev.tapeseal.capture;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way to a lane: a ring of bytes that exist already. Any thread may put something in, one thread takes
 * it out, in the order in which room was taken. Neither waits for the other, and nothing is allocated.
 *
 * <p>The ring is divided into slots. A frame takes as many as it needs, one behind the other; where they would go past
 * the ring's end, those up to the end are skipped. A writer takes room by moving the tail, fills its slots, and marks the
 * first as full by its session, last. The reader takes what is marked, unmarks it, and gives the room back by moving the
 * head.
 */
final class LaneRing {
  /** What a frame's room is a multiple of: one of G.711 takes one slot. */
  static final int SLOT_BYTES = 256;

  /** The largest ring. */
  static final int MAX_BYTES = 256 * 1024 * 1024;

  /** Of a frame that is not timed. */
  static final long NOT_DUE = Long.MIN_VALUE;

  private static final int KIND_SHIFT = 29; // above the largest length
  private static final int LENGTH_MASK = (1 << KIND_SHIFT) - 1;

  private final byte[] bytes;
  private final ByteBuffer view;
  private final int[] kindsAndLengths; // of the first slot of what takes several
  private final long[] dueNanos;
  private final long[] offeredNanos;
  private final AtomicReferenceArray<@Nullable LaneSession> marks;
  private final int slots;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong head = new AtomicLong();
  private long next; // the reader's place, at or past the head

  /** What is to be done. */
  enum Kind {
    FRAME(0),
    PAUSE(1),
    RESUME(2),
    STOP(3),
    SKIP(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Kind of(int code) {
      return switch (code) {
        case 0 -> FRAME;
        case 1 -> PAUSE;
        case 2 -> RESUME;
        case 3 -> STOP;
        default -> SKIP;
      };
    }
  }

  /** Makes a ring of so many bytes: a power of two, {@value #SLOT_BYTES} to {@value #MAX_BYTES}. */
  LaneRing(int capacityBytes) {
    if (Integer.bitCount(capacityBytes) != 1
        || capacityBytes < SLOT_BYTES
        || capacityBytes > MAX_BYTES) {
      throw new IllegalArgumentException("ring of " + capacityBytes
          + " bytes (expected: a power of two, " + SLOT_BYTES + " to " + MAX_BYTES + ")");
    }
    bytes = new byte[capacityBytes];
    view = ByteBuffer.wrap(bytes);
    slots = capacityBytes / SLOT_BYTES;
    kindsAndLengths = new int[slots];
    dueNanos = new long[slots];
    offeredNanos = new long[slots];
    marks = new AtomicReferenceArray<>(slots);
  }

  // --- any thread ---

  /** The longest frame: one that finds room in a ring that is empty, wherever its head is. */
  int maxFrameBytes() {
    return bytes.length / 2;
  }

  /**
   * Takes a copy of a frame; false where there is no room for it.
   *
   * @param due when the frame was due, by the nano clock, or {@link #NOT_DUE}
   * @param offered when it was offered, where it is timed
   */
  boolean offer(LaneSession session, ByteBuffer frame, long due, long offered) {
    int length = frame.remaining();
    long first = claim(session, Math.max(1, (length + SLOT_BYTES - 1) / SLOT_BYTES));
    if (first < 0) {
      return false;
    }
    frame.get(bytes, slot(first) * SLOT_BYTES, length);
    publish(first, session, Kind.FRAME, length, due, offered);
    return true;
  }

  /** Takes a command; false where there is no room. */
  boolean offer(LaneSession session, Kind kind) {
    long first = claim(session, 1);
    if (first < 0) {
      return false;
    }
    publish(first, session, kind, 0, NOT_DUE, 0);
    return true;
  }

  private int slot(long at) {
    return (int) at & (slots - 1);
  }

  private long claim(LaneSession session, int count) {
    while (true) {
      long at = tail.get();
      int toEnd = slots - slot(at);
      int skipped = count > toEnd ? toEnd : 0;
      if (at + skipped + count - head.get() > slots) {
        return -1;
      }
      if (tail.compareAndSet(at, at + skipped + count)) {
        if (skipped > 0) {
          publish(at, session, Kind.SKIP, skipped * SLOT_BYTES, NOT_DUE, 0);
        }
        return at + skipped;
      }
    }
  }

  private void publish(
      long at, LaneSession session, Kind kind, int length, long due, long offered) {
    int slot = slot(at);
    kindsAndLengths[slot] = kind.code << KIND_SHIFT | length;
    dueNanos[slot] = due;
    offeredNanos[slot] = offered;
    marks.setRelease(slot, session);
  }

  // --- the lane's thread ---

  /** Whose the next frame or command is; null where there is none. */
  @Nullable
  LaneSession next() {
    LaneSession session = marks.getAcquire(slot(next));
    while (session != null && kind() == Kind.SKIP) {
      advance();
      session = marks.getAcquire(slot(next));
    }
    return session;
  }

  /** What {@link #next} found. */
  Kind kind() {
    return Kind.of(kindsAndLengths[slot(next)] >>> KIND_SHIFT);
  }

  /** Its bytes, from the position to the limit; the same buffer at every call. */
  ByteBuffer bytes() {
    int slot = slot(next);
    int start = slot * SLOT_BYTES;
    return view.limit(start + (kindsAndLengths[slot] & LENGTH_MASK)).position(start);
  }

  /** When it was due, or {@link #NOT_DUE}. */
  long dueNanos() {
    return dueNanos[slot(next)];
  }

  /** When it was offered, where it is timed. */
  long offeredNanos() {
    return offeredNanos[slot(next)];
  }

  /** Goes on to what is behind it; its room is given back by {@link #release}. */
  void advance() {
    int slot = slot(next);
    int length = kindsAndLengths[slot] & LENGTH_MASK;
    marks.setPlain(slot, null); // before the head, which publishes it
    next += Math.max(1, (length + SLOT_BYTES - 1) / SLOT_BYTES);
  }

  /** Gives back the room of what was taken. */
  void release() {
    head.setRelease(next);
  }
}
