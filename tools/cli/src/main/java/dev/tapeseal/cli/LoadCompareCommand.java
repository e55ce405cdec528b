package dev.tapeseal.cli;

import dev.tapeseal.load.LoadComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Says what changed from one load to another. */
@Command(
    name = "compare",
    description = "Compares the results of two loads: better, worse, or no change beyond noise.",
    mixinStandardHelpOptions = true)
final class LoadCompareCommand implements Callable<Integer> {
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  private final Terminal terminal;

  @Option(names = "--json", description = "Print the comparison as JSON.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "BEFORE.json", description = "What load --json-out wrote.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path before;

  @Parameters(index = "1", paramLabel = "AFTER.json", description = "Of the load to compare.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path after;

  LoadCompareCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    JsonNode one = read(before);
    JsonNode other = read(after);
    List<LoadComparison.Row> rows;
    try {
      rows = LoadComparison.of(one, other);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
    if (!one.path("plan").equals(other.path("plan"))) {
      terminal.note("tapeseal: the loads differ in their plans, so figures may differ by that");
    }
    if (json) {
      Json.print(terminal.out(), rows.stream().map(LoadComparison.Row::toMap).toList());
    } else {
      for (LoadComparison.Row row : rows) {
        terminal
            .out()
            .printf(
                Locale.ROOT,
                "%-26s %14.1f %14.1f  %s%n",
                row.figure(),
                row.before(),
                row.after(),
                row.verdict());
      }
    }
    return ExitCode.OK.number();
  }

  private static JsonNode read(Path file) throws IOException {
    Inputs.requireFile(file);
    if (Files.size(file) > MAX_BYTES) {
      throw new CommandException(
          ExitCode.FAILED, file + ": more than 64 MiB (expected: what load --json-out wrote)");
    }
    try {
      return JsonMapper.builder().build().readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new CommandException(
          ExitCode.FAILED, file + ": is no JSON (expected: what load --json-out wrote)", e);
    }
  }
}
