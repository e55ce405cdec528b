package dev.tapeseal.certificate;

/** Makes foreign text safe to show: names in certificates may hold terminal commands and invisible characters. */
final class PrintableText {
  private static final int MAX_CHARACTERS = 512;

  private PrintableText() {}

  /** The text with control, format and unassigned characters replaced by {@code ?}, cut at 512 characters. */
  static String of(String text) {
    String printable = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cn}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    return printable.length() <= MAX_CHARACTERS
        ? printable
        : printable.substring(0, MAX_CHARACTERS) + "…";
  }
}
