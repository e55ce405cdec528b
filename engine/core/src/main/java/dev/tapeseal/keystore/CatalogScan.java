package dev.tapeseal.keystore;

import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Walks through every recording of a store, newest first, a page at a time. */
final class CatalogScan {
  private static final int PAGE = 1000;

  private CatalogScan() {}

  /** Takes one recording. */
  @FunctionalInterface
  interface Visitor {
    void visit(Recording recording) throws IOException;
  }

  static void visit(RecordingStore store, Visitor visitor) throws IOException {
    RecordingQuery query = RecordingQuery.ALL.withLimit(PAGE);
    @Nullable String next = null;
    do {
      var page = store.query(query.withCursor(next));
      for (Recording recording : page.recordings()) {
        visitor.visit(recording);
      }
      next = page.next();
    } while (next != null);
  }
}
