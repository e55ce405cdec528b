package dev.tapeseal.profile;

import dev.tapeseal.settings.Shown;
import java.util.regex.Pattern;

/**
 * Where a node is, or which nodes a setting serves: {@code /}, {@code /US}, {@code /US/AK}. The
 * hierarchy is documented; that it goes by whole segments, so that {@code /US} does not serve
 * {@code /USA}, and that a slash at the end means nothing, is ours.
 *
 * @param path without a slash at its end, but for {@code /}
 */
public record Location(String path) {
  private static final Pattern PATH = Pattern.compile("/|(/[^/\\p{Cc}]{1,64}){1,16}/?");
  private static final Pattern DOTS = Pattern.compile("(.*/)?\\.{1,2}(/.*)?");

  /** Every node is below it. Made last, since it is checked by what stands before. */
  public static final Location ROOT = new Location("/");

  /** Refuses what is no path of segments. */
  public Location {
    if (!PATH.matcher(path).matches() || DOTS.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "location: " + Shown.of(path)
              + " (expected: '/', or a path such as /US/AK of at most 16 segments of 1 to 64 characters)");
    }
    if (path.length() > 1 && path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
  }

  /** Whether the other is this one or below it. */
  public boolean serves(Location other) {
    return path.equals("/") || other.path.equals(path) || other.path.startsWith(path + "/");
  }

  @Override
  public String toString() {
    return path;
  }
}
