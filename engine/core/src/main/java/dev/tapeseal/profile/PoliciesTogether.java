package dev.tapeseal.profile;

import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.RecordingCertificate;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Policies that judge the certificates of a profile beside each other: two keys with a prime in common are both broken,
 * and two keys under one issuer and serial number cannot be told apart by who decrypts. The same object while rules and
 * certificates are the same, since it remembers what it accepted. One entry a profile that was ever judged. Safe for
 * any thread.
 */
final class PoliciesTogether {
  private final ConcurrentMap<String, Kept> kept = new ConcurrentHashMap<>();

  private record Kept(
      CertificatePolicy rules, List<RecordingCertificate> certificates, CertificatePolicy policy) {}

  /**
   * The rules for each of these certificates, beside the others.
   *
   * @param whose the certificates are, for example a profile's name
   */
  CertificatePolicy policy(String whose, CertificatePolicy rules, DeployedCertificates deployed) {
    List<RecordingCertificate> certificates = deployed.readable();
    Kept before = kept.get(whose);
    if (before != null && before.rules() == rules && before.certificates().equals(certificates)) {
      return before.policy();
    }
    CertificatePolicy policy = rules.withKnown(certificates);
    kept.put(whose, new Kept(rules, certificates, policy));
    return policy;
  }
}
