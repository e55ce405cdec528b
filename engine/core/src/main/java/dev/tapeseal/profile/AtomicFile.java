package dev.tapeseal.profile;

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

/**
 * Replaces whole files: whoever reads, and whatever crashes, sees the old content or the new one.
 * Only the holder of the folder's {@link FolderLock} may call.
 *
 * <p>A new file is for its owner alone, since profiles hold credentials; a replaced one keeps its
 * permissions.
 */
final class AtomicFile {
  private static final String PART = ".part";

  private AtomicFile() {}

  static void replace(FolderLock lock, Path file, byte[] content) throws IOException {
    lock.requireHeld();
    Path folder = parent(file);
    String name = name(file);
    sweep(folder, name);
    Path part = folder.resolve("." + name + "." + UUID.randomUUID() + PART);
    boolean published = false;
    try {
      write(part, content, permissions(file));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      published = true;
    } finally {
      if (!published) {
        Files.deleteIfExists(part);
      }
    }
    sync(folder);
  }

  /** Removes what a crash left: nobody else can be writing this file now. */
  private static void sweep(Path folder, String name) throws IOException {
    DirectoryStream.Filter<Path> leftOvers = path -> {
      String candidate = name(path);
      return candidate.startsWith("." + name + ".") && candidate.endsWith(PART);
    };
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

  private static Set<PosixFilePermission> permissions(Path file) throws IOException {
    if (isPosix(file)) {
      try {
        return Files.getPosixFilePermissions(file);
      } catch (NoSuchFileException isNew) {
        return EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
      }
    }
    return Set.of();
  }

  static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Makes the names in a folder durable. Windows cannot open a folder, and does not need to. */
  private static void sync(Path folder) throws IOException {
    if (isPosix(folder)) {
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("file: " + file + " (expected: one in a folder)");
    }
    return parent;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
