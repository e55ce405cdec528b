package dev.tapeseal.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread of one process at a time change files that several share. The lock is on a file of its own, which
 * stays; the operating system takes it back from a process that dies.
 *
 * <p>Blocks for at most {@link #PATIENCE}. Held by the thread that acquired it, which must close it.
 */
public final class ProcessLock implements AutoCloseable {
  /** How long it is waited for. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long PAUSE_MS = 5;

  /** How long a process that has just released a lock leaves it to others: some of their looks at it. */
  private static final long TURN_MS = 4 * PAUSE_MS;

  // Threads must exclude each other before they come near the lock's file: in POSIX, closing any
  // channel on it drops every lock that the whole process has on it. One entry a file, for as long
  // as the process runs.
  private static final ConcurrentMap<Path, Threads> THREADS = new ConcurrentHashMap<>();

  private final Threads threads;
  private final FileChannel file;

  /** The threads of this process; who holds the lock knows when the one before released it. */
  private static final class Threads {
    private final ReentrantLock lock = new ReentrantLock(true);
    private long releasedNs = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(TURN_MS);

    /** Waits for as long as it is others' turn; without that a busy process would starve them. */
    void leaveTurn() throws InterruptedException {
      long sinceMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - releasedNs);
      if (sinceMs < TURN_MS) {
        Thread.sleep(TURN_MS - sinceMs);
      }
    }
  }

  private ProcessLock(Threads threads, FileChannel file) {
    this.threads = threads;
    this.file = file;
  }

  /**
   * Waits for the lock.
   *
   * @param file made where it does not exist; its folder exists
   * @throws IOException where others keep it too long, or the folder cannot be written to
   * @throws IllegalStateException where this thread holds it already
   */
  public static ProcessLock acquire(Path file) throws IOException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    Path lockFile = realPath(file);
    Threads threads = THREADS.computeIfAbsent(lockFile, path -> new Threads());
    if (threads.lock.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          lockFile + ": held by this thread already (expected: acquired once)");
    }
    @Nullable FileChannel channel = null;
    boolean acquired = false;
    try {
      if (!threads.lock.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        throw tooLong(lockFile);
      }
      threads.leaveTurn();
      channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      while (channel.tryLock() == null) {
        if (System.nanoTime() - deadlineNs > 0) {
          throw tooLong(lockFile);
        }
        Thread.sleep(PAUSE_MS);
      }
      acquired = true;
      return new ProcessLock(threads, channel);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(lockFile + ": interrupted while waiting for it", e);
    } finally {
      if (!acquired) {
        release(threads, channel);
      }
    }
  }

  /** Every way to the file leads to one lock. */
  private static Path realPath(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    return folder == null ? absolute : folder.toRealPath().resolve(absolute.getFileName());
  }

  private static IOException tooLong(Path lockFile) {
    return new IOException(lockFile + ": held by another process for " + PATIENCE.toSeconds()
        + " s (expected: a moment); see which process has the file open");
  }

  /**
   * Does nothing where the calling thread holds it.
   *
   * @throws IllegalStateException otherwise
   */
  void requireHeld() {
    if (!threads.lock.isHeldByCurrentThread() || !file.isOpen()) {
      throw new IllegalStateException(
          "lock: not held by this thread (expected: acquired, and not closed)");
    }
  }

  /** Leaves it to others. May be called more than once. */
  @Override
  public void close() throws IOException {
    release(threads, file);
  }

  private static void release(Threads threads, @Nullable FileChannel file) throws IOException {
    try {
      if (file != null) {
        file.close(); // which drops the lock
      }
    } finally {
      if (threads.lock.isHeldByCurrentThread()) {
        threads.releasedNs = System.nanoTime();
        threads.lock.unlock();
      }
    }
  }
}
