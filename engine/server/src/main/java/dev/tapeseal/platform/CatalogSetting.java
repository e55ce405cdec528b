package dev.tapeseal.platform;

import dev.tapeseal.settings.Secret;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.settings.Settings;
import dev.tapeseal.store.CatalogAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Which catalog the settings name: {@code catalog.url} and its like. */
final class CatalogSetting {

  private CatalogSetting() {}

  /** The catalog's address; in the store's folder where no setting names another. */
  static CatalogAddress address(Settings settings) throws IOException {
    Optional<String> url = settings.find(SettingKeys.CATALOG_URL);
    if (url.isEmpty()) {
      return CatalogAddress.IN_STORE;
    }
    Optional<Path> file = settings.find(SettingKeys.CATALOG_PASSWORD_FILE);
    char[] password = new char[0];
    if (file.isPresent()) {
      try (Secret secret = Secret.firstLineOf(file.get())) {
        password = secret.copyCharacters();
      }
    }
    try {
      return CatalogAddress.of(url.get(), settings.find(SettingKeys.CATALOG_USER), password);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          settings.origin(SettingKeys.CATALOG_URL).place() + ": " + e.getMessage(), e);
    } finally {
      Arrays.fill(password, '\0');
    }
  }
}
