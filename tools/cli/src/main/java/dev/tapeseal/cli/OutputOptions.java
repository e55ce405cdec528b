package dev.tapeseal.cli;

import dev.tapeseal.cli.OutputFile.Existing;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of a command that makes one file, and reports on it where that is asked for. */
final class OutputOptions {
  @Option(
      names = {"-o", "--out", "--output"},
      paramLabel = "OUT",
      required = true,
      description = "The file to write; - for standard output.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path output;

  @Option(names = "--force", description = "Replace outputs that exist.")
  private boolean force;

  @Option(names = "--json", description = "Say what was written as JSON.")
  private boolean json;

  OutputOptions() {}

  /** The file to write; {@code -} for standard output. */
  Path output() {
    return output;
  }

  /** What happens to outputs that exist. */
  Existing existing() {
    return force ? Existing.REPLACE : Existing.REFUSE;
  }

  /** Whether a report is wanted on standard output. */
  boolean json() {
    return json;
  }

  /** Refuses what cannot be done, before any work is. */
  void check() {
    if (json && Inputs.isStandard(output)) {
      throw new CommandException(
          ExitCode.USAGE,
          "--json with -o -: both write to standard output (expected: a file as output)");
    }
    OutputFile.refuseExisting(output, existing());
  }
}
