package dev.tapeseal.cli;

import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.ProfileException;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.Profiles;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the IVR profiles; those that cannot be read are named and counted, and do not hide the others. */
@Command(name = "list", description = "Lists the IVR profiles.", mixinStandardHelpOptions = true)
final class ProfileListCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin
  private final DataOption data = new DataOption();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  ProfileListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Profiles profiles = data.provisioning(terminal).profiles();
    List<IvrProfile> loaded = new ArrayList<>();
    List<ProfileName> names = profiles.names();
    for (ProfileName name : names) {
      try {
        loaded.add(profiles.load(name));
      } catch (ProfileException e) {
        terminal.note("tapeseal: " + e.getMessage());
      }
    }
    if (json) {
      Json.print(
          terminal.out(),
          Map.of("profiles", loaded.stream().map(ProfileListCommand::json).toList()));
    } else {
      print(loaded);
    }
    return (loaded.size() == names.size() ? ExitCode.OK : ExitCode.SOME_FAILED).number();
  }

  private void print(List<IvrProfile> profiles) {
    PrintStream out = terminal.out();
    if (profiles.isEmpty()) {
      terminal.note("tapeseal: no IVR profiles (see 'tapeseal profile create')");
      return;
    }
    row(out, "NAME", "SERVICE TYPE", "GEO-LOCATION", "MIME TYPE", "CERTIFICATES", "CORRUPT");
    for (IvrProfile profile : profiles) {
      int corrupt = profile.deployed().corrupt().size();
      row(
          out,
          profile.name(),
          profile.serviceType(),
          profile.geoLocation().orElse(""),
          profile.mimeType().map(Object::toString).orElse(""),
          profile.deployed().options().size(),
          corrupt == 0 ? "" : corrupt);
    }
    out.flush();
  }

  private static void row(PrintStream out, Object... columns) {
    out.println(String.format(Locale.ROOT, "%-24s  %-16s  %-16s  %-9s  %12s  %s", columns)
        .stripTrailing());
  }

  private static Map<String, Object> json(IvrProfile profile) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", profile.name().value());
    members.put("serviceType", profile.serviceType());
    members.put("geoLocation", profile.geoLocation().orElse(""));
    members.put("mimeType", profile.mimeType().map(Object::toString).orElse(""));
    members.put("certificates", profile.deployed().options().size());
    members.put("corrupt", profile.deployed().corrupt().size());
    return members;
  }
}
