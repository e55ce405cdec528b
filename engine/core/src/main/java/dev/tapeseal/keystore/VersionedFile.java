package dev.tapeseal.keystore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file that is replaced whole, and whose last versions stay beside it as {@code NAME.v1}, {@code NAME.v2}, …: whoever
 * reads it, and whatever crashes, sees the old content or the new one. Its owner's alone, mode 0600. Only the holder of
 * its {@link ProcessLock} may replace it.
 */
final class VersionedFile {
  /** How many versions before the current one stay. */
  static final int KEPT_VERSIONS = 5;

  private static final String PART = ".part";
  private static final String UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private final Path file;
  private final Path folder;
  private final int maxBytes;

  /** Tells one version from another without reading it. */
  record Stamp(@Nullable Object fileKey, long size, FileTime modified) {}

  /** A version that is no longer the current one. */
  private record Version(Path path, int number) {}

  /**
   * Names a file that may not exist yet.
   *
   * @param maxBytes the most that it may have
   * @throws NoSuchFileException where its folder does not exist
   */
  VersionedFile(Path path, int maxBytes) throws IOException {
    Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize();
    Path parent = target.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new NoSuchFileException(
          path.toString(), null, "its folder " + parent + " does not exist (make it first)");
    }
    this.folder = parent.toRealPath();
    this.file = folder.resolve(String.valueOf(target.getFileName()));
    this.maxBytes = maxBytes;
  }

  Path path() {
    return file;
  }

  /**
   * The whole current version, which the caller may wipe.
   *
   * @throws NoSuchFileException where there is none yet
   */
  byte[] read() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new FileSystemException(
            file.toString(), null, "more than " + maxBytes + " bytes (expected: at most that)");
      }
      return bytes;
    }
  }

  /** What tells this version from others; null where there is no file. */
  @Nullable
  Stamp stamp() throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    } catch (NoSuchFileException absent) {
      return null;
    }
  }

  ProcessLock lock() throws IOException {
    return ProcessLock.acquire(file);
  }

  /** Puts a new version in the place of the current one, durably, and keeps that one. */
  void replace(ProcessLock lock, byte[] content) throws IOException {
    lock.requireHeld();
    sweep();
    publish(content, this::keepCurrent);
    for (Path old : tooOld()) {
      Files.deleteIfExists(old);
    }
  }

  /** Something to do once the new version is durable, and not yet the current one. */
  private interface Step {
    void run() throws IOException;
  }

  /** The file of this name beside it, replaced in the same way under the same lock; its versions are not kept. */
  void replaceCompanion(ProcessLock lock, String suffix, byte[] content) throws IOException {
    lock.requireHeld();
    new VersionedFile(companion(suffix), maxBytes).publish(content, () -> {});
  }

  Path companion(String suffix) {
    return folder.resolve(file.getFileName() + suffix);
  }

  private void publish(byte[] content, Step beforeMove) throws IOException {
    Path part = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + PART);
    boolean published = false;
    try {
      write(part, content);
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

  /** The kept versions, the latest first. */
  List<Path> versions() throws IOException {
    return numbered().stream().map(Version::path).toList();
  }

  /** Removes what a crash left: nobody else can be writing the file now. */
  private void sweep() throws IOException {
    // Of this file and its companion alone: another file's name may begin with this one's.
    Pattern part = Pattern.compile("\\." + Pattern.quote(String.valueOf(file.getFileName()))
        + "(" + Pattern.quote(RecordingKeyStore.RECEIPT) + ")?\\." + UUID_PATTERN
        + Pattern.quote(PART));
    DirectoryStream.Filter<Path> leftOvers =
        path -> part.matcher(String.valueOf(path.getFileName())).matches();
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, leftOvers)) {
      for (Path leftOver : parts) {
        Files.deleteIfExists(leftOver);
      }
    }
  }

  private static void write(Path part, byte[] content) throws IOException {
    FileAttribute<?>[] attributes = isPosix(part)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
    try (FileChannel channel = FileChannel.open(
        part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /** Gives the current version a second name; after a crash it may have one already. */
  private void keepCurrent() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    List<Version> kept = numbered();
    if (!kept.isEmpty() && Files.isSameFile(kept.get(0).path(), file)) {
      return;
    }
    int number = kept.isEmpty() ? 1 : kept.get(0).number() + 1;
    Path version = folder.resolve(file.getFileName() + ".v" + number);
    try {
      Files.createLink(version, file);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException noHardLinks) {
      Files.copy(file, version, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private List<Path> tooOld() throws IOException {
    List<Version> kept = numbered();
    return kept.stream().skip(KEPT_VERSIONS).map(Version::path).toList();
  }

  /** The kept versions, the latest first. */
  private List<Version> numbered() throws IOException {
    Pattern name =
        Pattern.compile(Pattern.quote(String.valueOf(file.getFileName())) + "\\.v([1-9]\\d{0,8})");
    List<Version> versions = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      for (Path path : paths) {
        Matcher matcher = name.matcher(String.valueOf(path.getFileName()));
        if (matcher.matches()) {
          versions.add(new Version(path, Integer.parseInt(matcher.group(1))));
        }
      }
    }
    versions.sort(Comparator.comparingInt(Version::number).reversed());
    return versions;
  }

  /** Makes the names in the folder durable. Windows cannot open a folder, and does not need to. */
  private void sync() throws IOException {
    if (isPosix(folder)) {
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
