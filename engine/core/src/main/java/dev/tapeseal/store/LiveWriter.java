package dev.tapeseal.store;

import dev.tapeseal.store.DiskSteps.Step;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One open store's right to write: a lock that the system gives back when the process ends, however it ends.
 *
 * <p>A writer has 64 random bits, which are the first half of the UUID in the name of every file that it has not
 * finished. While it lives it holds a lock on {@code .writers/<those bits>.lock}; so whoever finds an unfinished
 * file can tell whether its writer still lives. The locked file is a journal too: before a writer works in a day's
 * folder for the first time it notes the folder there, durably; so what a dead writer left is found without
 * looking everywhere.
 *
 * <p>A POSIX lock belongs to a process and is lost when the process closes the file anywhere. Therefore this class
 * keeps the writers of its own process in a set, and never opens their files.
 */
final class LiveWriter implements Closeable {
  static final String FOLDER = ".writers";
  private static final String LOCK = ".lock";
  private static final Set<Long> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final long bits;
  private final Path file;
  private final FileChannel journal;
  private final DiskSteps steps;
  private final AtomicLong parts = new AtomicLong();
  private final AtomicLong unfinished = new AtomicLong();
  private final Set<String> days = new HashSet<>();

  private LiveWriter(long bits, Path file, FileChannel journal, DiskSteps steps) {
    this.bits = bits;
    this.file = file;
    this.journal = journal;
    this.steps = steps;
  }

  /** Begins to live. The folder {@code .writers} must be there. */
  static LiveWriter open(Path root, DiskSteps steps) throws IOException {
    while (true) {
      long bits = RANDOM.nextLong();
      Path file = lockFile(root, bits);
      OF_THIS_PROCESS.add(bits);
      boolean lives = false;
      FileChannel journal = null;
      try {
        journal = FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            Ownership.file(root));
        // a sweep elsewhere may have taken the file for a dead writer's before it was locked
        if (journal.tryLock() != null && Files.exists(file)) {
          steps.before(Step.FORCE_FOLDER, root.resolve(FOLDER));
          Ownership.forceFolder(root.resolve(FOLDER));
          lives = true;
          return new LiveWriter(bits, file, journal, steps);
        }
      } finally {
        if (!lives) {
          end(bits, journal);
        }
      }
    }
  }

  private static void end(long bits, @Nullable FileChannel journal) throws IOException {
    try {
      if (journal != null) {
        journal.close();
      }
    } finally {
      OF_THIS_PROCESS.remove(bits);
    }
  }

  /** Names the next unfinished file. */
  UUID nextPart() {
    return new UUID(bits, parts.incrementAndGet());
  }

  /** Counts a file that may stay behind. */
  void begun() {
    unfinished.incrementAndGet();
  }

  /** Counts a file that will not. */
  void finished() {
    unfinished.decrementAndGet();
  }

  /** Notes that files will be made in this folder, relative to the root. */
  synchronized void enter(String day) throws IOException {
    if (!days.contains(day)) {
      steps.before(Step.WRITE, file);
      ByteBuffer line = ByteBuffer.wrap((day + "\n").getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        journal.write(line);
      }
      steps.before(Step.FORCE, file);
      journal.force(true);
      days.add(day);
    }
  }

  /** Ends. Where a file could not be removed the journal stays, so that the next start does it. */
  @Override
  public void close() throws IOException {
    try (journal) {
      if (unfinished.get() == 0) {
        steps.before(Step.DELETE, file);
        Files.deleteIfExists(file);
      }
    } finally {
      OF_THIS_PROCESS.remove(bits);
    }
  }

  /** Ends as a killed process does: the lock goes, the journal stays. */
  void vanish() throws IOException {
    end(bits, journal);
  }

  /** Takes over what a dead writer left, until it is closed; null where the writer lives or another process does. */
  static @Nullable DeadWriter bury(Path lockFile) throws IOException {
    String name = lockFile.getFileName().toString();
    if (!name.matches("[0-9a-f]{16}" + LOCK.replace(".", "\\."))) {
      return null;
    }
    long bits = Long.parseUnsignedLong(name.substring(0, 16), 16);
    if (OF_THIS_PROCESS.contains(bits)) {
      return null;
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(lockFile, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return null; // it ended in order just now, or another process has buried it
    }
    boolean takenOver = false;
    try {
      FileLock lock = channel.tryLock();
      if (lock != null && Files.exists(lockFile)) {
        // through this very channel: closing another would release the lock
        byte[] journal = Channels.newInputStream(channel).readAllBytes();
        List<String> days = new String(journal, StandardCharsets.UTF_8).lines().toList();
        takenOver = true;
        return new DeadWriter(bits, lockFile, channel, days);
      }
      return null;
    } catch (OverlappingFileLockException e) {
      return null; // another class loader of this process has it, or sweeps it
    } finally {
      if (!takenOver) {
        channel.close();
      }
    }
  }

  private static Path lockFile(Path root, long bits) {
    return root.resolve(FOLDER).resolve("%016x".formatted(bits) + LOCK);
  }

  /** A writer that ended without finishing; closing it gives up the right to clean up after it. */
  record DeadWriter(long bits, Path file, FileChannel lock, List<String> days)
      implements Closeable {
    boolean wrote(UUID part) {
      return part.getMostSignificantBits() == bits;
    }

    /** Forgets the writer: nothing of it is left. */
    void forget() throws IOException {
      Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
      lock.close();
    }
  }
}
