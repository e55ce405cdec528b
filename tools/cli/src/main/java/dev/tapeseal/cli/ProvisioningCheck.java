package dev.tapeseal.cli;

import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.Verdict;
import dev.tapeseal.profile.CertificateOption;
import dev.tapeseal.profile.CertificateOption.Intact;
import dev.tapeseal.profile.DeployedCertificates;
import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.Location;
import dev.tapeseal.profile.ProfileException;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.profile.ScreenCertificates;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for what will hurt in what is provisioned: certificates that do not pass or end soon, options that an editor
 * corrupted, CA files that are gone, and recordings that could not be muxed. Reads and changes nothing. Confined to one
 * thread.
 */
final class ProvisioningCheck {
  static final String SCREEN = "screen recording certificates";

  private final Provisioning provisioning;
  private final Instant now;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<RecordingCertificate, String> certificates = new LinkedHashMap<>();

  ProvisioningCheck(Provisioning provisioning, Instant now) {
    this.provisioning = provisioning;
    this.now = now;
  }

  /** What was found. */
  List<Finding> findings() {
    return findings;
  }

  /** What is not certain to hurt. */
  List<String> notes() {
    return notes;
  }

  /** Every certificate that recordings are encrypted under, and where it is deployed first. */
  Map<RecordingCertificate, String> certificates() {
    return certificates;
  }

  /** Runs every check. */
  void run() throws IOException {
    Set<IvrProfile> profiles = new LinkedHashSet<>();
    for (ProfileName name : provisioning.profiles().names()) {
      try {
        profiles.add(provisioning.profiles().load(name));
      } catch (ProfileException e) {
        add("profile-unreadable", "IVR profile " + name, String.valueOf(e.getMessage()));
      }
    }
    for (IvrProfile profile : profiles) {
      String subject = "IVR profile " + profile.name();
      try {
        check(subject, profile.deployed(), provisioning.policy(profile));
      } catch (ProfileException.CaFileUnusable e) {
        add("ca-file", subject, String.valueOf(e.getMessage()));
        check(subject, profile.deployed(), provisioning.policyWithoutChain(profile));
      }
    }
    DeployedCertificates screen;
    try {
      ScreenCertificates screens = provisioning.screenCertificates();
      for (Location location : screens.locations()) {
        String subject = location.equals(Location.ROOT) ? SCREEN : SCREEN + " at " + location;
        DeployedCertificates assigned = screens.at(location).read();
        check(subject, assigned, provisioning.screenPolicy(assigned));
      }
      screen = provisioning.screenCertificatesOfNode();
    } catch (ProfileException e) {
      add("screen-certificates-unreadable", SCREEN, String.valueOf(e.getMessage()));
      return;
    }
    profiles.stream()
        .filter(IvrProfile::isForRecording)
        .forEach(profile -> checkPairs(profile, screen));
  }

  private void check(String subject, DeployedCertificates deployed, CertificatePolicy policy) {
    for (String damage : deployed.damage()) {
      add("corrupt-certificate", subject, damage);
    }
    for (CertificateOption option : deployed.options()) {
      if (option instanceof Intact intact) {
        String where = subject + ", " + intact.name();
        certificates.putIfAbsent(intact.certificate(), where);
        for (Verdict verdict : policy.check(intact.certificate(), now)) {
          check(where, intact.certificate(), verdict);
        }
      }
    }
  }

  private void check(String where, RecordingCertificate certificate, Verdict verdict) {
    String what = certificate.subject() + " #" + certificate.serialNumber() + ": " + verdict.rule()
        + ": " + verdict.explanation();
    if (verdict.isRefusal()) {
      add("certificate-refused", where, what);
    } else if (verdict.isWarning() && verdict.rule().equals("validity")) {
      add("expires-soon", where, what);
    } else if (verdict.isWarning()) {
      notes.add(where + ": " + what);
    }
  }

  private void checkPairs(IvrProfile profile, DeployedCertificates screen) {
    boolean encryptsCalls = !profile.deployed().options().isEmpty();
    boolean encryptsScreens = !screen.options().isEmpty();
    if (encryptsCalls && !encryptsScreens) {
      add(
          "unmuxable-pairs",
          "IVR profile " + profile.name(),
          "calls are encrypted, and there is no screen recording certificate: a call and its screen could not be muxed"
              + " (see 'tapeseal screen-certificate assign')");
    } else if (!encryptsCalls && encryptsScreens) {
      add(
          "unmuxable-pairs",
          "IVR profile " + profile.name(),
          "screens are encrypted, and it has no recording certificate: a call and its screen could not be muxed (see"
              + " 'tapeseal profile deploy')");
    }
  }

  private void add(String check, String subject, String explanation) {
    findings.add(new Finding(check, subject, explanation));
  }
}
