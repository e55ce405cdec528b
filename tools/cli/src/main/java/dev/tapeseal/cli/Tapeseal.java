package dev.tapeseal.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code tapeseal} command, from its arguments to its exit code. */
@Command(
    name = "tapeseal",
    description =
        "Records calls and screens, encrypts them under X.509 recording certificates, decrypts them.",
    subcommands = {
      EncryptCommand.class,
      DecryptCommand.class,
      InspectCommand.class,
      RecordCommand.class,
      RecordingsCommand.class,
      MuxCommand.class,
      RewrapCommand.class,
      CaCommand.class,
      CertCommand.class,
      ProfileCommand.class,
      ScreenCertificateCommand.class,
      CheckCommand.class,
      KeystoreCommand.class,
      ConfigCommand.class,
      ServeCommand.class,
      WaitCommand.class,
      UserCommand.class,
      LoadCommand.class,
      DemoCommand.class,
      HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tapeseal.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 ok, 1 failed, 2 usage, 3 a check failed, 4 not found, 5 refused, 6 some failed, 7 not ready."
    })
public final class Tapeseal implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
  private CommandSpec spec;

  Tapeseal() {}

  /** Runs the command in this process and ends it with the command's exit code. */
  public static void main(String... arguments) {
    System.exit(run(Terminal.ofProcess(), arguments));
  }

  /**
   * Runs the command and answers its exit code; never throws.
   *
   * @param terminal what it reads, writes and is configured by
   * @param arguments as a shell would pass them
   */
  public static int run(Terminal terminal, String... arguments) {
    var commandLine = new CommandLine(new Tapeseal(), new Commands(terminal));
    commandLine.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpAutoWidth(terminal.watched());
    UsageErrors.registerConverters(commandLine);
    commandLine.setParameterExceptionHandler((wrong, given) -> {
      terminal.note("tapeseal: " + UsageErrors.sentence(wrong));
      terminal.note(
          "See '" + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
      return ExitCode.USAGE.number();
    });
    commandLine.setExecutionExceptionHandler((failure, command, given) -> {
      CommandException explained = Failures.explain(failure);
      terminal.note("tapeseal: " + explained.getMessage());
      if (!terminal.environment("TAPESEAL_DEBUG").isEmpty()) {
        failure.printStackTrace(terminal.err());
      }
      return explained.exitCode().number();
    });
    int exitCode;
    try {
      exitCode = commandLine.execute(arguments);
    } finally {
      terminal.flush();
    }
    IOException lost = terminal.lostOutput();
    if (lost == null) {
      return exitCode;
    }
    terminal.note("tapeseal: " + lost.getMessage());
    return exitCode == ExitCode.OK.number() ? ExitCode.FAILED.number() : exitCode;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command");
  }

  /** Makes each command with the terminal it talks to. */
  private record Commands(Terminal terminal) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (var constructor : type.getDeclaredConstructors()) {
        if (constructor.getParameterCount() == 1
            && constructor.getParameterTypes()[0] == Terminal.class) {
          return type.cast(constructor.newInstance(terminal));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }

  /** Answers {@code --version} from what the build wrote beside this class. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      return new String[] {"tapeseal " + number()};
    }

    /** The version alone. */
    static String number() throws IOException {
      var properties = new Properties();
      try (InputStream in = Tapeseal.class.getResourceAsStream("version.properties")) {
        if (in == null) {
          throw new IllegalStateException(
              "version.properties is missing: the build did not copy its resources");
        }
        properties.load(in);
      }
      return String.valueOf(properties.getProperty("version"));
    }
  }
}
