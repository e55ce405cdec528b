package dev.tapeseal.store;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Knows of nothing, whatever is added. Safe for any thread. */
final class DiscardingCatalog implements Catalog {
  @Override
  public void insert(CatalogEntry entry, Publication publication) throws IOException {
    publication.publish();
  }

  @Override
  public void replace(Change change) throws IOException {
    CatalogEntry unused = change.apply();
  }

  @Override
  public void remove(RecordingId id, Publication publication) throws IOException {
    publication.publish();
  }

  @Override
  public @Nullable RecordingPlace find(RecordingId id) {
    return null;
  }

  @Override
  public Page query(RecordingQuery query) {
    return new Page(List.of(), null, null);
  }

  @Override
  public long count(RecordingQuery query) {
    return 0;
  }

  @Override
  public Set<StoredDay> days() {
    return Set.of();
  }

  @Override
  public Set<RecordingId> ids(StoredDay day) {
    return Set.of();
  }

  @Override
  public Map<StoredDay, String> marks() {
    return Map.of();
  }

  @Override
  public void reconcile(
      StoredDay day,
      List<CatalogEntry> found,
      Collection<RecordingId> missing,
      String mark,
      Presence presence) {}

  @Override
  public void close() {}
}
