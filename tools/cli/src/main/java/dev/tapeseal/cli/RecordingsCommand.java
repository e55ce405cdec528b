package dev.tapeseal.cli;

import dev.tapeseal.store.Page;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds the recordings of a store. */
@Command(
    name = "recordings",
    description = "Lists and shows the recordings of a store.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RecordingsCommand.ListCommand.class, RecordingsCommand.ShowCommand.class})
final class RecordingsCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private CommandSpec spec;

  RecordingsCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command: list or show");
  }

  /** Lists recordings, newest first, a page at a time. */
  @Command(
      name = "list",
      description = "Lists recordings, newest first.",
      mixinStandardHelpOptions = true)
  static final class ListCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--store", paramLabel = "DIR", required = true, description = "The store.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private Path store;

    @Mixin
    private final QueryOptions which = new QueryOptions();

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "100",
        description = "At most so many, 1 to 1000; 100 by default.")
    private int limit;

    @Option(
        names = "--cursor",
        paramLabel = "CURSOR",
        description = "The page that an earlier answer called next or previous.")
    private @Nullable String cursor;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    ListCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      RecordingQuery query = query();
      try (RecordingStore recordings = Stores.openExisting(terminal, store)) {
        Page page = recordings.query(query);
        if (json) {
          printJson(page);
        } else {
          print(page);
        }
      }
      return ExitCode.OK.number();
    }

    private RecordingQuery query() {
      try {
        return which.query().withCursor(cursor).withLimit(limit);
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }

    private void print(Page page) {
      if (page.recordings().isEmpty()) {
        terminal.note("tapeseal: no recordings");
        return;
      }
      RecordingTable.printHead(terminal.out());
      page.recordings().forEach(recording -> RecordingTable.print(terminal.out(), recording));
      if (page.next() != null) {
        terminal.note("tapeseal: there are more: --cursor " + page.next());
      }
    }

    private void printJson(Page page) {
      Map<String, @Nullable Object> report = new LinkedHashMap<>();
      report.put("recordings", page.recordings().stream().map(Json::tree).toList());
      report.put("next", page.next());
      report.put("previous", page.previous());
      Json.print(terminal.out(), report);
    }
  }

  /** Shows one recording's metadata, which are JSON anyway. */
  @Command(name = "show", description = "Shows one recording.", mixinStandardHelpOptions = true)
  static final class ShowCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--store", paramLabel = "DIR", required = true, description = "The store.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private Path store;

    @Option(names = "--json", description = "The metadata as they are stored.")
    private boolean json;

    @Parameters(paramLabel = "ID", description = "The recording's id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String id;

    ShowCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      RecordingId recordingId = Names.recording(id);
      try (RecordingStore recordings = Stores.openExisting(terminal, store)) {
        Recording recording = recordings
            .find(recordingId)
            .orElseThrow(() -> new CommandException(
                ExitCode.NOT_FOUND,
                id + ": " + store
                    + " has no recording of this id (see 'tapeseal recordings list')"));
        if (json) {
          Json.print(terminal.out(), Json.tree(recording));
        } else {
          RecordingDetails.print(terminal.out(), recording);
        }
      }
      return ExitCode.OK.number();
    }
  }
}
