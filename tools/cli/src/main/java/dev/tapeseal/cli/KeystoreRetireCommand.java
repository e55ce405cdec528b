package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.keystore.RecordingKeyStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says that no recordings are to be made under a certificate any more. */
@Command(
    name = "retire",
    description =
        "Notes that no recordings are to be made under a certificate; its key goes on opening old ones.",
    mixinStandardHelpOptions = true)
final class KeystoreRetireCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final KeyStoreOptions keyStore = new KeyStoreOptions();

  @Option(names = "--alias", paramLabel = "A", required = true, description = "The key.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private String alias;

  @Option(names = "--undo", description = "Take it back.")
  private boolean undo;

  @Option(names = "--json", description = "Say what it is now as JSON.")
  private boolean json;

  KeystoreRetireCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    try (RecordingKeyStore store = keyStore.open(terminal)) {
      KeyEntry entry = undo ? store.reinstate(alias) : store.retire(alias);
      if (json) {
        Json.print(terminal.out(), KeyTable.json(entry));
      } else {
        terminal.note(
            "tapeseal: '" + entry.alias() + "' is " + (undo ? "not retired any more" : "retired"));
      }
    }
    return ExitCode.OK.number();
  }
}
