package dev.tapeseal.settings;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of the Media Control Platform, from a file such as {@code mcp.cfg}: sections in
 * brackets, {@code option=value} below them, comments by {@code ;} or {@code #}.
 *
 * <p>The section {@code [mpc]} and its option {@code mediamgr.CA_file} are as documented; the file
 * is ours, since the platform keeps its options in its own configuration database. Backslashes are
 * literal, so that {@code c:\keystore\ca_cert.pem} is that. A platform has hundreds of options that
 * do not concern us, so unknown ones are kept and passed over, but one that looks like a misspelled
 * {@code mediamgr.CA_file} is refused: without it, chains would silently go unchecked. Read at
 * start; immutable and safe for any thread.
 */
public final class McpOptions {
  private static final String SECTION = "mpc";
  private static final String CA_FILE = "mediamgr.CA_file";

  private final Path folder;
  private final Map<String, Map<String, Option>> sections;

  private McpOptions(Path folder, Map<String, Map<String, Option>> sections) {
    this.folder = folder;
    this.sections = sections;
  }

  private record Option(String value, String place) {}

  /** A platform without any options. */
  public static McpOptions none() {
    return new McpOptions(Path.of(""), Map.of());
  }

  /**
   * Reads a file of at most 1 MiB.
   *
   * @throws IOException where it cannot be read
   * @throws SettingsException with the line that is wrong
   */
  public static McpOptions read(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Map<String, Map<String, Option>> sections = new LinkedHashMap<>();
    Map<String, Option> section = null;
    String sectionName = "";
    List<String> lines = TextFile.readLines(file);
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      String at = TextFile.at(file, number);
      if (line.isEmpty() || line.startsWith(";") || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[")) {
        sectionName = sectionName(line, at);
        section = sections.computeIfAbsent(sectionName, name -> new LinkedHashMap<>());
        continue;
      }
      int equals = line.indexOf('=');
      if (equals <= 0) {
        throw new SettingsException(
            at + "not an option (expected: option=value, or ; before a comment)");
      }
      String name = line.substring(0, equals).strip();
      if (section == null) {
        throw new SettingsException(at + "option " + Shown.of(name)
            + " before any section (expected: a line such as [" + SECTION + "])");
      }
      requireKnownSpelling(sectionName, name, at);
      Option option = new Option(line.substring(equals + 1).strip(), at);
      if (section.putIfAbsent(name, option) != null) {
        throw new SettingsException(
            at + "option " + Shown.of(name) + " for the second time (expected: once)");
      }
    }
    return new McpOptions(folder == null ? Path.of("") : folder, sections);
  }

  private static String sectionName(String line, String at) throws SettingsException {
    if (!line.endsWith("]") || line.length() < 3) {
      throw new SettingsException(
          at + "not a section (expected: a line such as [" + SECTION + "])");
    }
    return line.substring(1, line.length() - 1).strip();
  }

  private static void requireKnownSpelling(String section, String name, String at)
      throws SettingsException {
    boolean isCaFile = name.equals(CA_FILE) && section.equals(SECTION);
    boolean looksLikeIt = Spelling.nearest(name, List.of(CA_FILE)).isPresent();
    if (looksLikeIt && !isCaFile) {
      throw new SettingsException(at + "unknown option " + Shown.of(name) + " in section ["
          + section + "] (did you mean '" + CA_FILE + "' in section [" + SECTION + "]?)");
    }
  }

  /** An option's value as it stands, blanks around it left out. */
  public Optional<String> option(String section, String name) {
    return find(section, name).map(Option::value);
  }

  /**
   * The CA file, {@code [mpc] mediamgr.CA_file}, that recording certificates are checked against; a
   * relative path counts from the options' own file. An IVR profile may name another.
   *
   * @throws SettingsException where the value cannot be a path
   */
  public Optional<Path> caFile() throws SettingsException {
    Optional<Option> option = find(SECTION, CA_FILE);
    if (option.isEmpty()) {
      return Optional.empty();
    }
    String value = option.get().value();
    try {
      if (value.isEmpty()) {
        throw new InvalidPathException(value, "no path");
      }
      return Optional.of(folder.resolve(Path.of(value)));
    } catch (InvalidPathException e) {
      throw new SettingsException(
          option.get().place() + CA_FILE + ": " + Shown.of(value)
              + " (expected: the path of a PEM file)",
          e);
    }
  }

  private Optional<Option> find(String section, String name) {
    return Optional.ofNullable(sections.getOrDefault(section, Map.of()).get(name));
  }
}
