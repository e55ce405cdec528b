package dev.tapeseal.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is put into a ring comes out whole, once, and in order, wherever the ring ends. */
class LaneRingTest {
  private static final int RING_BYTES = 16 * 1024;

  /** A ring does not look into sessions. */
  @SuppressWarnings("NullAway")
  private static LaneCall session() {
    Lane lane = new Lane(0, new LaneRing(RING_BYTES), null, Runnable::run, System::nanoTime);
    return new LaneCall(lane, null);
  }

  @ParameterizedTest(name = "frames of at most {0} bytes")
  @ValueSource(ints = {1, 256, 257, 3840, RING_BYTES / 2})
  void frames_comeOutAsTheyWentIn(int largest) {
    LaneRing ring = new LaneRing(RING_BYTES);
    LaneCall session = session();
    Random random = new Random(largest);
    List<byte[]> waiting = new ArrayList<>();
    int taken = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] frame = new byte[random.nextInt(largest + 1)];
      random.nextBytes(frame);
      if (ring.offer(session, ByteBuffer.wrap(frame), round, round)) {
        waiting.add(frame);
      } else {
        assertThat(waiting).as("what a full ring holds").isNotEmpty();
      }
      if (random.nextInt(3) == 0) {
        while (random.nextInt(8) > 0 && ring.next() != null) {
          byte[] out = new byte[ring.bytes().remaining()];
          ring.bytes().get(out);
          assertThat(ring.kind()).isEqualTo(LaneRing.Kind.FRAME);
          assertThat(out).isEqualTo(waiting.remove(0));
          ring.advance();
          taken++;
        }
        ring.release();
      }
    }
    assertThat(taken).isGreaterThan(5000);
  }

  @Test
  void framesOfManyThreads_areEachThreadsInItsOrder() throws Exception {
    LaneRing ring = new LaneRing(RING_BYTES);
    int threads = 3;
    int frames = 20_000;
    LaneCall session = session();
    List<Thread> writers = new ArrayList<>();
    for (int number = 0; number < threads; number++) {
      int writer = number;
      Thread thread = new Thread(() -> {
        for (int i = 0; i < frames; i++) {
          ByteBuffer frame =
              ByteBuffer.allocate(8 + (i * 37) % 1500).putInt(writer).putInt(i);
          while (!ring.offer(session, frame.rewind(), i, i)) {
            Thread.onSpinWait();
          }
        }
      });
      thread.start();
      writers.add(thread);
    }
    int[] next = new int[threads];
    int taken = 0;
    while (taken < threads * frames) {
      if (ring.next() != null) {
        ByteBuffer bytes = ring.bytes();
        int writer = bytes.getInt();
        int number = bytes.getInt();
        assertThat(number).isEqualTo(next[writer]);
        assertThat(ring.dueNanos()).isEqualTo(number);
        assertThat(bytes.remaining()).isEqualTo(number * 37 % 1500);
        next[writer]++;
        taken++;
        ring.advance();
      }
      ring.release();
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(ring.next()).isNull();
  }

  @Test
  void longestFrame_fitsAnEmptyRing_whereverItsHeadIs() {
    LaneRing ring = new LaneRing(RING_BYTES);
    LaneCall session = session();
    ByteBuffer longest = ByteBuffer.allocate(ring.maxFrameBytes());
    for (int round = 0; round < 300; round++) {
      assertThat(ring.offer(session, ByteBuffer.allocate(1), 0, 0)).isTrue();
      assertThat(ring.next()).isSameAs(session);
      ring.advance();
      ring.release();
      assertThat(ring.offer(session, longest.rewind(), 0, 0))
          .as("round " + round)
          .isTrue();
      assertThat(ring.next()).isSameAs(session);
      assertThat(ring.bytes().remaining()).isEqualTo(longest.capacity());
      ring.advance();
      ring.release();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 128, 1000, Integer.MIN_VALUE})
  void sizesThatAreNoPowerOfTwo_areRefused(int bytes) {
    assertThatThrownBy(() -> new LaneRing(bytes)).isInstanceOf(IllegalArgumentException.class);
  }
}
