package dev.tapeseal.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of {@code name=value} lines such as {@code rcs.properties}.
 *
 * <p>It looks like {@link java.util.Properties} (comments by {@code #} or {@code !}, {@code =},
 * {@code :} or a blank between name and value) with one difference, which is our decision: <b>a
 * backslash is a backslash</b>. Under the rules of {@code Properties} a pasted {@code
 * c:\keystore\ca_cert.pem} silently becomes {@code c:keystoreca_cert.pem}, and a password loses its
 * backslashes; a certificate store that is not found, or worse another one that is, is a high price
 * for line continuations that these files do not need. Who doubled the backslashes of a Windows
 * path is served too: Windows takes them for one. So there are no continuation lines and no {@code
 * \\u} escapes: the file is UTF-8. A name that stands twice is an error, since it is not clear
 * which one its author relies on.
 */
final class PropertiesFile {
  private static final Pattern ENTRY =
      Pattern.compile("([A-Za-z0-9._-]+)(?:[ \\t]*[=:][ \\t]*|[ \\t]+)(.*)");

  private PropertiesFile() {}

  /** One line. */
  record Entry(String name, String value, int line) {}

  /**
   * Reads the entries in the file's order.
   *
   * @throws IOException where the file cannot be read
   * @throws SettingsException with the line that is wrong
   */
  static List<Entry> read(Path file) throws IOException {
    List<String> lines = TextFile.readLines(file);
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).stripLeading();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith("!")) {
        continue;
      }
      Matcher entry = ENTRY.matcher(line);
      if (!entry.matches()) {
        // The line is not shown: it may be a password that lost its name.
        throw new SettingsException(TextFile.at(file, number)
            + "not a setting (expected: name=value, or # before a comment)");
      }
      String name = entry.group(1);
      Entry earlier = entries.putIfAbsent(name, new Entry(name, entry.group(2), number));
      if (earlier != null) {
        throw new SettingsException(TextFile.at(file, number) + "'" + name
            + "' for the second time (expected: once; line " + earlier.line() + " has it too)");
      }
    }
    return new ArrayList<>(entries.values());
  }
}
