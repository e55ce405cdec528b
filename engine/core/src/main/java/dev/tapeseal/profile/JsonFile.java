package dev.tapeseal.profile;

import dev.tapeseal.files.FileStamp;
import dev.tapeseal.files.ProcessLock;
import dev.tapeseal.files.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One JSON file that several processes read and change. Readers never wait; what they read is kept,
 * and read again when the file is another one, which costs one call to the file system. Changes
 * exclude each other.
 *
 * <p>Safe for any thread.
 *
 * @param <T> what the JSON is read as, immutable
 */
final class JsonFile<T> {
  private static final String LOCK = ".lock";

  private final Path file;
  private final Reader<T> reader;
  private volatile @Nullable Kept<T> kept;

  JsonFile(Path file, Reader<T> reader) {
    this.file = file;
    this.reader = reader;
  }

  /** Reads a tree, which it must not change afterwards. */
  @FunctionalInterface
  interface Reader<T> {
    T read(ObjectNode tree, String source) throws ProfileException;
  }

  /** Changes a tree in place, or throws and leaves the file as it is. */
  @FunctionalInterface
  interface Change {
    void apply(ObjectNode tree) throws ProfileException;
  }

  private record Kept<T>(FileStamp stamp, T value) {}

  Path path() {
    return file;
  }

  /** Reads it; empty where there is no such file. */
  Optional<T> read() throws IOException {
    try {
      Instant now = Instant.now();
      FileStamp stamp = FileStamp.of(file);
      Kept<T> before = kept;
      if (before != null && before.stamp().equals(stamp)) {
        return Optional.of(before.value());
      }
      T value = reader.read(tree(), file.toString());
      kept = stamp.isYoungAt(now) ? null : new Kept<>(stamp, value);
      return Optional.of(value);
    } catch (NoSuchFileException absent) {
      kept = null;
      return Optional.empty();
    }
  }

  /**
   * Changes it, alone in its folder; a file that does not exist begins as an empty object.
   *
   * @return what it now is
   */
  T change(Change change) throws IOException {
    try (ProcessLock lock = ProcessLock.acquire(folder().resolve(LOCK))) {
      ObjectNode tree;
      try {
        tree = tree();
      } catch (NoSuchFileException absent) {
        tree = Json.object();
      }
      change.apply(tree);
      T value = reader.read(
          tree, file.toString()); // before it is written: nothing unreadable gets into a file
      byte[] content = Json.indented(tree);
      if (content.length > Json.MAX_BYTES) {
        throw new ProfileException.Conflict(
            file + ": would have more than " + Json.MAX_BYTES + " bytes (expected: at most that)");
      }
      WholeFile.of(file).replace(lock, content);
      return value;
    }
  }

  private ObjectNode tree() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Json.parse(in.readNBytes(Json.MAX_BYTES + 1), file.toString());
    }
  }

  /** The file's folder, which is made where it does not exist yet, 0750 as a store's folders are. */
  private Path folder() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalStateException(file + ": the root of a file system has no content");
    }
    FileAttribute<?>[] attributes = WholeFile.isPosix(folder)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"))
        }
        : new FileAttribute<?>[0];
    return Files.createDirectories(folder, attributes);
  }
}
