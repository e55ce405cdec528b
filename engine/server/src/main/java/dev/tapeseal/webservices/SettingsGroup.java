package dev.tapeseal.webservices;

import dev.tapeseal.http.HttpException;
import dev.tapeseal.profile.GroupSetting;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A documented group of settings. */
enum SettingsGroup {
  /** Where screen recordings are stored, and who decrypts them. */
  SCREEN_RECORDING,
  /** How screen recordings are encrypted. */
  SCREEN_RECORDING_ENCRYPTION;

  /** Its name in a path. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static SettingsGroup of(String text) {
    for (SettingsGroup group : values()) {
      if (group.text().equals(text)) {
        return group;
      }
    }
    throw new HttpException(
        404,
        "not-found",
        "There is no such group of settings.",
        "There are: " + Arrays.stream(values()).map(SettingsGroup::text).toList() + ".");
  }

  /** Refuses a value that whoever needs the setting could not use. */
  void check(GroupSetting setting) {
    if (setting.name().equals(DecryptUriPrefixes.NAME)) {
      List<String> texts = setting.texts();
      if (texts.isEmpty() || texts.stream().anyMatch(text -> httpUri(text).isEmpty())) {
        throw new HttpException(
            400,
            "not-a-uri",
            "The value is not the address of a crypto server.",
            "Send http://host:port/rcs, or a list of such, without user, query or fragment.");
      }
    } else if (setting.name().equals("storage") && !setting.valueJson().startsWith("[")) {
      throw new HttpException(
          400,
          "not-a-storage",
          "The value is not a list of storages.",
          "Send [{\"storageType\":\"webDAV\",\"active\":true,\"credential\":{…}}].");
    }
  }

  /** An address without a slash at its end; empty where it is none that a player could be sent to. */
  static Optional<URI> httpUri(String text) {
    try {
      URI uri = new URI(text.strip());
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean isPlain = uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && uri.getPort() <= 65_535;
      if (!isPlain || !(scheme.equals("http") || scheme.equals("https"))) {
        return Optional.empty();
      }
      String whole = uri.toString();
      return Optional.of(
          whole.endsWith("/") ? new URI(whole.substring(0, whole.length() - 1)) : uri);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
