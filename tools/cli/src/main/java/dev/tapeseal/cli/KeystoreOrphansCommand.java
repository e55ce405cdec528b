package dev.tapeseal.cli;

import dev.tapeseal.keystore.OrphanReport;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.store.RecordingStore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells which recordings of a store no key opens. */
@Command(
    name = "orphans",
    description =
        "Tells which recordings of a store no key opens; exit code 3 where there are any.",
    mixinStandardHelpOptions = true)
final class KeystoreOrphansCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final KeyStoreOptions keyStore = new KeyStoreOptions();

  @Option(names = "--store", paramLabel = "DIR", required = true, description = "The store.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path recordings;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  KeystoreOrphansCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    try (RecordingKeyStore keys = keyStore.open(terminal);
        RecordingStore store = Stores.openExisting(terminal, recordings)) {
      OrphanReport report = OrphanReport.of(keys, store);
      if (json) {
        Json.print(terminal.out(), ImpactText.json(report));
      } else {
        ImpactText.print(terminal.out(), report);
      }
      return (report.orphans() == 0 ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
    }
  }
}
