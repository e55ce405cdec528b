package dev.tapeseal.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a user reads who typed something that the command does not take: what it was, and what is expected. */
final class UsageErrors {

  private UsageErrors() {}

  /** Has values that are no number and no time refused in our words, in this command and those below it. */
  static void registerConverters(CommandLine commandLine) {
    commandLine.registerConverter(Instant.class, UsageErrors::instant);
    commandLine.registerConverter(Integer.class, UsageErrors::integer);
    commandLine.registerConverter(int.class, UsageErrors::integer);
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'" + text + "' (expected: a time in UTC, for example 2026-05-31T08:00:00Z)");
    }
  }

  private static Integer integer(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' (expected: a whole number)");
    }
  }

  /** The sentence. */
  static String sentence(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched);
    }
    ArgSpec argument = wrong.getArgSpec();
    String value = wrong.getValue();
    if (argument instanceof OptionSpec option
        && value != null
        && argument.typeInfo().isEnum()
        && argument.paramLabel().contains("|")) {
      return "invalid value for option '" + option.longestName() + "': '" + value + "' (expected: "
          + argument.paramLabel().replace("|", " or ") + ")";
    }
    String message = String.valueOf(wrong.getMessage());
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private static String unmatched(UnmatchedArgumentException wrong) {
    List<String> given = wrong.getUnmatched();
    boolean takesCommand = !wrong.getCommandLine().getSubcommands().isEmpty();
    String what = wrong.isUnknownOption()
        ? "unknown option"
        : takesCommand ? "unknown command" : "one argument too many:";
    String suggestions = wrong.getSuggestions().stream()
        .map(suggestion -> "'" + suggestion + "'")
        .collect(Collectors.joining(" or "));
    return what + " '" + given.get(0) + "'"
        + (suggestions.isEmpty() ? "" : " (did you mean " + suggestions + "?)");
  }
}
