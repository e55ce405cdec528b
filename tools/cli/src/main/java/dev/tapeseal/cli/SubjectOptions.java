package dev.tapeseal.cli;

import dev.tapeseal.authority.SubjectName;
import dev.tapeseal.authority.SubjectName.Part;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The parts of a subject's name: by options, and those that are missing by asking, where there is somebody to ask. */
final class SubjectOptions {
  /** The order of the documented table. */
  private static final List<Part> ASKED = List.of(
      Part.COMMON_NAME,
      Part.ORGANIZATION,
      Part.ORGANIZATIONAL_UNIT,
      Part.LOCALITY,
      Part.STATE,
      Part.COUNTRY);

  private final Map<Part, String> given = new EnumMap<>(Part.class);

  SubjectOptions() {}

  @Option(names = "--cn", paramLabel = "NAME", description = "Common Name: the recording solution.")
  void commonName(String value) {
    given.put(Part.COMMON_NAME, value);
  }

  @Option(
      names = "--o",
      paramLabel = "NAME",
      description = "Organization: its exact legal name, not abbreviated.")
  void organization(String value) {
    given.put(Part.ORGANIZATION, value);
  }

  @Option(names = "--ou", paramLabel = "NAME", description = "Organization Unit: the section.")
  void organizationalUnit(String value) {
    given.put(Part.ORGANIZATIONAL_UNIT, value);
  }

  @Option(names = "--l", paramLabel = "NAME", description = "City or Locality.")
  void locality(String value) {
    given.put(Part.LOCALITY, value);
  }

  @Option(names = "--st", paramLabel = "NAME", description = "State or Province, in full.")
  void state(String value) {
    given.put(Part.STATE, value);
  }

  @Option(names = "--c", paramLabel = "CC", description = "Country: two letters, for example US.")
  void country(String value) {
    given.put(Part.COUNTRY, value);
  }

  @Option(names = "--email", paramLabel = "ADDRESS", description = "E-mail address; optional.")
  void email(String value) {
    given.put(Part.EMAIL, value);
  }

  @Option(
      names = "--serial-number",
      paramLabel = "TEXT",
      description =
          "The subject's serialNumber attribute (X.520), not the certificate's own; optional.")
  void serialNumber(String value) {
    given.put(Part.SERIAL_NUMBER, value);
  }

  /**
   * The whole name.
   *
   * @throws CommandException where a part is not as it should be, or parts are missing and nobody answers
   */
  SubjectName read(Terminal terminal) {
    SubjectName.Builder name = SubjectName.builder();
    try {
      given.forEach(name::set);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
    List<Part> missing = ASKED.stream().filter(name.missing()::contains).toList();
    for (Part part : missing) {
      if (!ask(terminal, name, part)) {
        throw missing(ASKED.stream().filter(name.missing()::contains).toList());
      }
    }
    if (!missing.isEmpty() && !given.containsKey(Part.EMAIL)) {
      ask(terminal, name, Part.EMAIL);
    }
    return name.build();
  }

  /** Asks until the answer is one that the name takes; false where there is no answer. */
  private static boolean ask(Terminal terminal, SubjectName.Builder name, Part part) {
    String prompt = part.description() + " (for example " + part.example()
        + (part.isRequired() ? "): " : "; empty for none): ");
    while (true) {
      String answer = terminal.ask(prompt);
      if (answer == null || (answer.isBlank() && !part.isRequired())) {
        return false;
      }
      String problem = set(name, part, answer.strip());
      if (problem == null) {
        return true;
      }
      terminal.note("tapeseal: " + problem);
    }
  }

  private static @Nullable String set(SubjectName.Builder name, Part part, String value) {
    try {
      name.set(part, value);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static CommandException missing(List<Part> parts) {
    List<String> options = parts.stream()
        .map(part -> "--" + part.label().toLowerCase(Locale.ROOT) + " (" + part.description() + ")")
        .toList();
    return new CommandException(
        ExitCode.USAGE,
        "missing " + String.join(", ", options)
            + " (expected: every part of the name; on a terminal they are asked for)");
  }
}
