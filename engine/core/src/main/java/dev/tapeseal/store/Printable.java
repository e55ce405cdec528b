package dev.tapeseal.store;

/** Foreign text as an error message may show it: short, and without control characters. */
final class Printable {
  private static final int MAX_CHARS = 80;

  private Printable() {}

  /** The text in quotes; what is not printable ASCII becomes '?', what is long is cut. */
  static String of(String text) {
    String shown = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + "…" : text;
    return "'" + shown.replaceAll("[^\\x20-\\x7e…]", "?") + "'";
  }
}
