package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.profile.CertificateOption.Intact;
import dev.tapeseal.profile.CertificateRow;
import dev.tapeseal.profile.DeployedCertificates;
import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.Location;
import dev.tapeseal.profile.ProfileException;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.profile.ScreenCertificates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Lists every certificate that is deployed to an IVR profile or assigned to screen recording, each once. The first four
 * columns and the wording of the first are documented; where it is deployed is ours.
 */
@Command(
    name = "list",
    description =
        "Lists the certificates of all IVR profiles and of screen recording, and where each is deployed.",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 all listed, 6 a profile or a certificate could not be read."})
final class CertListCommand implements Callable<Integer> {
  private static final String SCREEN = "screen recording";

  private final Terminal terminal;
  private final Map<RecordingCertificate, List<ProfileName>> deployed = new LinkedHashMap<>();
  private final List<RecordingCertificate> ofScreens = new ArrayList<>();
  private boolean complete = true;

  @Mixin
  private final DataOption data = new DataOption();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  CertListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Provisioning provisioning = data.provisioning(terminal);
    for (ProfileName name : provisioning.profiles().names()) {
      try {
        add(provisioning.profiles().load(name));
      } catch (ProfileException e) {
        failed(String.valueOf(e.getMessage()));
      }
    }
    try {
      ScreenCertificates screens = provisioning.screenCertificates();
      for (Location location : screens.locations()) {
        ofScreens.addAll(intact(screens.at(location).read()));
      }
      ofScreens.forEach(certificate -> deployed.putIfAbsent(certificate, new ArrayList<>()));
    } catch (ProfileException e) {
      failed(String.valueOf(e.getMessage()));
    }
    print();
    return (complete ? ExitCode.OK : ExitCode.SOME_FAILED).number();
  }

  private void add(IvrProfile profile) {
    for (RecordingCertificate certificate : intact(profile.deployed())) {
      List<ProfileName> names = deployed.computeIfAbsent(certificate, key -> new ArrayList<>());
      if (!names.contains(profile.name())) {
        names.add(profile.name());
      }
    }
  }

  /** Those that can be read; each other one is said, with the cure. */
  private List<RecordingCertificate> intact(DeployedCertificates certificates) {
    certificates.damage().forEach(this::failed);
    return certificates.options().stream()
        .filter(Intact.class::isInstance)
        .map(option -> ((Intact) option).certificate())
        .toList();
  }

  private void failed(String why) {
    terminal.note("tapeseal: " + why);
    complete = false;
  }

  private void print() {
    List<RecordingCertificate> sorted = deployed.keySet().stream()
        .sorted(Comparator.comparing(
                (RecordingCertificate certificate) -> row(certificate).issuedTo())
            .thenComparing(RecordingCertificate::notAfter))
        .toList();
    if (json) {
      Json.print(
          terminal.out(), Map.of("certificates", sorted.stream().map(this::json).toList()));
      return;
    }
    if (sorted.isEmpty()) {
      terminal.out().println("No items");
      terminal.out().flush();
      return;
    }
    line("Issued To", "Issued By", "Expires", "Deployed Count", "Deployed To");
    for (RecordingCertificate certificate : sorted) {
      CertificateRow row = row(certificate);
      line(
          row.issuedTo(),
          row.issuedBy(),
          row.expires(),
          row.deployedCount(),
          String.join(", ", places(certificate)));
    }
    terminal.out().flush();
  }

  private void line(Object... columns) {
    terminal
        .out()
        .println(String.format(Locale.ROOT, "%-40s  %-28s  %-10s  %-14s  %s", columns)
            .stripTrailing());
  }

  private CertificateRow row(RecordingCertificate certificate) {
    return CertificateRow.of(
        certificate, deployed.getOrDefault(certificate, List.of()).size());
  }

  private List<String> places(RecordingCertificate certificate) {
    List<String> places = new ArrayList<>();
    deployed.getOrDefault(certificate, List.of()).forEach(profile -> places.add(profile.value()));
    if (ofScreens.contains(certificate)) {
      places.add(SCREEN);
    }
    return places;
  }

  private Map<String, Object> json(RecordingCertificate certificate) {
    Map<String, Object> members =
        new LinkedHashMap<>(CertificateTable.json(certificate, row(certificate)));
    members.put(
        "profiles",
        deployed.getOrDefault(certificate, List.of()).stream()
            .map(ProfileName::value)
            .toList());
    members.put("screenRecording", ofScreens.contains(certificate));
    return members;
  }
}
