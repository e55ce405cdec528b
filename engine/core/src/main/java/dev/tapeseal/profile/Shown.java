package dev.tapeseal.profile;

/** Foreign text as a message may show it: in quotes, short, without control characters. */
final class Shown {
  private static final int MAX_CHARACTERS = 80;

  private Shown() {}

  static String of(String text) {
    String shown = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) + "…" : text;
    return "'" + shown.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cn}\\p{Cs}\\p{Zl}\\p{Zp}]", "?") + "'";
  }
}
