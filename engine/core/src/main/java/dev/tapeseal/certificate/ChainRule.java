package dev.tapeseal.certificate;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signed, through authorities that may sign, by one of the CA bundle's roots; and not revoked. */
record ChainRule(@Nullable CaBundle ca, List<RevocationList> revocationLists, PathInputs inputs)
    implements Rule {
  private static final String CHAIN = "chain";
  private static final String NAME_CONSTRAINTS = "name-constraints";
  private static final String REVOCATION = "revocation";

  ChainRule {
    revocationLists = List.copyOf(revocationLists);
  }

  @Override
  public List<Verdict> check(RecordingCertificate certificate, Instant at) {
    if (ca == null) {
      return List.of(withoutCa(certificate));
    }
    if (!certificate.isValidAt(at)) { // which the rule of validity refuses
      return List.of(Verdict.notChecked(CHAIN, "the certificate itself is not valid at that time"));
    }
    List<X509Certificate> anchors = x509(ca.roots());
    List<X509Certificate> intermediates = new ArrayList<>(x509(ca.certificates()));
    intermediates.removeAll(anchors);
    List<X509CRL> lists = CurrentLists.at(revocationLists, at);
    try {
      List<X509Certificate> path = new PathValidator(
              anchors, intermediates, lists, inputs, ChainRule::objection)
          .validate(certificate.x509(), at);
      if (lists.isEmpty() && !revocationLists.isEmpty()) {
        throw new PathException(
            PathException.Reason.REVOCATION_UNKNOWN,
            "no revocation list is current (expected: one that begins at " + at + " or before)");
      }
      return passed(path);
    } catch (PathException e) {
      return refused(e);
    }
  }

  private static Verdict withoutCa(RecordingCertificate certificate) {
    return Issuing.isSelfSigned(certificate)
        ? Verdict.passed(CHAIN, "self-signed: its own CA")
        : Verdict.warning(
            CHAIN, "not checked: no CA bundle is given; whoever can sign may have made it");
  }

  private List<Verdict> passed(List<X509Certificate> path) {
    int intermediates = Math.max(0, path.size() - 2);
    String root =
        DistinguishedNameText.printable(path.get(path.size() - 1).getSubjectX500Principal());
    String chain = switch (intermediates) {
      case 0 -> path.size() == 1 ? "self-signed, and in the CA bundle" : "signed by " + root;
      default ->
        "signed through " + intermediates
            + (intermediates == 1 ? " intermediate" : " intermediates") + " by " + root
            + "; a single CA is what the guide recommends";
    };
    return List.of(
        Verdict.passed(CHAIN, chain),
        Verdict.passed(NAME_CONSTRAINTS, "none violated"),
        revocationLists.isEmpty()
            ? Verdict.notChecked(REVOCATION, "no revocation list is given")
            : Verdict.passed(REVOCATION, "not revoked"));
  }

  private List<Verdict> refused(PathException e) {
    String message = String.valueOf(e.getMessage());
    Verdict notReached = Verdict.notChecked(NAME_CONSTRAINTS, "no valid chain");
    return switch (e.reason()) {
      case NAME_CONSTRAINTS ->
        List.of(
            Verdict.passed(CHAIN, "signed by the CA bundle"),
            Verdict.refused(
                NAME_CONSTRAINTS,
                message + " (expected: names that its CA may sign); have the right CA issue it"));
      case REVOKED, REVOCATION_UNKNOWN ->
        List.of(
            Verdict.passed(CHAIN, "signed by the CA bundle"),
            Verdict.passed(NAME_CONSTRAINTS, "none violated"),
            Verdict.refused(REVOCATION, message));
      default ->
        List.of(
            Verdict.refused(
                CHAIN,
                message + " (expected: a chain to a root of " + caSource()
                    + "); give the CA bundle that belongs to it"),
            notReached);
    };
  }

  /** Authorities are as strong as what they vouch for. */
  static Optional<String> objection(X509Certificate authority, boolean isRoot) {
    if (!isRoot && !SignatureAlgorithms.isStrong(authority)) {
      return Optional.of("its signature is " + SignatureAlgorithms.name(authority)
          + " (expected below the root: SHA-256 or better)");
    }
    return AuthorityKeys.objection(authority);
  }

  private String caSource() {
    return ca == null ? "the CA bundle" : ca.source();
  }

  private static List<X509Certificate> x509(List<RecordingCertificate> certificates) {
    return certificates.stream().map(RecordingCertificate::x509).toList();
  }
}
