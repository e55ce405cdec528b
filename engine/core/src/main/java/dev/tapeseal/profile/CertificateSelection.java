package dev.tapeseal.profile;

import dev.tapeseal.certificate.RecordingCertificate;
import java.util.List;

/**
 * The certificates that a recording is to be encrypted under.
 *
 * @param certificates in the order of their options; empty where none are deployed at all, which
 *     means that recordings are clear
 * @param alarms one sentence for each certificate that was left out because it did not pass; empty
 *     unless the profile allows that
 * @param warnings one sentence for each rule that warns of a certificate that passed: it expires soon, or its chain was
 *     not checked
 */
public record CertificateSelection(
    List<RecordingCertificate> certificates, List<String> alarms, List<String> warnings) {

  public CertificateSelection {
    certificates = List.copyOf(certificates);
    alarms = List.copyOf(alarms);
    warnings = List.copyOf(warnings);
  }
}
