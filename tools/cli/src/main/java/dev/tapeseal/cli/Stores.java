package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.settings.Settings;
import dev.tapeseal.store.CatalogAddress;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Opens stores with the catalog that the settings name: {@code catalog.url} and its like, of the environment, or of
 * a data folder. Which one is used never matters for what is found, since every opening brings it up to date.
 */
final class Stores {

  private Stores() {}

  /** A store that is there, with the catalog that the environment names. */
  static RecordingStore openExisting(Terminal terminal, Path folder) throws IOException {
    return RecordingStore.openExisting(folder, catalog(terminal));
  }

  /** The catalog that the environment names; otherwise the one in the store's folder. */
  static CatalogAddress catalog(Terminal terminal) throws IOException {
    return catalog(Settings.builder().environment(terminal.environment()).build());
  }

  /** The catalog that settings name; otherwise the one in the store's folder. */
  static CatalogAddress catalog(Settings settings) throws IOException {
    Optional<String> url = settings.find(SettingKeys.CATALOG_URL);
    if (url.isEmpty()) {
      return CatalogAddress.IN_STORE;
    }
    char[] password = new char[0];
    try {
      Optional<Path> file = settings.find(SettingKeys.CATALOG_PASSWORD_FILE);
      if (file.isPresent()) {
        Inputs.requireFile(file.get());
        try (KeyPassword read = KeyPassword.read(file.get())) {
          password = read.copyChars();
        }
      }
      return CatalogAddress.of(url.get(), settings.find(SettingKeys.CATALOG_USER), password);
    } catch (IllegalArgumentException | PrivateKeyException e) {
      throw new CommandException(
          ExitCode.FAILED,
          settings.origin(SettingKeys.CATALOG_URL).place() + ": " + e.getMessage(),
          e);
    } finally {
      Arrays.fill(password, '\0');
    }
  }
}
