package dev.tapeseal.cli;

import dev.tapeseal.keystore.DeletionImpact;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.keystore.UnreadableRecordings;
import dev.tapeseal.store.RecordingStore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what would be lost with a key, and deletes it where nothing is, or where that is accepted. */
@Command(
    name = "delete",
    description =
        "Shows which recordings would be lost with a key, and deletes it where that is none or accepted.",
    mixinStandardHelpOptions = true)
final class KeystoreDeleteCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final KeyStoreOptions keyStore = new KeyStoreOptions();

  @Option(names = "--alias", paramLabel = "A", required = true, description = "The key.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private String alias;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      required = true,
      description = "The store whose recordings the key may open.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path recordings;

  @Option(
      names = "--recordings-become-unreadable",
      description = "Delete the key though recordings are lost with it.")
  private boolean accepted;

  @Option(names = "--json", description = "Say what it means as JSON.")
  private boolean json;

  KeystoreDeleteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    try (RecordingKeyStore keys = keyStore.open(terminal);
        RecordingStore store = Stores.openExisting(terminal, recordings)) {
      DeletionImpact impact = DeletionImpact.of(keys, alias, store);
      boolean deletes = impact.unreadable() == 0 || accepted;
      if (deletes) {
        keys.delete(impact, UnreadableRecordings.ACCEPT);
      }
      if (json) {
        Json.print(terminal.out(), ImpactText.json(impact, deletes));
      } else {
        ImpactText.print(terminal.out(), impact);
      }
      if (!deletes) {
        throw new CommandException(
            ExitCode.REFUSED,
            "'" + impact.entry().alias() + "' is not deleted: " + impact.unreadable()
                + " recordings need it (--recordings-become-unreadable deletes it all the same)");
      }
      terminal.note("tapeseal: deleted '" + impact.entry().alias()
          + "'; until it is changed five times more, earlier versions beside " + keys.path()
          + " still hold the key");
    }
    return ExitCode.OK.number();
  }
}
