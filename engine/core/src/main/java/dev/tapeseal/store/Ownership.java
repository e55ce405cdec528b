package dev.tapeseal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Who may read what a store makes: folders 0750, files 0640, so that services of one group share a store and
 * others see nothing. The umask may take more away. Folders that are there already keep their mode.
 */
final class Ownership {
  private static final FileAttribute<?>[] NONE = {};
  private static final FileAttribute<?>[] FOLDER = {
    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"))
  };
  private static final FileAttribute<?>[] FILE = {
    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
  };

  private Ownership() {}

  static FileAttribute<?>[] folder(Path near) {
    return isPosix(near) ? FOLDER.clone() : NONE;
  }

  static FileAttribute<?>[] file(Path near) {
    return isPosix(near) ? FILE.clone() : NONE;
  }

  private static boolean isPosix(Path near) {
    return near.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Makes the names in a folder durable. Windows cannot open a folder, and does not need to. */
  static void forceFolder(Path folder) throws IOException {
    if (isPosix(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Makes a folder and those above it that are missing, each durable in the one above. */
  static void makeFolders(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (Files.isDirectory(folder)) {
      return;
    }
    if (parent != null) {
      makeFolders(parent);
    }
    try {
      Files.createDirectory(folder, folder(folder));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      } // made by another process just now
    }
    if (parent != null) {
      forceFolder(parent);
    }
  }
}
