package dev.tapeseal.settings;

import java.util.Arrays;

/**
 * A password or the like from a configuration. Its text form is always the same word, so it may
 * stand in any log.
 *
 * <p>Configuration is kept as long as the process runs, so it is not wiped by itself; who is done
 * with it may call {@link #close}. Safe for any thread until then.
 */
public final class Secret implements AutoCloseable {
  /** What is shown in place of a secret. */
  public static final String HIDDEN = "(hidden)";

  private final char[] characters;

  private Secret(char[] characters) {
    this.characters = characters;
  }

  /** Takes a copy; the caller wipes its own array. May be empty. */
  public static Secret copyOf(char[] characters) {
    return new Secret(characters.clone());
  }

  /** A copy, which the caller wipes: JCA takes passwords in this form. */
  public char[] copyCharacters() {
    return characters.clone();
  }

  /** Whether there are no characters at all. */
  public boolean isEmpty() {
    return characters.length == 0;
  }

  /** Wipes it: every character becomes NUL. May be called more than once. */
  @Override
  public void close() {
    Arrays.fill(characters, '\0');
  }

  @Override
  public String toString() {
    return HIDDEN;
  }
}
