package dev.tapeseal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings, stored and found. {@code recording.json} beside the media is the truth; a catalog repeats it for
 * queries.
 *
 * <p>A recording is visible from the moment its metadata are, and they appear only after the media are stored. A
 * process that is killed at any point leaves recordings that are whole, or nothing that the next {@link #open}
 * does not remove. Safe for any thread, and for several processes on one machine that share a folder.
 *
 * <p>Opening costs a listing of the days and a pass over the catalog's index of them; for each day whose folder has
 * changed since a start last compared it, a listing of its recordings, and the metadata of those that the catalog
 * lacks; and for each day that a process wrote in before it was killed, a listing of every recording's folder.
 *
 * <p>It is longer than most classes because every way in which files and catalog change together is here, to be
 * compared with the others.
 */
public final class RecordingStore implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingStore.class);

  private final MediaStorage storage;
  private final Catalog catalog;
  private final Set<PendingFiles> pending = ConcurrentHashMap.newKeySet();
  private boolean closed; // guarded by pending
  private final Set<RecordingId> beingMade = ConcurrentHashMap.newKeySet();

  private RecordingStore(MediaStorage storage, Catalog catalog) {
    this.storage = storage;
    this.catalog = catalog;
  }

  /**
   * Opens the store in a folder, which is made where it is missing: folders 0750, files 0640. Removes what killed
   * processes left, and brings the catalog up to date.
   *
   * @throws IOException where the folder cannot be used, or is of a newer version
   */
  public static RecordingStore open(Path folder) throws IOException {
    return open(folder, CatalogAddress.IN_STORE);
  }

  /**
   * Opens the store in a folder as {@link #open(Path)} does, with its catalog elsewhere. Processes that share the
   * folder name the same catalog.
   *
   * @throws IOException where the folder or the catalog cannot be used, is of a newer version, or is another store's
   */
  public static RecordingStore open(Path folder, CatalogAddress catalog) throws IOException {
    return open(folder, catalog, DiskSteps.NONE);
  }

  /**
   * Opens a store whose metadata are in a folder and whose media lie in a WebDAV collection, so that several nodes share
   * them. Media that the folder has from before are read from there. Reading is by Range requests; what is recorded lies
   * in the folder until it is whole, then it is put.
   *
   * @throws IOException where the folder or the catalog cannot be used; the collection is asked when it is needed
   */
  public static RecordingStore open(Path folder, CatalogAddress catalog, WebDavFolder media)
      throws IOException {
    FolderStorage storage = FolderStorage.open(folder, DiskSteps.NONE);
    try {
      return open(new WebDavMedia(storage, media), catalog.open(storage.root(), DiskSteps.NONE));
    } catch (IOException | RuntimeException | Error e) {
      storage.close();
      throw e;
    }
  }

  /**
   * Opens a store that is there already.
   *
   * @throws NoSuchFileException where the folder holds none
   */
  public static RecordingStore openExisting(Path folder) throws IOException {
    return openExisting(folder, CatalogAddress.IN_STORE);
  }

  /**
   * Opens a store that is there already, with its catalog elsewhere.
   *
   * @throws NoSuchFileException where the folder holds none
   */
  public static RecordingStore openExisting(Path folder, CatalogAddress catalog)
      throws IOException {
    if (!Files.isRegularFile(folder.resolve(FolderStorage.CATALOG))
        && !Files.isDirectory(folder.resolve(LiveWriter.FOLDER))) {
      throw new NoSuchFileException(
          folder.toString(),
          null,
          "holds no store of recordings (expected: the folder that recordings were made in)");
    }
    return open(folder, catalog);
  }

  /**
   * A store that takes everything and keeps nothing, for measuring what capture costs by itself: files that are written
   * as those of a folder are, and never found.
   */
  public static RecordingStore discarding() {
    return new RecordingStore(new DiscardingStorage(), new DiscardingCatalog());
  }

  static RecordingStore open(Path folder, DiskSteps steps) throws IOException {
    return open(folder, CatalogAddress.IN_STORE, steps);
  }

  static RecordingStore open(Path folder, CatalogAddress catalog, DiskSteps steps)
      throws IOException {
    FolderStorage storage = FolderStorage.open(folder, steps);
    try {
      return open(storage, catalog.open(storage.root(), steps));
    } catch (IOException | RuntimeException | Error e) {
      storage.close();
      throw e;
    }
  }

  /** Takes over both, and closes the catalog where it cannot. */
  static RecordingStore open(MediaStorage storage, Catalog catalog) throws IOException {
    RecordingStore store = new RecordingStore(storage, catalog);
    boolean done = false;
    try {
      new Reconciliation(storage, catalog).run();
      done = true;
      return store;
    } finally {
      if (!done) {
        catalog.close();
      }
    }
  }

  /**
   * Begins a recording.
   *
   * @param started when it started; the day of its folder
   * @throws FileAlreadyExistsException where there is one of this id, or one is being made through this store; one
   *     that is being made elsewhere is found out at the commit
   */
  public PendingRecording begin(Tenant tenant, RecordingId id, Instant started) throws IOException {
    RecordingPlace place = RecordingPlace.of(tenant, started, id);
    if (!beingMade.add(id)) {
      throw new FileAlreadyExistsException(
          id.value(), null, "a recording of this id is being made (expected: a new one)");
    }
    boolean begun = false;
    try {
      if (isStored(id)) {
        throw new FileAlreadyExistsException(
            id.value(), null, "the store has a recording of this id (expected: a new one)");
      }
      PendingFiles files = newFiles(place, () -> beingMade.remove(id));
      begun = true;
      return new PendingRecording(this, place, files);
    } finally {
      if (!begun) {
        beingMade.remove(id);
      }
    }
  }

  /**
   * Begins media files that join a recording there is.
   *
   * @throws NoSuchFileException where there is no such recording
   */
  public PendingMedia addMedia(RecordingId id) throws IOException {
    RecordingPlace place = place(id);
    return new PendingMedia(this, place, newFiles(place, () -> {}));
  }

  /**
   * Adds the metadata of a recording whose media lie in the storage already, in its place of the archive layout: somebody
   * else has put them there. When it returns the recording is found and survives a power cut.
   *
   * @param described with its start, its tenant and at least one media file; sizes and descriptors are filled in
   * @return the metadata as they are stored
   * @throws FileAlreadyExistsException where there is a recording of this id
   * @throws NoSuchFileException where a media file is not stored
   * @throws IllegalArgumentException where the metadata say no start, no media, or another size than what is stored
   */
  public Recording insert(Recording described) throws IOException {
    Instant started = described.started();
    if (started == null || described.mediaFiles().isEmpty()) {
      throw new IllegalArgumentException("metadata of recording " + described.id()
          + ": no start or no media file (expected: when it started, and at least one media file)");
    }
    RecordingPlace place = RecordingPlace.of(described.tenant(), started, described.id());
    try (PendingFiles none = newFiles(place, () -> {})) {
      synchronized (none) {
        Recording.Builder builder = described.toBuilder().tenant(place.tenant());
        for (MediaFile file : described.mediaFiles()) {
          builder.media(stored(place, file));
        }
        Recording recording = builder.build();
        publish(place, none, recording);
        return recording;
      }
    }
  }

  private MediaFile stored(RecordingPlace place, MediaFile file) throws IOException {
    long sizeBytes;
    try (SeekableByteChannel media = storage.open(place, file.mediaId().value())) {
      sizeBytes = media.size();
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(
          file.mediaId().value(),
          null,
          "the storage does not have it (expected: media, then metadata)");
    }
    if (file.sizeBytes() >= 0 && file.sizeBytes() != sizeBytes) {
      throw new IllegalArgumentException("size of " + file.mediaId() + ": " + file.sizeBytes()
          + " bytes (expected: " + sizeBytes + ", as stored)");
    }
    MediaFile.Builder builder = file.toBuilder()
        .sizeBytes(sizeBytes)
        .descriptor(storage.descriptor(place, file.mediaId().value()));
    return file.tenant().isEmpty()
        ? builder.tenant(place.tenant().name()).build()
        : builder.build();
  }

  private PendingFiles newFiles(RecordingPlace place, Runnable onEnd) throws IOException {
    PendingFiles[] made = new PendingFiles[1];
    made[0] = new PendingFiles(storage, place, () -> {
      pending.remove(made[0]);
      onEnd.run();
    });
    synchronized (pending) {
      if (closed) {
        throw new IOException("the store is closed (expected: open)");
      }
      pending.add(made[0]);
    }
    return made[0];
  }

  Recording commit(RecordingPlace place, PendingFiles files, Recording described)
      throws IOException {
    synchronized (files) {
      try (files) {
        Recording recording = complete(place, files, described);
        publish(place, files, recording);
        return recording;
      }
    }
  }

  /** Publishes the media, then the metadata that name them. */
  private void publish(RecordingPlace place, PendingFiles files, Recording recording)
      throws IOException {
    PendingFile metadata = write(place, readableJson(recording));
    try {
      files.publish();
      catalog.insert(new CatalogEntry(place, recording), () -> {
        metadata.publish();
        storage.force(place);
      });
      files.commit();
    } finally {
      if (!files.isCommitted()) {
        metadata.discard(); // before the media that it names
      }
    }
    settle(files, metadata);
  }

  private static Recording complete(RecordingPlace place, PendingFiles files, Recording described)
      throws IOException {
    if (!described.id().equals(place.id())) {
      throw new IllegalArgumentException(
          "metadata of recording " + described.id() + " (expected: of " + place.id() + ")");
    }
    Recording.Builder builder = described.toBuilder().tenant(place.tenant());
    for (MediaFile file : files.complete(described.mediaFiles().toArray(MediaFile[]::new))) {
      builder.media(file);
    }
    Recording recording = builder.build();
    if (recording.mediaFiles().isEmpty()) {
      throw new IllegalArgumentException(
          "recording " + place.id() + ": no media file (expected: at least one)");
    }
    return recording;
  }

  Recording commit(RecordingPlace place, PendingFiles files, MediaFile... added)
      throws IOException {
    synchronized (files) {
      try (files) {
        MediaFile[] completed = files.complete(added);
        UnaryOperator<Recording> change = recording -> {
          Recording.Builder builder = recording.toBuilder();
          for (MediaFile file : completed) {
            builder.media(file);
          }
          return builder.build();
        };
        readableJson(change.apply(read(place))); // refused before anything is published
        files.publish();
        return replace(place, files, change);
      }
    }
  }

  /**
   * Changes a recording's metadata, at once and durably; writers of one recording follow one another.
   *
   * @param change from what is stored to what is to be stored: the same id, and the same media files
   * @throws NoSuchFileException where there is no such recording
   * @throws IllegalArgumentException where the id or the media files are others, or the JSON has more than 4 MiB
   */
  public Recording update(RecordingId id, UnaryOperator<Recording> change) throws IOException {
    RecordingPlace place = place(id);
    try (PendingFiles none = newFiles(place, () -> {})) {
      synchronized (none) {
        return replace(place, none, recording -> {
          Recording changed = change.apply(recording);
          if (!changed.id().equals(id) || !mediaIds(changed).equals(mediaIds(recording))) {
            throw new IllegalArgumentException("changed metadata of recording " + id
                + ": another id, or other media files (expected: the same)");
          }
          return changed;
        });
      }
    }
  }

  /**
   * Begins a file that will take the place of one of a recording's: its envelope under other recipients, say.
   *
   * @throws NoSuchFileException where there is no such recording or file
   */
  public PendingReplacement replaceFile(RecordingId id, MediaId mediaId, MediaSuffix suffix)
      throws IOException {
    RecordingPlace place = place(id);
    PendingFiles files = newFiles(place, () -> {});
    try {
      return new PendingReplacement(this, place, files, mediaId, files.replace(mediaId, suffix));
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  Recording commit(
      RecordingPlace place, PendingFiles files, MediaId mediaId, UnaryOperator<MediaFile> change)
      throws IOException {
    synchronized (files) {
      try (files) {
        return replace(place, files, recording -> {
          Recording.Builder builder = recording.toBuilder();
          for (MediaFile file : recording.mediaFiles()) {
            if (file.mediaId().equals(mediaId)) {
              builder.media(change.apply(file).toBuilder()
                  .sizeBytes(files.sizeBytes(mediaId, file.sizeBytes()))
                  .build());
            }
          }
          return builder.build();
        });
      }
    }
  }

  private Recording replace(
      RecordingPlace place, PendingFiles files, UnaryOperator<Recording> change)
      throws IOException {
    AtomicReference<PendingFile> metadata = new AtomicReference<>();
    AtomicReference<Recording> changed = new AtomicReference<>();
    try {
      catalog.replace(() -> {
        Recording recording =
            change.apply(read(place)).toBuilder().tenant(place.tenant()).build();
        changed.set(recording);
        PendingFile file = write(place, readableJson(recording));
        metadata.set(file);
        files.publishReplacing();
        file.publishReplacing();
        files.commit();
        storage.force(place);
        return new CatalogEntry(place, recording);
      });
    } finally {
      PendingFile file = metadata.get();
      if (file != null && !files.isCommitted()) {
        file.discard();
      }
    }
    // had the catalog failed, the marks would stay, and the next start would bring it up to date
    settle(files, metadata.get());
    return changed.get();
  }

  /** The recording is stored, so it must not fail any more: what stays of the marks the next start removes. */
  private static void settle(PendingFiles files, PendingFile metadata) {
    try {
      files.settle();
      metadata.settle();
    } catch (IOException e) {
      LOG.warn("A stored recording's .part files stay until the next start: {}", e.toString());
    }
  }

  /** What is stored must be readable: metadata can be made that are larger, or deeper, than those that are read. */
  private static byte[] readableJson(Recording recording) {
    byte[] json = recording.toJson();
    try {
      Recording.parse(json);
    } catch (InvalidMetadataException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return json;
  }

  private PendingFile write(RecordingPlace place, byte[] metadata) throws IOException {
    PendingFile file = storage.create(place, MediaStorage.METADATA);
    boolean done = false;
    try {
      try (WritableByteChannel channel = file.channel()) {
        ByteBuffer json = ByteBuffer.wrap(metadata);
        while (json.hasRemaining()) {
          channel.write(json);
        }
      }
      done = true; // closed, too
    } finally {
      if (!done) {
        file.discard();
      }
    }
    return file;
  }

  /**
   * The recording of this id, as its {@code recording.json} says now.
   *
   * @throws InvalidMetadataException where that file is damaged
   */
  public Optional<Recording> find(RecordingId id) throws IOException {
    RecordingPlace place = catalog.find(id);
    if (place == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(place));
    } catch (NoSuchFileException e) {
      Reconciliation.forget(storage, catalog, place);
      return Optional.empty();
    }
  }

  /** Whether there is a recording of this id, be its metadata damaged. */
  private boolean isStored(RecordingId id) throws IOException {
    RecordingPlace place = catalog.find(id);
    if (place == null) {
      return false;
    }
    boolean stored = storage.exists(place, MediaStorage.METADATA);
    if (!stored) {
      Reconciliation.forget(storage, catalog, place);
    }
    return stored;
  }

  /** A page of what a query finds, newest first, as the catalog has it. */
  public Page query(RecordingQuery query) throws IOException {
    return catalog.query(query);
  }

  /** How many recordings a query finds on all pages. Reads as many rows. */
  public long count(RecordingQuery query) throws IOException {
    return catalog.count(query);
  }

  /**
   * Opens a stored file for reading, at any position.
   *
   * @throws NoSuchFileException where there is no such recording or file
   */
  public SeekableByteChannel openMedia(RecordingId id, MediaId mediaId, MediaSuffix suffix)
      throws IOException {
    return storage.open(place(id), mediaId.fileName(suffix));
  }

  /**
   * Opens a stored file that need not be there: null where the recording has no such companion of its media.
   *
   * @throws NoSuchFileException where there is no such recording, or where its media are gone
   */
  public @Nullable SeekableByteChannel findMedia(
      RecordingId id, MediaId mediaId, MediaSuffix suffix) throws IOException {
    RecordingPlace place = place(id);
    try {
      return storage.open(place, mediaId.fileName(suffix));
    } catch (NoSuchFileException e) {
      if (suffix == MediaSuffix.CONTENT) {
        throw e;
      }
      return null;
    }
  }

  /**
   * Removes a recording with its media. Who reads it at the time may finish. Others write while the media are removed.
   *
   * @throws NoSuchFileException where there is no such recording
   * @throws IOException where it could not be removed; it may be gone from the store already, and the next start
   *     removes what is left of it
   */
  public void delete(RecordingId id) throws IOException {
    RecordingPlace place = place(id);
    AtomicReference<MediaStorage.Remains> remains = new AtomicReference<>(() -> {});
    catalog.remove(id, () -> remains.set(storage.delete(place)));
    remains.get().remove();
  }

  /** Gives up pending recordings and closes the store. A commit that has begun is waited for. */
  @Override
  public void close() throws IOException {
    try (storage;
        catalog) {
      IOException failure = null;
      List<PendingFiles> left;
      synchronized (pending) {
        closed = true; // nothing begins that would stay behind
        left = List.copyOf(pending);
      }
      for (PendingFiles files : left) {
        try {
          files.close();
        } catch (IOException e) {
          failure = e;
        }
      }
      if (failure != null) {
        throw failure;
      }
    }
  }

  private RecordingPlace place(RecordingId id) throws IOException {
    RecordingPlace place = catalog.find(id);
    if (place == null) {
      throw new NoSuchFileException(id.value(), null, "the store has no recording of this id");
    }
    return place;
  }

  private Recording read(RecordingPlace place) throws IOException {
    return Reconciliation.read(storage, place);
  }

  private static Set<MediaId> mediaIds(Recording recording) {
    return recording.mediaFiles().stream().map(MediaFile::mediaId).collect(Collectors.toSet());
  }
}
