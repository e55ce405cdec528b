package dev.tapeseal.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts failed logins by a key, and locks the key out for longer and longer: after {@code allowed} failures for a
 * minute, with each further one for twice as long, an hour at most. A failure is forgotten after three minutes without
 * another. An attempt counts as failed from its beginning, so that many at once gain nothing. Any thread.
 */
final class LockOut {
  private static final Duration FIRST_LOCK = Duration.ofMinutes(1);
  private static final Duration LONGEST_LOCK = Duration.ofHours(1);
  private static final Duration FORGET_ONE = Duration.ofMinutes(3);
  private static final int MAX_DOUBLINGS = 10;
  private static final int MAX_KEYS = 100_000;

  private final int allowed;
  private final Clock clock;
  private final Map<String, Failures> failures =
      new LinkedHashMap<>(); // guarded by this; the oldest first

  private record Failures(int count, Instant last, Instant lockedUntil) {}

  LockOut(int allowed, Clock clock) {
    this.allowed = allowed;
    this.clock = clock;
  }

  /** How long the key is locked out yet; zero when it is not. */
  synchronized Duration lockedFor(String key) {
    Failures known = failures.get(key);
    Instant now = clock.instant();
    return known == null || !known.lockedUntil.isAfter(now)
        ? Duration.ZERO
        : Duration.between(now, known.lockedUntil);
  }

  /**
   * Begins an attempt: a failure until {@link #succeeded} or {@link #takeBack} say otherwise. Gives how long the key is
   * locked out yet, in which case there is no attempt.
   */
  synchronized Duration attempt(String key) {
    Duration locked = lockedFor(key);
    if (!locked.isZero()) {
      return locked;
    }
    Instant now = clock.instant();
    int count = remembered(failures.remove(key), now) + 1;
    Instant lockedUntil = now;
    if (count >= allowed) {
      Duration lock = FIRST_LOCK.multipliedBy(1L << Math.min(MAX_DOUBLINGS, count - allowed));
      lockedUntil = now.plus(lock.compareTo(LONGEST_LOCK) < 0 ? lock : LONGEST_LOCK);
    }
    if (failures.size() >= MAX_KEYS) {
      failures.remove(failures.keySet().iterator().next());
    }
    failures.put(key, new Failures(count, now, lockedUntil));
    return Duration.ZERO;
  }

  /** The attempt did not fail: the key starts afresh. */
  synchronized void succeeded(String key) {
    failures.remove(key);
  }

  /** The attempt did not fail, but what failed before still counts. */
  synchronized void takeBack(String key) {
    Failures known = failures.get(key);
    if (known != null) {
      Instant lockedUntil = known.count > allowed ? known.lockedUntil : clock.instant();
      failures.put(key, new Failures(Math.max(0, known.count - 1), known.last, lockedUntil));
    }
  }

  private static int remembered(@Nullable Failures known, Instant now) {
    if (known == null) {
      return 0;
    }
    long forgotten = Duration.between(known.last, now).dividedBy(FORGET_ONE);
    return (int) Math.max(0, known.count - forgotten);
  }
}
