package dev.tapeseal.webservices;

import dev.tapeseal.profile.GroupSetting;
import dev.tapeseal.profile.GroupSettingsFile;
import dev.tapeseal.profile.Location;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Setting {@code decrypt-uri-prefix} of group {@code screen-recording}: where the crypto servers of a location are. The
 * settings come from files of this machine, so that no client ever names an address. Safe for any thread; a call costs
 * one call to the file system where nothing has changed.
 */
public final class DecryptUriPrefixes {
  /** The name of the setting. */
  static final String NAME = "decrypt-uri-prefix";

  private final Path settings;
  private final Location nodePath;

  DecryptUriPrefixes(Path settings, Location nodePath) {
    this.settings = settings;
    this.nodePath = nodePath;
  }

  /** The file of one contact center's settings group, which need not exist. */
  GroupSettingsFile file(String contactCenterId, SettingsGroup group) {
    return GroupSettingsFile.open(
        settings.resolve(contactCenterId).resolve(group.text() + ".json"));
  }

  /**
   * The crypto servers for this node, in the order in which they are to be tried; none where no setting serves it.
   *
   * @param contactCenterId one that the node serves
   */
  public List<URI> forNode(String contactCenterId) throws IOException {
    Optional<GroupSetting> setting =
        file(contactCenterId, SettingsGroup.SCREEN_RECORDING).read().resolve(NAME, nodePath);
    List<URI> uris = new ArrayList<>();
    for (String text : setting.map(GroupSetting::texts).orElse(List.of())) {
      uris.add(SettingsGroup.httpUri(text)
          .orElseThrow(() -> new IOException("setting " + setting.get()
              + " holds what is no address (expected: http://host:port/rcs); post it again")));
    }
    return uris;
  }
}
