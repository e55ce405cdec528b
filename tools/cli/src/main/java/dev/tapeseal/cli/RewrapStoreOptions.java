package dev.tapeseal.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which recordings of which store are rewrapped. */
final class RewrapStoreOptions {
  @Mixin
  private final StoreOptions store = new StoreOptions();

  @Option(
      names = "--only-for",
      paramLabel = "CERT.pem",
      description = "Only recordings for this certificate's key: the one to be retired, say.")
  @Nullable
  Path onlyFor;

  @Option(names = "--id", paramLabel = "ID", description = "Only the recording of this id.")
  @Nullable
  String id;

  @Mixin
  final QueryOptions which = new QueryOptions();

  RewrapStoreOptions() {}

  /** Whether a store is named. */
  boolean isStore() {
    return store.isGiven();
  }

  /** Refuses what does not go together. */
  void check() {
    store.check();
    if (!isStore() && (onlyFor != null || id != null || which.areGiven())) {
      throw new CommandException(
          ExitCode.USAGE,
          "options that pick recordings of a store, without one (expected: --store DIR or --data DIR)");
    }
    if (id != null && which.areGiven()) {
      throw new CommandException(
          ExitCode.USAGE, "--id with other options that pick recordings (expected: --id alone)");
    }
  }

  /** The store. */
  StoreOptions.Chosen choose(Terminal terminal) throws IOException {
    return store.choose(terminal);
  }
}
