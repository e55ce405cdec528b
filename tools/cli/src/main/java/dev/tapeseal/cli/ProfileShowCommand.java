package dev.tapeseal.cli;

import dev.tapeseal.profile.CertificateFailure;
import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.Profiles;
import dev.tapeseal.profile.RecordingDestinations;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one IVR profile: its options, credentials hidden, and its certificates. */
@Command(name = "show", description = "Shows an IVR profile.", mixinStandardHelpOptions = true)
final class ProfileShowCommand implements Callable<Integer> {
  private static final String HIDDEN = "(hidden)";

  private final Terminal terminal;

  @Mixin
  private final DataOption data = new DataOption();

  @Parameters(paramLabel = "NAME", description = "The profile's name.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private String name;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  ProfileShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Profiles profiles = data.provisioning(terminal).profiles();
    print(terminal, profiles.load(Names.profile(name)), profiles, json);
    return ExitCode.OK.number();
  }

  /** Prints a profile; corrupt certificates are said on standard error too, with the cure. */
  static void print(Terminal terminal, IvrProfile profile, Profiles profiles, boolean json)
      throws IOException {
    Map<String, String> options = options(profile);
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>(options);
      report.put("certificates", CertificateTable.json(profile.deployed(), profiles));
      Json.print(terminal.out(), report);
    } else {
      PrintStream out = terminal.out();
      options.forEach((option, value) -> out.printf("%-42s %s%n", option, value));
      out.println();
      if (profile.deployed().options().isEmpty()) {
        out.println("No certificates: calls are recorded clear (see 'tapeseal profile deploy')");
      } else {
        CertificateTable.print(out, profile.deployed(), profiles);
      }
      out.flush();
    }
    profile.deployed().damage().forEach(damage -> terminal.note("tapeseal: " + damage));
  }

  private static Map<String, String> options(IvrProfile profile) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("name", profile.name().value());
    options.put("service-type", profile.serviceType());
    put(options, "geo-location", profile.geoLocation());
    put(options, "ca-file", profile.caFile());
    put(options, "mime-type", profile.mimeType());
    put(options, "file-name-template", profile.fileNameTemplate());
    put(options, "alert-tone-source", profile.alertToneSource());
    options.put(
        "when-certificates-fail",
        profile.deployed().failure() == CertificateFailure.REFUSE
            ? "refuse"
            : "record-with-those-that-pass");
    options.put("format", profile.format());
    RecordingDestinations destinations = profile.destinations();
    put(options, "storage-destination", destinations.storage());
    put(options, "storage-authorization", destinations.storageAuthorization().map(any -> HIDDEN));
    put(options, "recording-processor-uri", destinations.recordingProcessorUri());
    put(options, "speechminer-destination", destinations.speechMiner());
    put(options, "speechminer-interaction-receiver", destinations.interactionReceiver());
    put(
        options,
        "speechminer-interaction-receiver-authorization",
        destinations.interactionReceiverAuthorization().map(any -> HIDDEN));
    return options;
  }

  private static void put(Map<String, String> options, String name, Optional<?> value) {
    value.ifPresent(present -> options.put(name, present.toString()));
  }
}
