package dev.tapeseal.authority;

import dev.tapeseal.authority.IssuanceException.AuthorityUnfit;
import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.CaBundleException;
import dev.tapeseal.certificate.RecordingCertificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The certificates from an authority up to its root: each is a CA and signed by the next, the last by itself (RFC 5280
 * section 6.1, as far as it concerns who signs).
 */
final class IssuerChain {
  private static final int MIN_MODULUS_BITS = 2048;
  private static final int KEY_CERT_SIGN = 5;

  /** What {@link dev.tapeseal.certificate.CertificatePolicy} takes: a deeper chain could not be used. */
  private static final int MAX_LEVELS = 8;

  private final List<RecordingCertificate> certificates;
  private final CaBundle bundle;

  private IssuerChain(List<RecordingCertificate> certificates, CaBundle bundle) {
    this.certificates = List.copyOf(certificates);
    this.bundle = bundle;
  }

  /**
   * Takes certificates that make a chain; what follows the first root belongs to other chains.
   *
   * @param source what messages call them
   */
  static IssuerChain of(List<RecordingCertificate> certificates, String source)
      throws AuthorityUnfit {
    try {
      List<RecordingCertificate> roots = CaBundle.of(certificates, source).roots();
      List<RecordingCertificate> chain =
          certificates.subList(0, certificates.indexOf(roots.get(0)) + 1);
      for (RecordingCertificate certificate : chain) {
        requireAuthority(certificate);
      }
      return new IssuerChain(chain, CaBundle.of(chain, source));
    } catch (CaBundleException e) {
      throw new AuthorityUnfit(String.valueOf(e.getMessage()), e);
    }
  }

  private static void requireAuthority(RecordingCertificate certificate) throws AuthorityUnfit {
    X509Certificate x509 = certificate.x509();
    if (x509.getVersion() != 3 || x509.getBasicConstraints() < 0) {
      throw new AuthorityUnfit(certificate + ": is not a CA (expected: basic constraints with"
          + " CA:TRUE); give the folder of one, as tapeseal ca create makes it");
    }
    boolean[] usage = x509.getKeyUsage();
    if (usage != null && !usage[KEY_CERT_SIGN]) {
      throw new AuthorityUnfit(
          certificate
              + ": its key usage forbids signing certificates (expected: keyCertSign); give another CA");
    }
    if (!certificate.isRsa() || certificate.modulusBits() < MIN_MODULUS_BITS) {
      String key = certificate.isRsa()
          ? "RSA of " + certificate.modulusBits() + " bits"
          : certificate.keyAlgorithm();
      throw new AuthorityUnfit(certificate + ": its key is " + key + " (expected: RSA of "
          + MIN_MODULUS_BITS + " bits or more); make a new CA");
    }
  }

  /** The same with an authority below it. */
  IssuerChain above(RecordingCertificate authority) throws AuthorityUnfit {
    if (certificates.size() == MAX_LEVELS) {
      throw new AuthorityUnfit(authority() + ": stands " + MAX_LEVELS
          + " levels deep, the root included (expected: at most that with the new CA); make it below"
          + " one that is higher up");
    }
    List<RecordingCertificate> below = new ArrayList<>(certificates);
    below.add(0, authority);
    return of(below, bundle.source());
  }

  /** The authority's own first, the root last. */
  List<RecordingCertificate> certificates() {
    return certificates;
  }

  /** What whoever trusts the root checks against. */
  CaBundle bundle() {
    return bundle;
  }

  /** The authority's own certificate. */
  RecordingCertificate authority() {
    return certificates.get(0);
  }

  /** When the first of them ends: nothing that it signs is valid for longer. */
  Instant end() {
    return certificates.stream()
        .map(RecordingCertificate::notAfter)
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  /**
   * Refuses to sign at an instant at which one of them is not valid, or what would stand too deep.
   *
   * @param kind what is to be signed: only CAs count against a path length
   */
  void requireFit(Instant at, NewCertificate.Kind kind) throws AuthorityUnfit {
    int authoritiesBelow = kind == NewCertificate.Kind.AUTHORITY ? 1 : 0;
    Instant second = at.truncatedTo(ChronoUnit.SECONDS); // as certificates count
    for (RecordingCertificate certificate : certificates) {
      if (second.isAfter(certificate.notAfter())) {
        throw new AuthorityUnfit(certificate + ": expired at " + certificate.notAfter()
            + " (expected: a valid CA); renew it, or sign with another");
      }
      if (at.isBefore(certificate.notBefore())) {
        throw new AuthorityUnfit(certificate + ": not valid before " + certificate.notBefore()
            + " (expected: a valid CA); wait, or check the clock");
      }
      int pathLength = certificate.x509().getBasicConstraints();
      if (authoritiesBelow > pathLength) {
        throw new AuthorityUnfit(certificate + ": its path length allows " + pathLength
            + " CAs below it (needed: " + authoritiesBelow + "); sign with a CA that is higher up");
      }
      if (!isSelfIssued(certificate)) {
        authoritiesBelow++;
      }
    }
  }

  private static boolean isSelfIssued(RecordingCertificate certificate) {
    X509Certificate x509 = certificate.x509();
    return x509.getIssuerX500Principal().equals(x509.getSubjectX500Principal());
  }
}
