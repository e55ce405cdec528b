package dev.tapeseal.store;

import dev.tapeseal.store.DiskSteps.Step;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.commons.io.file.PathUtils;

/**
 * Recordings in a folder: {@code {contact-center-id}/{tenant}/{yyyy-MM-dd}/{recording-id}/}.
 *
 * <p>Every path is made of checked names under the root, and a symbolic link below the root is refused, wherever
 * it points. (Who can write to the store's folder while it is used is trusted: the check is not atomic.) Locks and
 * hard links must work: a local file system, or NFS 4.
 *
 * <p>It is one class because its parts are: what is created, and what a sweep must then recognize.
 */
final class FolderStorage implements MediaStorage {
  /** No contact center has this name. */
  static final String CATALOG = "catalog.db";

  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_+][A-Za-z0-9_.+=@,~-]{0,"
      + (MediaId.MAX_LENGTH + MediaSuffix.KEY_ENVELOPE.text().length() - 1) + "}");
  /** A folder changed within this time may change again without a new time stamp. */
  private static final Duration TIME_STAMP_DOUBT = Duration.ofSeconds(2);

  private static final int MAX_ATTEMPTS = 16;

  private final Path root;
  private final LiveWriter writer;
  private final DiskSteps steps;

  private FolderStorage(Path root, LiveWriter writer, DiskSteps steps) {
    this.root = root;
    this.writer = writer;
    this.steps = steps;
  }

  /** Opens a folder, which is made where it is missing. */
  static FolderStorage open(Path folder, DiskSteps steps) throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder.toString());
    }
    Ownership.makeFolders(folder.toAbsolutePath().normalize());
    Path root = folder.toRealPath();
    Ownership.makeFolders(root.resolve(LiveWriter.FOLDER));
    return new FolderStorage(root, LiveWriter.open(root, steps), steps);
  }

  Path root() {
    return root;
  }

  @Override
  public PendingFile create(RecordingPlace place, String name) throws IOException {
    return createPart(place, name);
  }

  /** The same, for who publishes it elsewhere. */
  PartFile createPart(RecordingPlace place, String name) throws IOException {
    Path relative = relative(place);
    checkName(name);
    writer.enter(slashed(relative(place.storedDay())));
    for (int attempt = 1; ; attempt++) {
      Path folder = makeFolder(relative);
      try {
        return PartFile.create(folder, name, writer, steps);
      } catch (NoSuchFileException e) {
        // a sweep elsewhere removed the folder while it was still empty
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  @Override
  public SeekableByteChannel open(RecordingPlace place, String name) throws IOException {
    Path file = file(place, name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(file.toString());
    }
    return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public boolean exists(RecordingPlace place, String name) throws IOException {
    try {
      return Files.isRegularFile(file(place, name), LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void force(RecordingPlace place) throws IOException {
    Path folder = root.resolve(relative(place));
    steps.before(Step.FORCE_FOLDER, folder);
    Ownership.forceFolder(folder);
  }

  @Override
  public Remains delete(RecordingPlace place) throws IOException {
    Path folder = existingFolder(relative(place));
    Path day = root.resolve(relative(place.storedDay()));
    writer.enter(slashed(relative(place.storedDay())));
    Path gone = day.resolve(PartFile.partName(place.id().value(), writer.nextPart()));
    boolean moved = false;
    writer.begun();
    try {
      steps.before(Step.RENAME, gone);
      Files.move(folder, gone, StandardCopyOption.ATOMIC_MOVE);
      moved = true;
    } finally {
      if (!moved) {
        writer.finished(); // there is nothing to sweep
      }
    }
    steps.before(Step.FORCE_FOLDER, day);
    Ownership.forceFolder(day);
    return () -> {
      steps.before(Step.DELETE, gone);
      PathUtils.deleteDirectory(gone);
      writer.finished();
    };
  }

  @Override
  public Map<String, String> descriptor(RecordingPlace place, String name) {
    return Map.of("storageType", "folder", "path", slashed(relative(place)) + "/" + name);
  }

  @Override
  public List<StoredDay> days() throws IOException {
    List<StoredDay> days = new ArrayList<>();
    for (Path contactCenter : folders(root)) {
      for (Path tenant : folders(contactCenter)) {
        for (Path day : folders(tenant)) {
          try {
            days.add(
                parseDay(contactCenter.getFileName(), tenant.getFileName(), day.getFileName()));
          } catch (IllegalArgumentException | DateTimeException e) {
            // not a folder of ours
          }
        }
      }
    }
    return days;
  }

  @Override
  public Set<RecordingId> recordings(StoredDay day) throws IOException {
    Set<RecordingId> ids = new HashSet<>();
    for (Path folder : folders(existingFolder(relative(day)))) {
      try {
        ids.add(new RecordingId(folder.getFileName().toString()));
      } catch (IllegalArgumentException e) {
        // not a folder of ours
      }
    }
    return ids;
  }

  @Override
  public String mark(StoredDay day) throws IOException {
    Instant changed = Files.getLastModifiedTime(
            existingFolder(relative(day)), LinkOption.NOFOLLOW_LINKS)
        .toInstant();
    return changed.isBefore(Instant.now().minus(TIME_STAMP_DOUBT)) ? changed.toString() : "";
  }

  @Override
  public void sweep(Leftovers leftovers) throws IOException {
    try (DirectoryStream<Path> writers =
        Files.newDirectoryStream(root.resolve(LiveWriter.FOLDER))) {
      for (Path lockFile : writers) {
        try (LiveWriter.DeadWriter dead = LiveWriter.bury(lockFile)) {
          if (dead != null) {
            for (String line : dead.days()) {
              sweep(line, dead, leftovers);
            }
            dead.forget();
          }
        }
      }
    }
  }

  private void sweep(String line, LiveWriter.DeadWriter dead, Leftovers leftovers)
      throws IOException {
    StoredDay day;
    Path folder;
    try {
      Path relative = root.getFileSystem().getPath(line);
      if (relative.getNameCount() != 3) {
        return; // the line was not written whole, so nothing was made there
      }
      day = parseDay(relative.getName(0), relative.getName(1), relative.getName(2));
      folder = existingFolder(relative(day));
    } catch (IllegalArgumentException | DateTimeException | NoSuchFileException e) {
      return; // as above, or the whole day is gone
    }
    for (Path recording : folders(folder)) {
      PartFile.PartName deleted = PartFile.parse(recording.getFileName().toString());
      if (deleted != null && dead.wrote(deleted.uuid())) {
        PathUtils.deleteDirectory(recording);
      }
    }
    for (RecordingId id : recordings(day)) {
      sweepFolder(folder.resolve(id.value()), day.place(id), dead, leftovers);
    }
  }

  private static void sweepFolder(
      Path folder, RecordingPlace place, LiveWriter.DeadWriter dead, Leftovers leftovers)
      throws IOException {
    try {
      Map<Path, String> names = new HashMap<>();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          PartFile.PartName part = PartFile.parse(file.getFileName().toString());
          if (part != null && dead.wrote(part.uuid())) {
            names.put(file, part.name());
          }
        }
      }
      if (!names.isEmpty()) {
        leftovers.found(place);
      }
      for (Map.Entry<Path, String> part : names.entrySet()) {
        Path published = folder.resolve(part.getValue());
        if (!part.getValue().equals(METADATA)
            && Files.isRegularFile(published, LinkOption.NOFOLLOW_LINKS)
            && Files.isSameFile(published, part.getKey())
            && !leftovers.isNamed(place, part.getValue())) {
          Files.deleteIfExists(published);
        }
        Files.deleteIfExists(part.getKey());
      }
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      // it holds a recording, or another writer works there
    } catch (NoSuchFileException e) {
      // its own, living writer gave it up just now
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** Ends as a killed process does. */
  void vanish() throws IOException {
    writer.vanish();
  }

  private StoredDay parseDay(Path contactCenter, Path tenant, Path day) {
    return new StoredDay(
        new Tenant(
            FolderName.decode(contactCenter.toString()), FolderName.decode(tenant.toString())),
        LocalDate.parse(day.toString()));
  }

  private Path relative(StoredDay day) {
    String contactCenter = FolderName.encode(day.tenant().contactCenterId());
    if (contactCenter.startsWith(CATALOG)) {
      throw new IllegalArgumentException("contact center id: " + Printable.of(contactCenter)
          + " (expected: another; a store keeps its catalog under this name)");
    }
    return root.getFileSystem()
        .getPath(
            contactCenter, FolderName.encode(day.tenant().name()), day.day().toString());
  }

  private Path relative(RecordingPlace place) {
    return relative(place.storedDay()).resolve(place.id().value());
  }

  private static String slashed(Path relative) {
    return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
  }

  private Path file(RecordingPlace place, String name) throws IOException {
    checkName(name);
    return existingFolder(relative(place)).resolve(name);
  }

  private static void checkName(String name) {
    if (!FILE_NAME.matcher(name).matches() || name.contains("..")) {
      throw new IllegalArgumentException("file name: " + Printable.of(name)
          + " (expected: a media id with its suffix, or " + METADATA + ")");
    }
  }

  /** A folder below the root, no part of whose path is a link. */
  private Path existingFolder(Path relative) throws IOException {
    Path folder = root.resolve(relative);
    if (!folder.toRealPath().equals(folder)) {
      throw linkRefused(folder);
    }
    return folder;
  }

  private Path makeFolder(Path relative) throws IOException {
    Path folder = root;
    for (Path name : relative) {
      Path parent = folder;
      folder = folder.resolve(name);
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        steps.before(Step.MAKE_FOLDER, folder);
        try {
          Files.createDirectory(folder, Ownership.folder(root));
        } catch (FileAlreadyExistsException e) {
          // made by another writer just now; what it is is checked below
        }
        steps.before(Step.FORCE_FOLDER, parent);
        Ownership.forceFolder(parent);
      }
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          && Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw linkRefused(folder);
      }
    }
    return folder;
  }

  private static FileSystemException linkRefused(Path folder) {
    return new FileSystemException(
        folder.toString(),
        null,
        "leads through a link or is no folder (expected: plain folders below the store's root)");
  }

  private static List<Path> folders(Path parent) throws IOException {
    Set<Path> folders = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(
        parent, entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
      entries.forEach(folders::add);
    }
    return List.copyOf(folders);
  }
}
