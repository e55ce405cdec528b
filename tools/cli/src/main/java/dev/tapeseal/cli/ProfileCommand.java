package dev.tapeseal.cli;

import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.ProfileOption;
import dev.tapeseal.profile.Profiles;
import dev.tapeseal.profile.Provisioning;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Provisions IVR profiles: how calls are recorded, and which certificates they are encrypted under.
 *
 * <p>It is longer than most classes because each change of a profile is a command here.
 */
@Command(
    name = "profile",
    description = "Makes, shows and changes IVR profiles, and deploys certificates to them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ProfileCommand.CreateCommand.class,
      ProfileCommand.SetCommand.class,
      ProfileListCommand.class,
      ProfileShowCommand.class,
      ProfileCommand.DeployCommand.class,
      ProfileCommand.WithdrawCommand.class
    })
final class ProfileCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private CommandSpec spec;

  ProfileCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "missing command: create, set, list, show, deploy or withdraw");
  }

  /** Makes a profile without certificates. */
  @Command(
      name = "create",
      description = "Makes an IVR profile, without certificates.",
      abbreviateSynopsis = true,
      mixinStandardHelpOptions = true)
  static final class CreateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final DataOption data = new DataOption();

    @Mixin
    private final ProfileOptions options = new ProfileOptions();

    @Parameters(paramLabel = "NAME", description = "The profile's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String name;

    @Option(names = "--json", description = "Say what was made as JSON.")
    private boolean json;

    CreateCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
      ProfileName profileName = Names.profile(name);
      Profiles profiles = Provisioning.open(data.open(terminal)).profiles();
      IvrProfile profile = profiles.create(profileName, options.given(terminal));
      ProfileShowCommand.print(terminal, profile, profiles, json);
      return ExitCode.OK.number();
    }
  }

  /** Changes options of a profile. */
  @Command(
      name = "set",
      description = "Changes options of an IVR profile.",
      abbreviateSynopsis = true,
      mixinStandardHelpOptions = true)
  static final class SetCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final DataOption data = new DataOption();

    @Mixin
    private final ProfileOptions options = new ProfileOptions();

    @Parameters(paramLabel = "NAME", description = "The profile's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String name;

    @Option(names = "--json", description = "Say what it is now as JSON.")
    private boolean json;

    SetCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
      ProfileName profileName = Names.profile(name);
      Profiles profiles = data.provisioning(terminal).profiles();
      List<ProfileOption> given = options.given(terminal);
      if (given.isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE, "nothing to set (expected: an option, see 'tapeseal profile set -h')");
      }
      IvrProfile profile = profiles.set(profileName, given);
      ProfileShowCommand.print(terminal, profile, profiles, json);
      return ExitCode.OK.number();
    }
  }

  /** Deploys a certificate that passes. */
  @Command(
      name = "deploy",
      description = {
        "Deploys a recording certificate to an IVR profile.",
        "Refused, with the reasons, where a recording could not be made under it now."
      },
      mixinStandardHelpOptions = true)
  static final class DeployCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final DataOption data = new DataOption();

    @Parameters(index = "0", paramLabel = "NAME", description = "The profile's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String name;

    @Parameters(index = "1", paramLabel = "CERT.pem", description = "The certificate.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private Path file;

    @Option(names = "--json", description = "Print every verdict as JSON.")
    private boolean json;

    DeployCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
      Provisioning provisioning = DataOption.judging(data.existing(terminal));
      IvrProfile profile = provisioning.profiles().load(Names.profile(name));
      Inputs.requireFile(file);
      Deployment deployment = Deployment.judge(file, provisioning, profile);
      return deployment
          .carryOut(
              terminal,
              json,
              provisioning.profiles(),
              certificate ->
                  provisioning.profiles().deploy(profile.name(), certificate).deployed())
          .number();
    }
  }

  /** Takes a certificate out of a profile. */
  @Command(
      name = "withdraw",
      description = {
        "Withdraws a recording certificate from an IVR profile.",
        "Recordings under it stay as they are, and its key is still needed to play them."
      },
      mixinStandardHelpOptions = true)
  static final class WithdrawCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final DataOption data = new DataOption();

    @Parameters(index = "0", paramLabel = "NAME", description = "The profile's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String name;

    @Parameters(
        index = "1",
        paramLabel = "CERT.pem|certificates-N",
        description = "The certificate, or the name of the option that holds it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String which;

    @Option(names = "--json", description = "Say what is left as JSON.")
    private boolean json;

    WithdrawCommand(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
      ProfileName profileName = Names.profile(name);
      Profiles profiles = data.provisioning(terminal).profiles();
      IvrProfile profile = Names.isOption(which)
          ? profiles.withdraw(profileName, which)
          : profiles.withdraw(profileName, Names.certificate(which));
      ProfileShowCommand.print(terminal, profile, profiles, json);
      return ExitCode.OK.number();
    }
  }
}
