package dev.tapeseal.settings;

/**
 * Foreign text as a message may show it: in quotes, short, without control characters. Safe for any thread.
 */
public final class Shown {
  private static final int MAX_CHARACTERS = 80;

  private Shown() {}

  /**
   * The text in single quotes: its first 80 characters, and an ellipsis where there are more; a question mark for each
   * control, format, unassigned, surrogate or line-separating character.
   */
  public static String of(String text) {
    String shown = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) + "…" : text;
    return "'" + shown.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cn}\\p{Cs}\\p{Zl}\\p{Zp}]", "?") + "'";
  }
}
