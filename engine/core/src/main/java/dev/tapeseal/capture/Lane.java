package dev.tapeseal.capture;

import dev.tapeseal.content.CbcBatch;
import dev.tapeseal.content.CbcEncryptor;
import dev.tapeseal.media.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread's share of the recordings. A recording stays on its lane, so that nothing that encrypts is ever shared
 * between threads.
 *
 * <p>Any thread may {@link #offer}; only the lane's own thread may {@link #doWork}. A turn takes what is waiting, up to
 * a limit, encrypts in one call what its CBC recordings have gathered, and publishes the lane's counters once; four times
 * a second the lane looks for sessions whose frames stopped coming.
 */
final class Lane {
  private static final int FRAMES_A_TURN = 1024;
  private static final int RELEASED_FRAMES = 128;
  private static final int BATCHED_RECORDINGS = 64;
  private static final long IDLE_NANOS = 200_000;
  private static final long SWEEP_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final int number;
  private final LaneRing ring;
  private final @Nullable FrameListener listener;
  private final Executor finishers;
  private final LongSupplier nanoClock;
  private final Queue<LaneSession> joining = new ConcurrentLinkedQueue<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final LongAdder dropped = new LongAdder();
  private final AtomicLong framesPublished = new AtomicLong();
  private final AtomicLong bytesPublished = new AtomicLong();
  private final AtomicLong sessionsPublished = new AtomicLong();
  private final AtomicLong refusedPublished = new AtomicLong();
  private final AtomicLong failedPublished = new AtomicLong();
  private volatile boolean ending;

  // the lane's thread's alone
  private final List<LaneSession> sessions = new ArrayList<>();
  private final CbcBatch batch = new CbcBatch(CbcEncryptor.jca(), BATCHED_RECORDINGS);
  private final long[] dueNanos = new long[FRAMES_A_TURN];
  private final long[] offeredNanos = new long[FRAMES_A_TURN];
  private int timed;
  private long frames;
  private long bytes;
  private long refused;
  private long failed;
  private long sweptAtNanos;

  Lane(
      int number,
      LaneRing ring,
      @Nullable FrameListener listener,
      Executor finishers,
      LongSupplier nanoClock) {
    this.number = number;
    this.ring = ring;
    this.listener = listener;
    this.finishers = finishers;
    this.nanoClock = nanoClock;
    this.sweptAtNanos = nanoClock.getAsLong();
  }

  // --- any thread ---

  /** Hands over a frame; false means that the lane is full and the caller must slow down. */
  boolean offer(LaneSession session, ByteBuffer frame, long due) {
    if (ending) {
      return false;
    }
    long offered = due == LaneRing.NOT_DUE ? due : nanoClock.getAsLong();
    return ring.offer(session, frame, due, offered);
  }

  boolean offer(LaneSession session, LaneRing.Kind kind) {
    return !ending && ring.offer(session, kind);
  }

  /** Has the lane look after a session; not called once the lane is ended. */
  void join(LaneSession session) {
    session.joinBatch(batch); // before its first frame
    joining.add(session);
  }

  static IllegalStateException closed() {
    return new IllegalStateException("lanes: closed (expected: open)");
  }

  int maxFrameBytes() {
    return ring.maxFrameBytes();
  }

  void countDropped() {
    dropped.increment();
  }

  LaneCounts counts() {
    return new LaneCounts(
        sessionsPublished.get(),
        framesPublished.get(),
        bytesPublished.get(),
        dropped.sum(),
        refusedPublished.get(),
        failedPublished.get());
  }

  boolean isEnded() {
    return ending;
  }

  void end() {
    ending = true;
  }

  void awaitEnd() {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- the lane's thread ---

  /** Works until the lane is ended and empty, then gives up what is left. */
  void run() {
    try {
      while (true) {
        boolean last = ending; // what is offered after this is told so
        if (doWork() == 0) {
          if (last) {
            break;
          }
          LockSupport.parkNanos(IDLE_NANOS);
        }
      }
    } finally {
      admit();
      for (LaneSession session : sessions) {
        session.leaveBatch();
        session.closeBecauseOf(closed());
      }
      ended.countDown();
    }
  }

  /** Takes what is waiting, up to a limit, and returns how many frames and commands that was. */
  int doWork() {
    int done = 0;
    while (done < FRAMES_A_TURN) {
      LaneSession session = ring.next();
      if (session == null) {
        break;
      }
      take(session, ring.kind(), ring.bytes());
      ring.advance();
      done++;
      if (done % RELEASED_FRAMES == 0) {
        ring.release();
      }
    }
    ring.release();
    long now = nanoClock.getAsLong();
    if (now - sweptAtNanos >= SWEEP_EVERY_NANOS) {
      sweptAtNanos = now;
      sweep();
    }
    batch.run();
    tellLateness();
    framesPublished.lazySet(frames);
    bytesPublished.lazySet(bytes);
    refusedPublished.lazySet(refused);
    failedPublished.lazySet(failed);
    return done;
  }

  private void tellLateness() {
    if (listener != null && timed > 0) {
      long now = nanoClock.getAsLong();
      for (int i = 0; i < timed; i++) {
        listener.taken(number, now - dueNanos[i], now - offeredNanos[i]);
      }
    }
    timed = 0;
  }

  private void take(LaneSession session, LaneRing.Kind kind, ByteBuffer content) {
    if (kind == LaneRing.Kind.STOP) {
      admit();
      remove(session);
      session.leaveBatch(); // another thread goes on
      finishers.execute(session::end);
      return;
    }
    if (session.hasFailed()) {
      dropped.increment();
      return;
    }
    int length = content.remaining();
    try {
      session.take(kind, content);
      if (kind == LaneRing.Kind.FRAME) {
        frames++;
        bytes += length;
        if (ring.dueNanos() != LaneRing.NOT_DUE) {
          dueNanos[timed] = ring.dueNanos();
          offeredNanos[timed++] = ring.offeredNanos();
        }
      }
    } catch (MediaException e) {
      refused++;
    } catch (IOException | RuntimeException e) {
      fail(session, e);
    }
  }

  private void fail(LaneSession session, Exception e) {
    session.fail(e);
    failed++;
  }

  /** Takes over those that joined. */
  private void admit() {
    LaneSession joined;
    while ((joined = joining.poll()) != null) {
      joined.index = sessions.size();
      sessions.add(joined);
    }
    sessionsPublished.lazySet(sessions.size());
  }

  private void remove(LaneSession session) {
    LaneSession last = sessions.remove(sessions.size() - 1);
    if (last != session) {
      sessions.set(session.index, last);
      last.index = session.index;
    }
    sessionsPublished.lazySet(sessions.size());
  }

  private void sweep() {
    admit();
    for (int i = 0; i < sessions.size(); i++) {
      LaneSession session = sessions.get(i);
      if (!session.hasFailed()) {
        try {
          session.flushWhenIdle();
        } catch (IOException | RuntimeException e) {
          fail(session, e);
        }
      }
    }
  }
}
