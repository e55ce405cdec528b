package dev.tapeseal.cli;

import dev.tapeseal.platform.Users;
import dev.tapeseal.settings.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Who may use the services. */
@Command(
    name = "user",
    description = "Adds, lists and removes users of the services.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UserCommand.AddCommand.class,
      UserCommand.ListCommand.class,
      UserCommand.RemoveCommand.class
    })
final class UserCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private CommandSpec spec;

  UserCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command: add, list or remove");
  }

  /** Adds one. */
  @Command(
      name = "add",
      description = "Adds a user; a server that runs knows the user at once.",
      mixinStandardHelpOptions = true)
  static final class AddCommand implements Callable<Integer> {
    private static final String VARIABLE = "TAPESEAL_USER_PASSWORD";

    private final Terminal terminal;

    @Mixin
    private final DataOption data = new DataOption();

    @Parameters(paramLabel = "NAME", description = "Letters, digits, '.', '_', '@' and '-'.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String name;

    @Option(
        names = "--password-file",
        paramLabel = "FILE",
        description =
            "Its first line is the user's password; " + VARIABLE + " or a prompt otherwise.")
    private @Nullable Path passwordFile;

    @Option(
        names = "--privilege",
        paramLabel = "administer-certificates|decrypt|ops",
        required = true,
        split = ",",
        description = "What the user may: several, by commas or by another --privilege.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private Set<String> privileges;

    @Option(
        names = "--force",
        description = "Gives a user there is another password, and these privileges.")
    private boolean force;

    @Option(names = "--json", description = "Say who was added as JSON.")
    private boolean json;

    AddCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      Set<String> unknown = new TreeSet<>(privileges);
      unknown.removeAll(Users.PRIVILEGES);
      if (!unknown.isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE,
            "--privilege " + String.join(",", unknown) + ": no such privilege (expected: "
                + String.join(", ", Users.PRIVILEGES) + ")");
      }
      Users users = Users.open(data.open(terminal));
      try (Secret password = password()) {
        if (force) {
          users.replace(name, password, privileges);
        } else {
          users.add(name, password, privileges);
        }
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
      if (json) {
        Json.print(terminal.out(), report(name, privileges));
      }
      return ExitCode.OK.number();
    }

    private Secret password() throws IOException {
      if (passwordFile != null) {
        Inputs.requireFile(passwordFile);
        return Secret.firstLineOf(passwordFile);
      }
      String file = terminal.environment(VARIABLE + "_FILE");
      if (!file.isEmpty()) {
        Inputs.requireFile(Path.of(file));
        return Secret.firstLineOf(Path.of(file));
      }
      String variable = terminal.environment(VARIABLE);
      if (!variable.isEmpty()) {
        return Secret.copyOf(variable.toCharArray());
      }
      char[] typed = terminal.askSecret("Password of " + name + ": ");
      if (typed == null || typed.length == 0) {
        throw new CommandException(
            ExitCode.USAGE,
            "missing password of " + name + " (expected: --password-file FILE, " + VARIABLE
                + " in the environment, or a terminal to ask at)");
      }
      try {
        return Secret.copyOf(typed);
      } finally {
        Arrays.fill(typed, '\0');
      }
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      description = "Lists the users and what each may.",
      mixinStandardHelpOptions = true)
  static final class ListCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final DataOption data = new DataOption();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    ListCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      Map<String, Set<String>> users = Users.open(data.existing(terminal)).all();
      if (json) {
        List<Map<String, Object>> rows = new ArrayList<>();
        users.forEach((name, privileges) -> rows.add(report(name, privileges)));
        Json.print(terminal.out(), Map.of("users", rows));
        return ExitCode.OK.number();
      }
      int width = users.keySet().stream().mapToInt(String::length).max().orElse(0);
      users.forEach((name, privileges) -> terminal
          .out()
          .println(name + " ".repeat(width - name.length()) + "  "
              + String.join(", ", new TreeSet<>(privileges))));
      if (users.isEmpty()) {
        terminal.note("tapeseal: no users yet; the first start of 'tapeseal serve' makes ops");
      }
      return ExitCode.OK.number();
    }
  }

  /** Removes one. */
  @Command(
      name = "remove",
      description = "Removes a user; a server that runs ends the user's sessions at once.",
      mixinStandardHelpOptions = true)
  static final class RemoveCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final DataOption data = new DataOption();

    @Parameters(paramLabel = "NAME", description = "Who.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String name;

    @Option(names = "--json", description = "Say who was removed as JSON.")
    private boolean json;

    RemoveCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      Users users = Users.open(data.existing(terminal));
      Set<String> privileges = users.privileges(name).orElse(Set.of());
      users.remove(name);
      if (json) {
        Json.print(terminal.out(), report(name, privileges));
      }
      return ExitCode.OK.number();
    }
  }

  private static Map<String, Object> report(String name, Set<String> privileges) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("user", name);
    report.put("privileges", new TreeSet<>(privileges));
    return report;
  }
}
