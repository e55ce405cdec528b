package dev.tapeseal.mux;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Who is at which pair, among the threads and processes of one machine: a lock a pair, which the system takes back
 * from a process that dies. Whoever holds a claim looks again whether the pair is muxed.
 */
final class PairClaims {
  private final Path folder;

  /** Claims by files in a folder, which is made where it is missing. */
  PairClaims(Path folder) {
    this.folder = folder;
  }

  /** A claim, which closing gives back; null where somebody else has the pair. */
  @Nullable
  AutoCloseable claim(CatalogPair pair) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(pair.muxedId() + ".lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this process has it
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      return null;
    }
    return () -> {
      // whoever opened the file before it is deleted locks one that nobody finds: it sees the pair
      // muxed, or tries again
      Files.deleteIfExists(file);
      channel.close();
    };
  }
}
