package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.keystore.RecordingKeyStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the key pairs of a key store, and never a private key. */
@Command(
    name = "list",
    description = "Lists the keys: alias, state, expiry, certificate.",
    mixinStandardHelpOptions = true)
final class KeystoreListCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final KeyStoreOptions keyStore = new KeyStoreOptions();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  KeystoreListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    try (RecordingKeyStore store = keyStore.open(terminal)) {
      List<KeyEntry> entries = store.entries();
      if (json) {
        Map<String, @Nullable Object> report = new LinkedHashMap<>();
        report.put("keystore", store.path().toString());
        report.put("keys", entries.stream().map(KeyTable::json).toList());
        report.put(
            "mismatchedAliases",
            store.mismatchedEntries().stream().map(KeyEntry::alias).toList());
        report.put("unusableAliases", store.unusableAliases());
        Json.print(terminal.out(), report);
      } else {
        KeyTable.print(terminal.out(), entries);
        store
            .mismatchedEntries()
            .forEach(entry -> terminal.note("tapeseal: '" + entry.alias()
                + "' opens no recordings: its private key is not that of " + entry.certificate()
                + " (import the key anew, with its own certificate)"));
        store
            .unusableAliases()
            .forEach(alias -> terminal.note(
                "tapeseal: '" + alias + "' opens no recordings: no RSA key with a certificate"));
      }
    }
    return ExitCode.OK.number();
  }
}
