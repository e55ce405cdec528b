package dev.tapeseal.cli;

import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.store.CatalogAddress;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The store that a command works on: by its own folder, or as a data folder has it. */
final class StoreOptions {
  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "The store whose recordings are meant.")
  private @Nullable Path store;

  @Mixin
  private final DataOption data = new DataOption();

  StoreOptions() {}

  /**
   * A store, and where its catalog is.
   *
   * @param data the data folder that has it; null where it stands alone
   */
  record Chosen(
      Path folder, CatalogAddress catalog, @Nullable DataFolder data) {
    /** Opens one that is there. */
    RecordingStore open() throws IOException {
      return RecordingStore.openExisting(folder, catalog);
    }
  }

  /** Whether a flag names one. */
  boolean isGiven() {
    return store != null || data.isGiven();
  }

  /** Whether a flag or the environment names one. */
  boolean isKnown(Terminal terminal) {
    return store != null || data.isKnown(terminal);
  }

  /** Refuses two at once. */
  void check() {
    if (store != null && data.isGiven()) {
      throw new CommandException(ExitCode.USAGE, "--store with --data (expected: one of them)");
    }
  }

  /** The one that is named, which must be there where a data folder has it. */
  Chosen choose(Terminal terminal) throws IOException {
    check();
    if (store != null) {
      return new Chosen(store, Stores.catalog(terminal), null);
    }
    DataFolder folder = data.existing(terminal);
    return new Chosen(folder.recordings(), Stores.catalog(folder.settings()), folder);
  }
}
