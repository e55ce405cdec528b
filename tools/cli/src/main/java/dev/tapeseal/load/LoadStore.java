package dev.tapeseal.load;

import dev.tapeseal.store.RecordingStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Where a load's recordings go. Each run has a store of its own, which is gone afterwards. Confined to one thread. */
public final class LoadStore {
  private final @Nullable Path folder;
  private int runs;

  private LoadStore(@Nullable Path folder) {
    this.folder = folder;
  }

  /** Nowhere: what is measured is the recorder alone. */
  public static LoadStore nothing() {
    return new LoadStore(null);
  }

  /**
   * Into stores in a folder, each of which is removed after its run.
   *
   * @param folder one that is empty, or missing and then made
   * @throws IOException where it cannot be made, or holds something
   */
  public static LoadStore in(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      if (files.iterator().hasNext()) {
        throw new IOException(
            folder + ": holds something (expected: an empty folder, or a new one)");
      }
    }
    return new LoadStore(folder);
  }

  /** The store of one run. */
  record Opened(RecordingStore store, @Nullable Path folder) implements Closeable {
    @Override
    public void close() throws IOException {
      try (store) {
        // before its files go
      }
      if (folder != null) {
        delete(folder);
      }
    }
  }

  Opened open() throws IOException {
    if (folder == null) {
      return new Opened(RecordingStore.discarding(), null);
    }
    Path own = folder.resolve("run-" + ++runs);
    return new Opened(RecordingStore.open(own), own);
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
          throws IOException {
        if (failure != null) {
          throw failure;
        }
        Files.delete(visited);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  @Override
  public String toString() {
    return folder == null ? "none" : folder.toString();
  }
}
