package dev.tapeseal.keystore;

import dev.tapeseal.files.FileStamp;
import dev.tapeseal.files.ProcessLock;
import dev.tapeseal.files.WholeFile;
import dev.tapeseal.files.WholeFile.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

  private final Path file;
  private final Path folder;
  private final int maxBytes;

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
  FileStamp stamp() throws IOException {
    try {
      return FileStamp.of(file);
    } catch (NoSuchFileException absent) {
      return null;
    }
  }

  /** The lock of everybody who changes the file, or its companion: on {@code .NAME.lock} beside it. */
  ProcessLock lock() throws IOException {
    return ProcessLock.acquire(folder.resolve("." + file.getFileName() + ".lock"));
  }

  /** Puts a new version in the place of the current one, durably, and keeps that one. */
  void replace(ProcessLock lock, byte[] content) throws IOException {
    WholeFile.of(companion(RecordingKeyStore.RECEIPT)).sweep(lock);
    WholeFile.of(file).replace(lock, content, Access.OWNER_ONLY, this::keepCurrent);
    for (Path old : tooOld()) {
      Files.deleteIfExists(old);
    }
  }

  /** The file of this name beside it, replaced in the same way under the same lock; its versions are not kept. */
  void replaceCompanion(ProcessLock lock, String suffix, byte[] content) throws IOException {
    WholeFile.of(companion(suffix)).replace(lock, content, Access.OWNER_ONLY, () -> {});
  }

  Path companion(String suffix) {
    return folder.resolve(file.getFileName() + suffix);
  }

  /** The kept versions, the latest first. */
  List<Path> versions() throws IOException {
    return numbered().stream().map(Version::path).toList();
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

  @Override
  public String toString() {
    return file.toString();
  }
}
