package dev.tapeseal.keystore;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a backup of a key store says of itself to whoever has no password: {@code keys.txt}. It names keys by digests of
 * their public halves alone.
 *
 * @param created when the backup was made, in UTC
 * @param publicKeySha256 of every RSA key in it, in lower-case hexadecimal
 */
record BackupManifest(Instant created, List<String> publicKeySha256) {
  private static final String TITLE = "tapeseal key store backup, version 1";
  private static final Pattern CREATED = Pattern.compile("created (\\S{1,40})");
  private static final Pattern KEY = Pattern.compile("key ([0-9a-f]{64})");

  /** Takes a copy. */
  BackupManifest {
    publicKeySha256 = List.copyOf(publicKeySha256);
  }

  byte[] encoded() {
    StringBuilder text = new StringBuilder(TITLE + "\ncreated " + created + "\n");
    publicKeySha256.forEach(key -> text.append("key ").append(key).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads it back.
   *
   * @throws RecordingKeyStoreException.Unreadable where it is not one, or of a newer version
   */
  static BackupManifest parse(byte[] utf8, String source)
      throws RecordingKeyStoreException.Unreadable {
    List<String> lines = new String(utf8, StandardCharsets.UTF_8).lines().toList();
    Matcher created = CREATED.matcher(lines.size() < 2 ? "" : lines.get(1));
    if (lines.isEmpty() || !lines.get(0).equals(TITLE) || !created.matches()) {
      throw unreadable(source, null);
    }
    List<String> keys = new ArrayList<>();
    for (String line : lines.subList(2, lines.size())) {
      Matcher key = KEY.matcher(line);
      if (!key.matches()) {
        throw unreadable(source, null);
      }
      keys.add(key.group(1));
    }
    try {
      return new BackupManifest(Instant.parse(created.group(1)), keys);
    } catch (DateTimeParseException e) {
      throw unreadable(source, e);
    }
  }

  private static RecordingKeyStoreException.Unreadable unreadable(
      String source, @Nullable Exception cause) {
    return new RecordingKeyStoreException.Unreadable(
        source + ": damaged, or not of this version (expected: '" + TITLE + "')", cause);
  }
}
