package dev.tapeseal.keystore;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a key store could be restored if it were lost now, as far as is known here.
 *
 * @param lastBackup when the last backup was made; null where none is known of
 * @param aliasesWithout the keys that are not in it: imported since, or all where there is none
 */
public record BackupStatus(@Nullable Instant lastBackup, List<String> aliasesWithout) {

  /** Takes a copy. */
  public BackupStatus {
    aliasesWithout = List.copyOf(aliasesWithout);
  }
}
