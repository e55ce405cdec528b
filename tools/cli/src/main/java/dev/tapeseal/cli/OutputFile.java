package dev.tapeseal.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An output that a user asked for: it appears under its name whole, or not at all.
 *
 * <p>It is written beside its place as {@code .NAME.UUID.part}, which is gone after a failure and after Ctrl-C. An
 * existing file is replaced only where that was asked for, and only by the finished one. Standard output, pipes and
 * devices are written as they are.
 */
final class OutputFile implements Closeable {

  /** What happens to a file that is there already. */
  enum Existing {
    REFUSE,
    REPLACE
  }

  /** Who may read the file. */
  enum Access {
    /** Whoever the umask lets. */
    SHARED,
    /** Its owner alone, from the first byte: plaintext and keys. */
    OWNER
  }

  private static final FileAttribute<?>[] SHARED = {};
  private static final FileAttribute<?>[] OWNER = {
    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
  };

  private final Path path;
  private final @Nullable Path part;
  private final Existing existing;
  private final WritableByteChannel channel;
  private boolean published;

  private OutputFile(
      Path path, @Nullable Path part, Existing existing, WritableByteChannel channel) {
    this.path = path;
    this.part = part;
    this.existing = existing;
    this.channel = channel;
  }

  /**
   * Begins an output.
   *
   * @param path {@code -} for standard output
   * @throws CommandException where it exists and may not be replaced, or its directory does not exist
   */
  static OutputFile create(Terminal terminal, Path path, Existing existing, Access access)
      throws IOException {
    if (Inputs.isStandard(path)) {
      return new OutputFile(path, null, existing, terminal.dataOut());
    }
    if (isDevice(path)) {
      return new OutputFile(
          path,
          null,
          existing,
          Terminal.forwardOnly(
              new NamedFile(path, FileChannel.open(path, StandardOpenOption.WRITE))));
    }
    refuseExisting(path, existing);
    Path target = Files.isSymbolicLink(path) ? path.toRealPath() : path;
    Path directory = target.toAbsolutePath().getParent();
    if (directory != null && Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new CommandException(
          ExitCode.NOT_FOUND, path + ": " + directory + " is no directory (expected: one)");
    }
    if (directory == null || !Files.isDirectory(directory)) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          path + ": its directory " + directory + " does not exist (make it first)");
    }
    Path part = directory.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
    part.toFile().deleteOnExit(); // Ctrl-C
    return new OutputFile(target, part, existing, new NamedFile(path, open(path, part, access)));
  }

  /** Opens the file to write; a failure names the one that was asked for. */
  private static FileChannel open(Path path, Path part, Access access) throws IOException {
    try {
      return FileChannel.open(
          part,
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
          access == Access.OWNER ? OWNER : SHARED);
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? "permission denied" : e.getReason();
      FileSystemException named =
          new FileSystemException(path.toString(), null, "cannot be made: " + reason);
      named.initCause(e);
      throw named;
    }
  }

  /** Refuses an output that exists, before any work is done for it. */
  static void refuseExisting(Path path, Existing existing) {
    if (Files.isDirectory(path)) {
      throw new CommandException(
          ExitCode.FAILED, path + ": is a directory (expected: the name of a file to write)");
    }
    if (existing == Existing.REFUSE
        && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !isDevice(path)) {
      throw existsAlready(path, null);
    }
  }

  private static CommandException existsAlready(Path path, @Nullable Throwable cause) {
    return new CommandException(
        ExitCode.FAILED, path + ": exists already (--force replaces it)", cause);
  }

  /** A pipe, a terminal, {@code /dev/null}: nothing that could be replaced by a finished file. */
  private static boolean isDevice(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
  }

  /** Where the bytes go: seekable, but for standard output and devices. */
  WritableByteChannel channel() {
    return channel;
  }

  /** The file's place; null where there is nothing that could be taken back: standard output, pipes, devices. */
  @Nullable
  Path place() {
    return part == null ? null : path;
  }

  /** Puts the finished file in its place. */
  void publish() throws IOException {
    channel.close();
    if (part == null) {
      published = true;
      return;
    }
    switch (existing) {
      case REPLACE ->
        Files.move(part, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      case REFUSE -> link(part);
    }
    published = true;
    Files.deleteIfExists(part);
  }

  /** A link refuses a file that came into being meanwhile, where a move would replace it. */
  private void link(Path finished) throws IOException {
    try {
      Files.createLink(path, finished);
    } catch (FileAlreadyExistsException e) {
      throw existsAlready(path, e);
    } catch (UnsupportedOperationException
        | FileSystemException e) { // a file system without hard links
      refuseExisting(path, existing);
      Files.move(finished, path);
    }
  }

  /** Ends the work on the output; a file that was not published is deleted. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (!published && part != null) {
      Files.deleteIfExists(part);
    }
  }
}
