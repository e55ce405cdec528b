package dev.tapeseal.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the recordings that a query finds, newest first.
 *
 * @param recordings as many as the query allows, fewer on the last page
 * @param next the cursor of the page with older ones; null where there are none
 * @param previous the cursor of the page with newer ones; null where there are none, as far as is known
 */
public record Page(
    List<Recording> recordings,
    @Nullable String next,
    @Nullable String previous) {

  /** Takes a copy of the list. */
  public Page {
    recordings = List.copyOf(recordings);
  }
}
