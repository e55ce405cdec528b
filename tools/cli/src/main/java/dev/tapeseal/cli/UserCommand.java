package dev.tapeseal.cli;

import dev.tapeseal.platform.Users;
import dev.tapeseal.settings.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
    description = "Adds users of the services.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = UserCommand.AddCommand.class)
final class UserCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private CommandSpec spec;

  UserCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command: add");
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
        description = "Gives a user there is this password and these privileges.")
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
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("user", name);
        report.put("privileges", new TreeSet<>(privileges));
        Json.print(terminal.out(), report);
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
}
