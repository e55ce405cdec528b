package dev.tapeseal.store;

/**
 * A phone number to look for, by the documented rule: letters and digits alone are compared, case matters, and
 * {@code *} stands for any number of any of them.
 */
final class NumberPattern {
  private static final int MAX_CHARS = 128;

  private final String letters;

  private NumberPattern(String letters) {
    this.letters = letters;
  }

  static NumberPattern of(String what, String text) {
    String letters = text.codePoints()
        .filter(c -> c == '*' || Character.isLetterOrDigit(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .replaceAll("\\*+", "*");
    if (letters.isEmpty() || letters.length() > MAX_CHARS) {
      throw new IllegalArgumentException(what + ": " + Printable.of(text) + " (expected: 1 to "
          + MAX_CHARS + " letters, digits or '*')");
    }
    return new NumberPattern(letters);
  }

  /** What of a number is compared. */
  static String compared(String number) {
    return number
        .codePoints()
        .filter(Character::isLetterOrDigit)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  boolean isExact() {
    return letters.indexOf('*') < 0;
  }

  /** The number, where it is exact. */
  String exact() {
    return letters;
  }

  /** The pattern in SQL; letters and digits are never its metacharacters. */
  String like() {
    return letters.replace('*', '%');
  }

  /** What a number begins with; an index finds it. May be empty. */
  String prefix() {
    int star = letters.indexOf('*');
    return star < 0 ? letters : letters.substring(0, star);
  }
}
