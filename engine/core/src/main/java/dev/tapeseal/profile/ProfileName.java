package dev.tapeseal.profile;

import dev.tapeseal.settings.Shown;
import java.util.regex.Pattern;

/** Names an IVR profile, and the file that it lies in. */
public record ProfileName(String value) implements Comparable<ProfileName> {
  private static final Pattern SAFE =
      Pattern.compile("[A-Za-z0-9_]|[A-Za-z0-9_][A-Za-z0-9 ._-]{0,98}[A-Za-z0-9_-]");

  /** Refuses a name that could leave the profiles' folder, or hide in it. */
  public ProfileName {
    if (!SAFE.matcher(value).matches() || value.contains("..")) {
      throw new IllegalArgumentException("IVR profile: " + Shown.of(value)
          + " (expected: 1 to 100 letters, digits, blanks, '.', '_' or '-', the first a letter, digit or '_', the last"
          + " no blank and no '.')");
    }
  }

  @Override
  public int compareTo(ProfileName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
