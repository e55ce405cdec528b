package dev.tapeseal.cli;

import dev.tapeseal.envelope.RecordingFormat;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Reads a recording format's name. */
final class RecordingFormats {
  private RecordingFormats() {}

  static RecordingFormat of(String label) {
    for (RecordingFormat format : RecordingFormat.values()) {
      if (format.label().equals(label)) {
        return format;
      }
    }
    throw new CommandException(
        ExitCode.USAGE,
        "--format: '" + label + "' (expected: "
            + Arrays.stream(RecordingFormat.values())
                .map(RecordingFormat::label)
                .collect(Collectors.joining(", "))
            + ")");
  }
}
