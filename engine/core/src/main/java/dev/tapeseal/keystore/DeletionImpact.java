package dev.tapeseal.keystore;

import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What deleting a key would do to the recordings of a store, going by their metadata. Only who has looked at it can
 * {@linkplain RecordingKeyStore#delete delete} a key.
 *
 * @param entry the key
 * @param unreadable how many recordings would become unreadable: this key alone opens one of their media files
 * @param examples the newest of those, at most {@value OrphanReport#MAX_EXAMPLES}
 * @param heir the alias of another entry on the same key, which would go on opening its recordings
 * @param now what no key opens already
 */
public record DeletionImpact(
    KeyEntry entry,
    long unreadable,
    List<RecordingId> examples,
    Optional<String> heir,
    OrphanReport now) {

  /** Takes a copy. */
  public DeletionImpact {
    examples = List.copyOf(examples);
  }

  /**
   * Looks at every recording: about a second for 100,000.
   *
   * @throws RecordingKeyStoreException.AliasUnknown where there is no such key
   */
  public static DeletionImpact of(RecordingKeyStore keys, String alias, RecordingStore store)
      throws IOException, RecordingKeyStoreException {
    KeyRing before = keys.ring();
    HeldKey deleted = keys.require(before, alias);
    OrphanReport.Count now = new OrphanReport.Count(before);
    OrphanReport.Count then = new OrphanReport.Count(before.without(deleted));
    List<RecordingId> examples = new ArrayList<>();
    CatalogScan.visit(store, recording -> {
      boolean isOrphan = now.add(recording);
      boolean becomesOrphan = then.add(recording);
      if (becomesOrphan && !isOrphan && examples.size() < OrphanReport.MAX_EXAMPLES) {
        examples.add(recording.id());
      }
    });
    OrphanReport report = now.report();
    return new DeletionImpact(
        deleted.entry(),
        then.report().orphans() - report.orphans(),
        examples,
        before.heir(deleted).map(heir -> heir.entry().alias()),
        report);
  }
}
