package dev.tapeseal.certificate;

import dev.tapeseal.certificate.PathException.Reason;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What RFC 5280 demands of the extensions of a path's certificates, the root's too, and path validation libraries
 * leave aside. Not demanded: that key identifiers are there, and basic, name and policy constraints critical; many
 * authorities that work leave that out.
 */
final class PathProfile {
  private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
  private static final String NAME_CONSTRAINTS = "2.5.29.30";
  private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
  private static final int KEY_CERT_SIGN = 5;

  private PathProfile() {}

  static void check(List<X509Certificate> path) throws PathException {
    for (X509Certificate certificate : path) {
      Optional<String> objection = objection(certificate);
      if (objection.isPresent()) {
        throw new PathException(
            Reason.INVALID,
            DistinguishedNameText.printable(certificate.getSubjectX500Principal()) + ": "
                + objection.get());
      }
    }
  }

  private static Optional<String> objection(X509Certificate certificate) {
    Set<String> oids = certificate.getCriticalExtensionOIDs();
    Set<String> critical = oids == null ? Set.of() : oids; // versions 1 and 2 have no extensions
    Set<String> unknown = new TreeSet<>(critical);
    unknown.removeAll(CertificateRules.CriticalExtensions.UNDERSTOOD.keySet());
    if (!unknown.isEmpty()) {
      return Optional.of("marked critical and not understood: " + String.join(", ", unknown));
    }
    if (critical.contains(SUBJECT_KEY_IDENTIFIER) || critical.contains(AUTHORITY_KEY_IDENTIFIER)) {
      return Optional.of("a key identifier that is critical (RFC 5280 section 4.2.1.1)");
    }
    if (certificate.getBasicConstraints() < 0) {
      if (certificate.getExtensionValue(NAME_CONSTRAINTS) != null) {
        return Optional.of("name constraints, although it is no CA (RFC 5280 section 4.2.1.10)");
      }
      boolean[] usage = certificate.getKeyUsage();
      if (usage != null && usage.length > KEY_CERT_SIGN && usage[KEY_CERT_SIGN]) {
        return Optional.of(
            "may sign certificates, although it is no CA (RFC 5280 section 4.2.1.9)");
      }
    }
    return Optional.empty();
  }
}
