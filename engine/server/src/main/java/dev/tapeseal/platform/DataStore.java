package dev.tapeseal.platform;

import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.settings.Settings;
import dev.tapeseal.settings.TrustedAuthorities;
import dev.tapeseal.store.CatalogAddress;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.WebDavFolder;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Opens the store of a data folder, with its catalog and its media where the settings say that they are. */
public final class DataStore {

  private DataStore() {}

  /**
   * Opens it; it is made where it is missing.
   *
   * @throws IOException where it, or a file that a setting names, cannot be used
   */
  public static RecordingStore open(DataFolder folder) throws IOException {
    Settings settings = folder.settings();
    CatalogAddress catalog = CatalogSetting.address(settings);
    Optional<URI> media = settings.find(SettingKeys.STORE_WEBDAV_URI);
    return media.isEmpty()
        ? RecordingStore.open(folder.recordings(), catalog)
        : RecordingStore.open(folder.recordings(), catalog, collection(media.get(), settings));
  }

  private static WebDavFolder collection(URI uri, Settings settings) throws IOException {
    Optional<SSLContext> tls = TrustedAuthorities.of(settings).map(TrustedAuthorities::context);
    char[] account =
        settings.account(SettingKeys.STORE_WEBDAV_USER, SettingKeys.STORE_WEBDAV_PASSWORD_FILE);
    try {
      return WebDavFolder.at(uri, account, tls);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          settings.origin(SettingKeys.STORE_WEBDAV_URI).place() + ": " + e.getMessage(), e);
    } finally {
      Arrays.fill(account, '\0');
    }
  }
}
