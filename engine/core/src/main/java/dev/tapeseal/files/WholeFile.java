package dev.tapeseal.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A file that is replaced whole: whoever reads it, and whatever crashes, sees the old content or the new one. Only the
 * holder of the {@link ProcessLock} that its writers share may replace it.
 *
 * <p>A replacement is durable when the call returns, and costs two fsyncs. A write that fails, on a full disk for
 * example, leaves the old content and nothing beside it. Safe for any thread.
 */
public final class WholeFile {
  private static final String PART = ".part";
  private static final String UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final Path folder;
  private final String name;

  /** Who may read a new version; files here hold credentials and keys. */
  public enum Access {
    /** Its owner alone. */
    OWNER_ONLY,
    /** Those who may read the version before; where there is none its owner alone. */
    AS_BEFORE
  }

  /** Something to do once the new version is durable, and not yet the current one. */
  @FunctionalInterface
  public interface Step {
    void run() throws IOException;
  }

  private WholeFile(Path file, Path folder) {
    this.file = file;
    this.folder = folder;
    this.name = String.valueOf(file.getFileName());
  }

  /** A file that need not exist yet; its folder exists when it is replaced. */
  public static WholeFile of(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException("file: " + file + " (expected: one in a folder)");
    }
    return new WholeFile(file, folder);
  }

  /** Puts new content in the place of the old, with the permissions of the old. */
  public void replace(ProcessLock lock, byte[] content) throws IOException {
    replace(lock, content, Access.AS_BEFORE, () -> {});
  }

  /**
   * Puts new content in the place of the old.
   *
   * @param beforeMove run last of all before the new content takes its place; where it fails the old stays
   */
  public void replace(ProcessLock lock, byte[] content, Access access, Step beforeMove)
      throws IOException {
    sweep(lock);
    Path part = folder.resolve("." + name + "." + UUID.randomUUID() + PART);
    boolean published = false;
    try {
      write(part, content, permissions(access));
      beforeMove.run();
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      published = true;
    } finally {
      if (!published) {
        Files.deleteIfExists(part);
      }
    }
    sync();
  }

  /** Removes what a crash left of this file: nobody else can be writing it now. */
  public void sweep(ProcessLock lock) throws IOException {
    lock.requireHeld();
    // Of this file alone: another file's name may begin with this one's.
    Pattern ours =
        Pattern.compile("\\." + Pattern.quote(name) + "\\." + UUID_PATTERN + Pattern.quote(PART));
    DirectoryStream.Filter<Path> leftOvers =
        path -> ours.matcher(String.valueOf(path.getFileName())).matches();
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, leftOvers)) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    }
  }

  private static void write(Path part, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    FileAttribute<?>[] attributes = isPosix(part)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(part, options, attributes)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    if (isPosix(part)) {
      Files.setPosixFilePermissions(part, permissions); // the process' umask may have taken some
    }
  }

  private Set<PosixFilePermission> permissions(Access access) throws IOException {
    if (access == Access.AS_BEFORE && isPosix(file)) {
      try {
        return Files.getPosixFilePermissions(file);
      } catch (NoSuchFileException isNew) {
        return OWNER_ONLY;
      }
    }
    return OWNER_ONLY;
  }

  /** Makes the names in the folder durable. Windows cannot open a folder, and does not need to. */
  private void sync() throws IOException {
    if (isPosix(folder)) {
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }

  /** Whether files beside this one have owners and permissions as POSIX knows them. */
  public static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
