package dev.tapeseal.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody meant who wrote a name that does not exist. */
final class Spelling {
  private static final int MAX_LENGTH = 128;
  private static final String SEPARATORS = "[._-]";

  private Spelling() {}

  /** The end of a message about an unknown name: the nearest one, or nothing when none is near. */
  static String suggestion(String written, Collection<String> known) {
    return nearest(written, known)
        .map(name -> " (did you mean '" + name + "'?)")
        .orElse("");
  }

  /**
   * The nearest of the known names: at most a third of its letters differ, and at most three.
   * Capitals and the separators {@code . _ -} count for nothing.
   */
  static Optional<String> nearest(String written, Collection<String> known) {
    if (written.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String plain = plain(written);
    return known.stream()
        .filter(name -> edits(plain, plain(name)) <= Math.min(3, plain(name).length() / 3))
        .min(Comparator.comparingInt(name -> edits(plain, plain(name))));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll(SEPARATORS, "");
  }

  /**
   * How many letters must be added, left out, replaced or swapped with their neighbour to get from
   * one to the other.
   */
  private static int edits(String from, String to) {
    int[][] edits = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        boolean swapped = i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
        if (swapped) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[from.length()][to.length()];
  }
}
