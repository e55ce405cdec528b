package dev.tapeseal.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a storage and its catalog together when a store opens.
 *
 * <p>First what dead writers left is removed; where they left anything, metadata are read anew. Then every day is
 * compared whose folder has changed since it was last compared: recordings that the catalog lacks are read and
 * added, those that are gone are dropped. What the catalog knows is asked before what lies there is listed, and a
 * recording is looked for once more before a row changes: so what others commit in between is neither lost nor
 * brought back.
 */
final class Reconciliation implements MediaStorage.Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);
  private static final int BATCH = 500;

  private final MediaStorage storage;
  private final Catalog catalog;

  Reconciliation(MediaStorage storage, Catalog catalog) {
    this.storage = storage;
    this.catalog = catalog;
  }

  void run() throws IOException {
    storage.sweep(this);
    Map<StoredDay, String> marks = catalog.marks();
    Set<StoredDay> gone = new HashSet<>(catalog.days());
    for (StoredDay day : storage.days()) {
      gone.remove(day);
      compare(day, marks.get(day));
    }
    for (StoredDay day : gone) {
      catalog.reconcile(day, List.of(), catalog.ids(day), "", this::isStored);
    }
  }

  @Override
  public void found(RecordingPlace place) throws IOException {
    LOG.info("Recording {}: removing what a process that ended too early has left", place.id());
    CatalogEntry entry = readOrNull(place);
    List<CatalogEntry> found = entry == null ? List.of() : List.of(entry);
    catalog.reconcile(place.storedDay(), found, List.of(place.id()), "", this::isStored);
  }

  @Override
  public boolean isNamed(RecordingPlace place, String fileName) throws IOException {
    try {
      for (MediaFile file : read(storage, place).mediaFiles()) {
        for (MediaSuffix suffix : MediaSuffix.values()) {
          if (file.mediaId().fileName(suffix).equals(fileName)) {
            return true;
          }
        }
      }
      return false;
    } catch (NoSuchFileException e) {
      return false;
    } catch (InvalidMetadataException e) {
      return true; // better a file too many than a recording too few
    }
  }

  private void compare(StoredDay day, @Nullable String knownMark) throws IOException {
    String mark;
    Set<RecordingId> known;
    Set<RecordingId> lying;
    try {
      mark = storage.mark(day);
      if (!mark.isEmpty() && mark.equals(knownMark)) {
        return;
      }
      known = catalog.ids(day);
      lying = storage.recordings(day);
    } catch (NoSuchFileException e) {
      return; // removed since the days were listed; the next start drops its rows
    }
    Set<RecordingId> missing = new HashSet<>(known);
    missing.removeAll(lying);
    List<CatalogEntry> batch = new ArrayList<>();
    for (RecordingId id : lying) {
      CatalogEntry entry = known.contains(id) ? null : readOrNull(day.place(id));
      if (entry != null) {
        batch.add(entry);
      }
      if (batch.size() == BATCH) {
        catalog.reconcile(day, batch, List.of(), "", this::isStored);
        batch.clear();
      }
    }
    if (!batch.isEmpty() || !missing.isEmpty() || !mark.isEmpty()) {
      catalog.reconcile(day, batch, missing, mark, this::isStored);
    }
  }

  private @Nullable CatalogEntry readOrNull(RecordingPlace place) throws IOException {
    try {
      return new CatalogEntry(place, read(storage, place));
    } catch (NoSuchFileException e) {
      return null; // begun and not committed
    } catch (InvalidMetadataException e) {
      LOG.warn(
          "Recording {} is left out: its metadata cannot be read: {}", place.id(), e.getMessage());
      return null;
    }
  }

  private boolean isStored(RecordingPlace place) throws IOException {
    return storage.exists(place, MediaStorage.METADATA);
  }

  /** Drops the row of a recording whose metadata are gone. */
  static void forget(MediaStorage storage, Catalog catalog, RecordingPlace place)
      throws IOException {
    catalog.reconcile(
        place.storedDay(),
        List.of(),
        List.of(place.id()),
        "",
        at -> storage.exists(at, MediaStorage.METADATA));
  }

  /**
   * Reads a recording's metadata; the place says whose it is.
   *
   * @throws NoSuchFileException where there are none
   */
  static Recording read(MediaStorage storage, RecordingPlace place) throws IOException {
    byte[] json;
    try (InputStream in = Channels.newInputStream(storage.open(place, MediaStorage.METADATA))) {
      json = in.readNBytes(Json.MAX_BYTES + 1);
    }
    Recording recording = Recording.parse(json);
    if (!recording.id().equals(place.id())) {
      throw new InvalidMetadataException("metadata of recording " + recording.id()
          + " (expected: of " + place.id() + ", as the folder is named)");
    }
    return recording.tenant().equals(place.tenant())
        ? recording
        : recording.toBuilder().tenant(place.tenant()).build();
  }
}
