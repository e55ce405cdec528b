package dev.tapeseal.recorder;

import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.RecordingDestinations;
import dev.tapeseal.settings.Secret;
import dev.tapeseal.store.WebDavFolder;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Where an IVR profile sends its recordings: a WebDAV storage, and who hears of them.
 *
 * @param storage where media are put
 * @param metadata where metadata are posted; empty where they are put beside the media
 */
record Destination(WebDavFolder storage, Optional<URI> metadata) {

  /** That of a profile; empty where it names no HTTP storage, so that recordings stay here. */
  static Optional<Destination> of(IvrProfile profile, DeliveryAccounts accounts) {
    RecordingDestinations named = profile.destinations();
    return named.storage().filter(Destination::isHttp).map(storage -> {
      char[] authorization =
          named.storageAuthorization().map(Secret::copyCharacters).orElseGet(accounts::storage);
      try {
        return new Destination(
            WebDavFolder.at(URI.create(storage), authorization, accounts.tls()),
            named.recordingProcessorUri().map(Destination::withoutSlash));
      } finally {
        Arrays.fill(authorization, '\0');
      }
    });
  }

  /** Whether a profile names one. */
  static boolean isNamedBy(IvrProfile profile) {
    return profile.destinations().storage().filter(Destination::isHttp).isPresent();
  }

  private static boolean isHttp(String address) {
    String lower = address.toLowerCase(Locale.ROOT);
    return lower.startsWith("http://") || lower.startsWith("https://");
  }

  private static URI withoutSlash(String address) {
    return URI.create(address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
  }
}
