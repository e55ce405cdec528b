package dev.tapeseal.profile;

import dev.tapeseal.certificate.RecordingCertificate;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * A certificate as the documented lists show it. The columns and the wording of the first are
 * documented; that dates are in UTC is ours.
 *
 * @param issuedTo {@code GIR certificate (Email not set)} or {@code Cert1 User
 *     <cert1.user@genesyslab.com>}
 * @param issuedBy the issuer's common name; its whole name where it has none
 * @param expires the last day on which it is valid
 * @param deployedCount in how many IVR profiles it is deployed
 */
public record CertificateRow(
    String issuedTo, String issuedBy, LocalDate expires, int deployedCount) {

  /** The row of a certificate. */
  public static CertificateRow of(RecordingCertificate certificate, int deployedCount) {
    String name = certificate.commonName().orElseGet(certificate::subject);
    String issuedTo = certificate
        .email()
        .map(email -> name + " <" + email + ">")
        .orElse(name + " (Email not set)");
    return new CertificateRow(
        issuedTo,
        certificate.issuerCommonName().orElseGet(certificate::issuer),
        LocalDate.ofInstant(certificate.notAfter(), ZoneOffset.UTC),
        deployedCount);
  }
}
