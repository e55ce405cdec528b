package dev.tapeseal.store;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds recordings. It only repeats what {@code recording.json} files say, and can be made anew from them. Safe
 * for any thread, and for several processes that share it.
 *
 * <p>Writers exclude each other: what a method calls back runs while nobody else changes the catalog, and when it
 * throws, the catalog stays as it was.
 */
interface Catalog extends Closeable {

  /** Makes the files change together with the catalog. */
  @FunctionalInterface
  interface Publication {
    void publish() throws IOException;
  }

  /** Changes a recording's files and says what they hold now. */
  @FunctionalInterface
  interface Change {
    CatalogEntry apply() throws IOException;
  }

  /** Whether a recording's metadata lie in the storage. */
  @FunctionalInterface
  interface Presence {
    boolean isStored(RecordingPlace place) throws IOException;
  }

  /**
   * Adds a recording.
   *
   * @throws java.nio.file.FileAlreadyExistsException where there is one of this id
   */
  void insert(CatalogEntry entry, Publication publication) throws IOException;

  /** Replaces what is known of a recording. */
  void replace(Change change) throws IOException;

  /** Forgets a recording. */
  void remove(RecordingId id, Publication publication) throws IOException;

  /** Where a recording lies; null where it knows none of this id. Its metadata are not looked at. */
  @Nullable
  RecordingPlace find(RecordingId id) throws IOException;

  Page query(RecordingQuery query) throws IOException;

  long count(RecordingQuery query) throws IOException;

  /** The days of which it knows anything. */
  Set<StoredDay> days() throws IOException;

  Set<RecordingId> ids(StoredDay day) throws IOException;

  /** The marks of the days that were reconciled. */
  Map<StoredDay, String> marks() throws IOException;

  /**
   * Takes over how a day lies in the storage.
   *
   * @param found recordings that it did not know, or knew differently
   * @param missing recordings that it knew and that were not found
   * @param mark of the day; where it is empty the day is to be compared again
   */
  void reconcile(
      StoredDay day,
      List<CatalogEntry> found,
      Collection<RecordingId> missing,
      String mark,
      Presence presence)
      throws IOException;
}
