package dev.tapeseal.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a configuration file: UTF-8, at most {@link #MAX_BYTES}, without control characters.
 */
final class TextFile {
  static final int MAX_BYTES = 1024 * 1024;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /**
   * Reads a file, which may be a pipe.
   *
   * @return the lines without their line ends, LF or CRLF; number <i>n</i> stands at <i>n</i> - 1
   * @throws IOException where it cannot be read
   * @throws SettingsException where it is too long or no text
   */
  static List<String> readLines(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new SettingsException(file + ": more than " + MAX_BYTES
          + " bytes (expected: a configuration file of at most that)");
    }
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < bytes.length) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      lines.add(line(bytes, start, end, file, lines.size() + 1));
      start = end + 1;
    }
    return lines;
  }

  private static String line(byte[] bytes, int start, int end, Path file, int number)
      throws SettingsException {
    int textEnd = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
    String line;
    try {
      line = StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, textEnd - start))
          .toString();
    } catch (CharacterCodingException e) {
      throw new SettingsException(
          at(file, number) + "not UTF-8 (expected: text in that encoding; save the file anew)", e);
    }
    if (number == 1 && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK) {
      line = line.substring(1);
    }
    if (line.chars()
        .anyMatch(character -> Character.isISOControl(character) && character != '\t')) {
      throw new SettingsException(at(file, number) + "a control character (expected: text)");
    }
    return line;
  }

  /** How a message about a line begins. */
  static String at(Path file, int number) {
    return file + ", line " + number + ": ";
  }
}
