package dev.tapeseal.cli;

import dev.tapeseal.profile.DeployedCertificates;
import dev.tapeseal.profile.Location;
import dev.tapeseal.profile.Profiles;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.profile.ScreenCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Provisions the certificates that screen recordings are encrypted under. */
@Command(
    name = "screen-certificate",
    description = "Lists, assigns and removes screen recording certificates.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ScreenCertificateCommand.ListCommand.class,
      ScreenCertificateCommand.AssignCommand.class,
      ScreenCertificateCommand.RemoveCommand.class
    })
final class ScreenCertificateCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private CommandSpec spec;

  ScreenCertificateCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command: list, assign or remove");
  }

  /** The location whose certificates a command is about. */
  static final class LocationOption {
    @Option(
        names = "--location",
        paramLabel = "/US/AK",
        defaultValue = "/",
        description =
            "Of which location; a node uses those of the nearest location above it that has any. ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String location;

    LocationOption() {}

    ScreenCertificates of(ScreenCertificates all) {
      try {
        return all.at(new Location(location));
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitCode.USAGE, "--location: " + e.getMessage(), e);
      }
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      description = "Lists the screen recording certificates.",
      mixinStandardHelpOptions = true)
  static final class ListCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final DataOption data = new DataOption();

    @Mixin
    private final LocationOption location = new LocationOption();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    ListCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      Provisioning provisioning = data.provisioning(terminal);
      ScreenCertificates all = provisioning.screenCertificates();
      ScreenCertificates screen = location.of(all);
      print(terminal, screen.read(), provisioning.profiles(), json);
      List<String> others = all.locations().stream()
          .filter(other -> !other.equals(screen.location()))
          .map(Object::toString)
          .toList();
      if (!others.isEmpty() && !json) {
        terminal.note(
            "tapeseal: other locations have some: --location " + String.join(", ", others));
      }
      return ExitCode.OK.number();
    }
  }

  /** Assigns one that passes. */
  @Command(
      name = "assign",
      description = {
        "Assigns a screen recording certificate.",
        "Refused, with the reasons, where a recording could not be made under it now."
      },
      mixinStandardHelpOptions = true)
  static final class AssignCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final DataOption data = new DataOption();

    @Mixin
    private final LocationOption location = new LocationOption();

    @Parameters(paramLabel = "CERT.pem", description = "The certificate.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private Path file;

    @Option(names = "--json", description = "Print every verdict as JSON.")
    private boolean json;

    AssignCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
      Provisioning provisioning = DataOption.judging(data.open(terminal));
      Inputs.requireFile(file);
      Deployment deployment = Deployment.judge(file, provisioning, null);
      return deployment
          .carryOut(
              terminal,
              json,
              provisioning.profiles(),
              certificate -> location.of(provisioning.screenCertificates()).assign(certificate))
          .number();
    }
  }

  /** Removes one. */
  @Command(
      name = "remove",
      description = {
        "Removes a screen recording certificate.",
        "Recordings under it stay as they are, and its key is still needed to play them."
      },
      mixinStandardHelpOptions = true)
  static final class RemoveCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final DataOption data = new DataOption();

    @Mixin
    private final LocationOption location = new LocationOption();

    @Parameters(
        paramLabel = "CERT.pem|certificates-N",
        description = "The certificate, or the name of the option that holds it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String which;

    @Option(names = "--json", description = "Say what is left as JSON.")
    private boolean json;

    RemoveCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
      Provisioning provisioning = data.provisioning(terminal);
      ScreenCertificates screen = location.of(provisioning.screenCertificates());
      DeployedCertificates left =
          Names.isOption(which) ? screen.remove(which) : screen.remove(Names.certificate(which));
      print(terminal, left, provisioning.profiles(), json);
      return ExitCode.OK.number();
    }
  }

  /** Prints them; corrupt ones are said on standard error too, with the cure. */
  private static void print(
      Terminal terminal, DeployedCertificates screen, Profiles profiles, boolean json)
      throws IOException {
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("certificates", CertificateTable.json(screen, profiles));
      Json.print(terminal.out(), report);
    } else {
      CertificateTable.print(terminal.out(), screen, profiles);
    }
    screen.damage().forEach(damage -> terminal.note("tapeseal: " + damage));
  }
}
