package dev.tapeseal.profile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread of one process at a time change the files of a folder. The lock is on the file
 * {@code .lock}, which stays; the operating system takes it back from a process that dies.
 *
 * <p>Blocks for at most {@link #PATIENCE}. Held by the thread that acquired it, which must close
 * it.
 */
final class FolderLock implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long PAUSE_MS = 5;
  private static final String NAME = ".lock";

  // Threads must exclude each other before they come near the file: in POSIX, closing any channel
  // on a file drops every lock that the whole process has on it. One entry a folder, for as long as
  // the process runs.
  private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock threads;
  private final FileChannel file;

  private FolderLock(ReentrantLock threads, FileChannel file) {
    this.threads = threads;
    this.file = file;
  }

  /**
   * Waits for the lock of an existing folder.
   *
   * @throws IOException where others keep it too long, or the folder cannot be written to
   */
  static FolderLock acquire(Path folder) throws IOException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    ReentrantLock threads =
        THREADS.computeIfAbsent(folder.toRealPath(), path -> new ReentrantLock());
    if (threads.isHeldByCurrentThread()) {
      throw new IllegalStateException(folder + ": locked by this thread already (expected: once)");
    }
    Path lockFile = folder.resolve(NAME);
    @Nullable FileChannel file = null;
    boolean acquired = false;
    try {
      if (!threads.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException(tooLong(lockFile));
      }
      file = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      while (file.tryLock() == null) {
        if (System.nanoTime() - deadlineNs > 0) {
          throw new IOException(tooLong(lockFile));
        }
        Thread.sleep(PAUSE_MS);
      }
      acquired = true;
      return new FolderLock(threads, file);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(lockFile + ": interrupted while waiting for it", e);
    } finally {
      if (!acquired) {
        release(threads, file);
      }
    }
  }

  private static String tooLong(Path lockFile) {
    return lockFile + ": held by another process for " + PATIENCE.toSeconds()
        + " s (expected: a moment); see which process has the file open";
  }

  /** Refuses a caller who does not hold it. */
  void requireHeld() {
    if (!threads.isHeldByCurrentThread() || !file.isOpen()) {
      throw new IllegalStateException(
          "folder lock: not held by this thread (expected: acquired, and not closed)");
    }
  }

  @Override
  public void close() throws IOException {
    release(threads, file);
  }

  private static void release(ReentrantLock threads, @Nullable FileChannel file)
      throws IOException {
    try {
      if (file != null) {
        file.close(); // which drops the lock
      }
    } finally {
      if (threads.isHeldByCurrentThread()) {
        threads.unlock();
      }
    }
  }

  /** Makes the folder where it does not exist yet, 0750 as a store's folders are, then acquires its lock. */
  static FolderLock acquireIn(Path folder) throws IOException {
    FileAttribute<?>[] attributes = AtomicFile.isPosix(folder)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"))
        }
        : new FileAttribute<?>[0];
    Files.createDirectories(folder, attributes);
    return acquire(folder);
  }
}
