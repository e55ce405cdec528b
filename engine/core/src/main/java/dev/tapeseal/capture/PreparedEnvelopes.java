package dev.tapeseal.capture;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.WrappedSessionKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Session keys that were wrapped ahead, so that a recording begins without RSA, which a few threads do meanwhile.
 *
 * <p>Sets of certificates are learnt: the first recording under a set waits for its own key, and has others made for
 * those that follow. A set is these very certificates, so a change of them is another set, under which nothing is ready
 * yet; the old one is dropped, its keys wiped, once nobody has asked for it for {@link Options#idle}, or at
 * {@link #drop}. Where nothing is ready a key is made on the caller's thread, so taking one never fails for want of
 * preparation.
 *
 * <p>Bounded: at most {@value #MAX_SETS} sets, of which the one that was not asked for longest makes room, and
 * {@link Options#ahead} keys for each. Safe for any thread. Taking a prepared key costs a look-up. It is longer than
 * most classes because each of these bounds is beside what it bounds.
 *
 * <pre>{@code
 * try (PreparedEnvelopes prepared = PreparedEnvelopes.start(Options.STANDARD, new SecureRandom())) {
 *   Recorder recorder = Recorder.into(store).withSessionKeys(prepared);
 *   ...
 * }
 * }</pre>
 */
public final class PreparedEnvelopes implements SessionKeySource, AutoCloseable {
  /** How many sets of certificates have keys made ahead for them. */
  public static final int MAX_SETS = 64;

  private static final int MAX_AHEAD = 65_536;
  private static final int MAX_THREADS = 64;
  private static final long CLOSE_SECONDS = 10;

  private final Options options;
  private final SecureRandom random;
  private final LongSupplier nanoClock;
  private final ScheduledThreadPoolExecutor pool;
  private final Map<SetKey, Shelf> shelves = new HashMap<>(); // guarded by itself
  private final LongAdder prepared = new LongAdder();
  private final LongAdder madeAtOnce = new LongAdder();
  private boolean closed; // guarded by shelves

  /**
   * How much is made ahead.
   *
   * @param ahead keys for each set, 1 to 65,536; an encrypted session key of RSA-3072 takes some 2 KB a certificate
   * @param threads that do RSA, 1 to 64
   * @param idle after how long without a recording under it a set is dropped
   */
  public record Options(int ahead, int threads, Duration idle) {
    /** For a service: 256 keys a set, made by one thread, a minute. */
    public static final Options STANDARD = new Options(256, 1, Duration.ofMinutes(1));

    /** Refuses numbers out of range. */
    public Options {
      if (ahead < 1 || ahead > MAX_AHEAD) {
        throw new IllegalArgumentException(
            "envelopes ahead: " + ahead + " (expected: 1 to " + MAX_AHEAD + ")");
      }
      if (threads < 1 || threads > MAX_THREADS) {
        throw new IllegalArgumentException(
            "threads: " + threads + " (expected: 1 to " + MAX_THREADS + ")");
      }
      if (idle.isNegative() || idle.isZero()) {
        throw new IllegalArgumentException("idle: " + idle + " (expected: more than nothing)");
      }
    }
  }

  /**
   * What was done so far.
   *
   * @param prepared how many recordings began with a key that was ready
   * @param madeAtOnce how many had to wait for theirs
   * @param ready how many keys are ready now
   * @param sets for how many sets of certificates
   */
  public record Counts(long prepared, long madeAtOnce, int ready, int sets) {}

  /** A key serves every CBC format alike. */
  private record SetKey(boolean cbc, List<RecordingCertificate> certificates) {}

  /** What is ready for one set. */
  private final class Shelf {
    private final RecordingFormat format;
    private final List<RecordingCertificate> certificates;
    private final Queue<WrappedSessionKey> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile long askedAtNanos = nanoClock.getAsLong();
    private boolean filling; // guarded by this
    private boolean dropped; // guarded by this

    Shelf(RecordingFormat format, List<RecordingCertificate> certificates) {
      this.format = format;
      this.certificates = certificates;
    }

    @Nullable
    WrappedSessionKey poll() {
      askedAtNanos = nanoClock.getAsLong();
      WrappedSessionKey key = ready.poll();
      if (key != null) {
        count.decrementAndGet();
      }
      return key;
    }

    /** Whether somebody should be sent to {@link #fill}: half of it is gone, and nobody is at it. */
    synchronized boolean wantsFilling() {
      if (filling || dropped || count.get() > options.ahead() / 2) {
        return false;
      }
      filling = true;
      return true;
    }

    /** A certificate that encrypts no key fails here unheard: it fails at {@link #take}, too. */
    void fill() {
      try {
        while (count.get() < options.ahead()
            && put(WrappedSessionKey.generate(format, certificates, random))) {
          // until it is full
        }
      } finally {
        synchronized (this) {
          filling = false;
        }
      }
    }

    /** False where the set was dropped meanwhile; the key is then wiped. */
    private synchronized boolean put(WrappedSessionKey key) {
      if (dropped) {
        key.close();
        return false;
      }
      ready.add(key);
      count.incrementAndGet();
      return true;
    }

    synchronized void drop() {
      dropped = true;
      WrappedSessionKey key;
      while ((key = ready.poll()) != null) {
        count.decrementAndGet();
        key.close();
      }
    }
  }

  private PreparedEnvelopes(Options options, SecureRandom random, LongSupplier nanoClock) {
    this.options = options;
    this.random = random;
    this.nanoClock = nanoClock;
    pool = new ScheduledThreadPoolExecutor(options.threads(), work -> {
      Thread thread = new Thread(work, "tapeseal-envelopes");
      thread.setDaemon(true);
      return thread;
    });
    pool.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // while it is closed
    long millis = Math.max(1, options.idle().toMillis() / 4);
    var unused = pool.scheduleWithFixedDelay(this::dropIdle, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Starts it with one thread; others start when keys are to be made. */
  public static PreparedEnvelopes start(Options options, SecureRandom random) {
    return start(options, random, System::nanoTime);
  }

  static PreparedEnvelopes start(Options options, SecureRandom random, LongSupplier nanoClock) {
    return new PreparedEnvelopes(options, random, nanoClock);
  }

  @Override
  public WrappedSessionKey take(RecordingFormat format, List<RecordingCertificate> certificates) {
    SetKey set = new SetKey(format.isCbc(), List.copyOf(certificates));
    Shelf shelf = find(set);
    WrappedSessionKey key = shelf == null ? null : shelf.poll();
    if (key == null) {
      key = WrappedSessionKey.generate(format, certificates, random);
      madeAtOnce.increment();
      shelf = learn(set, format); // a set that no key can be made for is none
    } else {
      prepared.increment();
    }
    if (shelf != null && shelf.wantsFilling()) {
      pool.execute(shelf::fill);
    }
    return key;
  }

  private @Nullable Shelf find(SetKey set) {
    synchronized (shelves) {
      return shelves.get(set);
    }
  }

  /** Null once it is closed. */
  private @Nullable Shelf learn(SetKey set, RecordingFormat format) {
    Shelf crowdedOut = null;
    Shelf shelf;
    synchronized (shelves) {
      if (closed) {
        return null;
      }
      shelf = shelves.get(set);
      if (shelf == null) {
        if (shelves.size() == MAX_SETS) {
          crowdedOut = removeOldest();
        }
        shelf = new Shelf(format, set.certificates());
        shelves.put(set, shelf);
      }
    }
    if (crowdedOut != null) {
      crowdedOut.drop();
    }
    return shelf;
  }

  private @Nullable Shelf removeOldest() {
    SetKey oldest = null;
    long oldestAge = Long.MIN_VALUE;
    long now = nanoClock.getAsLong();
    for (Map.Entry<SetKey, Shelf> entry : shelves.entrySet()) {
      long age = now - entry.getValue().askedAtNanos;
      if (age > oldestAge) {
        oldestAge = age;
        oldest = entry.getKey();
      }
    }
    return shelves.remove(oldest);
  }

  private void dropIdle() {
    long now = nanoClock.getAsLong();
    List<Shelf> idle = new ArrayList<>();
    synchronized (shelves) {
      shelves.values().removeIf(shelf -> {
        boolean isIdle = now - shelf.askedAtNanos > options.idle().toNanos();
        if (isIdle) {
          idle.add(shelf);
        }
        return isIdle;
      });
    }
    idle.forEach(Shelf::drop);
  }

  /** Drops all that is ready, and wipes it: certificates have changed. What is asked for is learnt anew. */
  public void drop() {
    List<Shelf> all;
    synchronized (shelves) {
      all = List.copyOf(shelves.values());
      shelves.clear();
    }
    all.forEach(Shelf::drop);
  }

  /** What was done so far. */
  public Counts counts() {
    synchronized (shelves) {
      int ready = 0;
      for (Shelf shelf : shelves.values()) {
        ready += shelf.count.get();
      }
      return new Counts(prepared.sum(), madeAtOnce.sum(), ready, shelves.size());
    }
  }

  /** Ends the threads and wipes what is ready; keys can be taken still, and are then made at once. */
  @Override
  public void close() {
    synchronized (shelves) {
      closed = true;
    }
    drop();
    pool.shutdownNow();
    try {
      if (!pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("envelopes: RSA takes longer than " + CLOSE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
