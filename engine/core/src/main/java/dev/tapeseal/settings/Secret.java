package dev.tapeseal.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** The longest file that {@link #firstLineOf} reads. */
  public static final int MAX_FILE_BYTES = 4096;

  private final char[] characters;

  private Secret(char[] characters) {
    this.characters = characters;
  }

  /** Takes a copy; the caller wipes its own array. May be empty. */
  public static Secret copyOf(char[] characters) {
    return new Secret(characters.clone());
  }

  /**
   * Takes the first line of a file, without its line end: UTF-8, at most {@link #MAX_FILE_BYTES}.
   *
   * @throws IOException where the file cannot be read
   * @throws SettingsException where it is too long, no text, or its first line empty
   */
  public static Secret firstLineOf(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_FILE_BYTES + 1);
    }
    CharBuffer decoded = CharBuffer.allocate(MAX_FILE_BYTES + 1);
    try {
      if (bytes.length > MAX_FILE_BYTES) {
        throw new SettingsException(
            file + ": longer than " + MAX_FILE_BYTES + " bytes (expected: a password)");
      }
      if (StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes), decoded, true)
          .isError()) {
        throw new SettingsException(file + ": not UTF-8 (expected: a password)");
      }
      int end = 0;
      while (end < decoded.position() && "\r\n".indexOf(decoded.get(end)) < 0) {
        end++;
      }
      if (end == 0) {
        throw new SettingsException(file + ": the first line is empty (expected: a password)");
      }
      return new Secret(Arrays.copyOf(decoded.array(), end));
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(decoded.array(), '\0');
    }
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
