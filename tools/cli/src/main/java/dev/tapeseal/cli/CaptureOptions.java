package dev.tapeseal.cli;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.keystore.RecordingKeyStoreException;
import dev.tapeseal.profile.CallProvision;
import dev.tapeseal.profile.CertificateSelection;
import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.recorder.Undelivered;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say where recordings go and what they are encrypted under, in one of two ways. */
final class CaptureOptions {
  @Option(
      names = "--store",
      paramLabel = "DIR",
      description =
          "A store, made where it is missing; certificates are those of --cert and --screen-cert.")
  private @Nullable Path store;

  @Option(
      names = "--cert",
      paramLabel = "CERT.pem",
      description = "A recording certificate for the call; without one the call is stored clear.")
  private List<Path> callCertificates = List.of();

  @Option(
      names = "--screen-cert",
      paramLabel = "CERT.pem",
      description = "A screen recording certificate; without one the screen is stored clear.")
  private List<Path> screenCertificates = List.of();

  @Mixin
  private final PolicyOptions policyOptions = new PolicyOptions();

  @Mixin
  private final DataOption data = new DataOption();

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "With --data: the IVR profile; otherwise it is picked as MCP does.")
  private @Nullable String profile;

  @Option(
      names = "--geo-location",
      paramLabel = "LOCATION",
      description = "With --data: the call's geo-location, by which the IVR profile is picked.")
  private @Nullable String geoLocation;

  CaptureOptions() {}

  /**
   * Decides what is recorded under, and says what there is to warn of, before anything is made.
   *
   * @param hasCall whether a call is recorded
   * @param hasScreen whether a screen is recorded
   */
  CapturePlan plan(Terminal terminal, boolean hasCall, boolean hasScreen)
      throws IOException, RecordingCertificateException, RecordingKeyStoreException {
    boolean namesCertificates = !callCertificates.isEmpty() || !screenCertificates.isEmpty();
    boolean picksProfile = profile != null || geoLocation != null;
    if (store != null) {
      if (data.isGiven() || picksProfile) {
        throw usage("--store with --data, --profile or --geo-location");
      }
      List<List<RecordingCertificate>> recipients =
          policyOptions.acceptSets(terminal, List.of(callCertificates, screenCertificates));
      return new CapturePlan.Named(
          store, Stores.catalog(terminal), recipients.get(0), recipients.get(1));
    }
    if (namesCertificates || policyOptions.isGiven()) {
      throw usage("--cert, --screen-cert, --ca, --crl or --warn-days without --store");
    }
    if (profile != null && geoLocation != null) {
      throw new CommandException(
          ExitCode.USAGE, "--profile with --geo-location (expected: one of them)");
    }
    if (!data.isKnown(terminal)) {
      throw usage("nowhere to record to");
    }
    return provisioned(terminal, data.existing(terminal), hasCall, hasScreen);
  }

  private static CommandException usage(String what) {
    return new CommandException(
        ExitCode.USAGE,
        what + " (expected: --store DIR with certificates, or --data DIR, which provisions them)");
  }

  private CapturePlan provisioned(
      Terminal terminal, DataFolder folder, boolean hasCall, boolean hasScreen)
      throws IOException, RecordingCertificateException, RecordingKeyStoreException {
    // Calls have CA files of their own: what RCS trusts must not keep them from being recorded.
    Provisioning provisioning = hasScreen ? DataOption.judging(folder) : Provisioning.open(folder);
    Instant now = Instant.now();
    CallProvision call = null;
    CertificateSelection screen = null;
    if (hasCall) {
      call = profile == null
          ? provisioning.forCall(Optional.ofNullable(geoLocation), now)
          : provisioning.forCall(Names.profile(profile), now);
      warn(terminal, call.certificates());
      warnOfDestination(terminal, call.profile(), folder);
    }
    if (hasScreen) {
      screen = provisioning.forScreen(now);
      warn(terminal, screen);
    }
    return new CapturePlan.Provisioned(
        folder, provisioning.profiles(), tenant(folder), call, screen);
  }

  private static Tenant tenant(DataFolder folder) throws IOException {
    try {
      return new Tenant(
          folder.settings().value(SettingKeys.CONTACT_CENTER_ID),
          folder.settings().value(SettingKeys.TENANT_NAME));
    } catch (IllegalArgumentException e) {
      String origin = folder.settings().origin(SettingKeys.TENANT_NAME).place();
      throw new CommandException(ExitCode.FAILED, origin + ": " + e.getMessage(), e);
    }
  }

  private static void warn(Terminal terminal, CertificateSelection certificates) {
    certificates.warnings().forEach(warning -> terminal.note("tapeseal: warning: " + warning));
  }

  /** What is provisioned and has no effect here must not seem to have one. */
  private static void warnOfDestination(Terminal terminal, IvrProfile profile, DataFolder folder) {
    profile
        .destinations()
        .storage()
        .filter(storage -> !Undelivered.isFor(profile))
        .ifPresent(destination -> terminal.note("tapeseal: warning: IVR profile " + profile.name()
            + ": its storage destination is no http or https address: recordings stay in "
            + folder.recordings()));
  }
}
