package dev.tapeseal.store;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the names of contact centers and tenants into names of folders and back: what could mean something to a
 * file system becomes percent-encoded UTF-8, so no name leaves its parent, hides, or equals another's.
 */
final class FolderName {
  private static final int MAX_CHARS = 80;
  private static final int MAX_ENCODED_CHARS = 255;
  private static final String KEPT_PUNCTUATION = " -_.,&()'@+=";
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-F]{2})");

  private FolderName() {}

  /** Refuses a name that cannot become a folder's. */
  static void check(String what, String name) {
    boolean sound = !name.isEmpty() && name.length() <= MAX_CHARS;
    for (int i = 0; sound && i < name.length(); i++) {
      sound = !Character.isISOControl(name.charAt(i));
    }
    // a lone surrogate has no UTF-8, and would come back as another name
    sound = sound
        && StandardCharsets.UTF_8.newEncoder().canEncode(name)
        && encode(name).length() <= MAX_ENCODED_CHARS;
    if (!sound) {
      throw new IllegalArgumentException(what + ": " + Printable.of(name) + " (expected: 1 to "
          + MAX_CHARS + " characters, no control characters, short enough for a folder's name)");
    }
  }

  /** The folder's name. */
  static String encode(String name) {
    StringBuilder folder = new StringBuilder();
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xff);
      boolean edge = i == 0 || i == bytes.length - 1;
      if (isLetterOrDigit(c)
          || (KEPT_PUNCTUATION.indexOf(c) >= 0 && !(edge && (c == '.' || c == ' ')))) {
        folder.append(c);
      } else {
        folder.append('%').append("%02X".formatted((int) c));
      }
    }
    return folder.toString();
  }

  /**
   * The name that a folder was made for.
   *
   * @throws IllegalArgumentException where the folder was not made for any
   */
  static String decode(String folder) {
    Matcher escapes = ESCAPE.matcher(folder);
    byte[] latin = escapes
        .replaceAll(escape ->
            Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))))
        .getBytes(StandardCharsets.ISO_8859_1);
    String name = new String(latin, StandardCharsets.UTF_8);
    if (!encode(name).equals(folder)) {
      throw new IllegalArgumentException(
          "folder: " + Printable.of(folder) + " (expected: a percent-encoded name)");
    }
    return name;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
