package dev.tapeseal.cli;

/** How many there are, as people say it. */
final class Count {
  private Count() {}

  /** {@code 1 key}, {@code 2 keys}. */
  static String of(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
