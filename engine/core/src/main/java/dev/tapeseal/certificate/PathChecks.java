package dev.tapeseal.certificate;

import dev.tapeseal.certificate.PathException.Reason;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.Provider;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.jcajce.PKIXExtendedParameters;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Validates one complete path. Bouncy Castle does, and not the platform: its verdicts do not change with the JDK's
 * version and security properties. What it asks of authorities is asked here first, for the sake of clear answers;
 * and what it does not ask: whether the anchor's own certificate is valid, a CA's, and restricts names.
 */
record PathChecks(RevocationSources revocation, PathInputs inputs, AuthorityRule authorityRule) {
  private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();
  private static final int KEY_CERT_SIGN = 5;

  /** Each certificate, and each revocation list looked through for it. */
  private static final int PIECE_UNITS = 10;

  void check(List<X509Certificate> path, Instant at, WorkLimit limit) throws PathException {
    for (int i = 1; i < path.size(); i++) {
      checkAuthority(path, i, at);
    }
    PathProfile.check(path);
    NameConstraintCheck.check(path, limit);
    PolicyWork.check(path);
    X509Certificate anchor = path.get(path.size() - 1);
    boolean isAlone = path.size() == 1;
    TrustAnchor trustAnchor = isAlone
        ? new TrustAnchor(anchor.getSubjectX500Principal(), anchor.getPublicKey(), null)
        : new TrustAnchor(anchor, null);
    List<X509Certificate> below = isAlone ? path : path.subList(0, path.size() - 1);
    limit.spend(units(path, 1));
    checkPkix(below, trustAnchor, at, false);
    if (!revocation.isEmpty() && !isAlone) {
      limit.spend(units(path, 1L + revocation.lists().size()));
      checkPkix(below, trustAnchor, at, true);
    }
  }

  private static long units(List<X509Certificate> path, long pieces) {
    long units = PIECE_UNITS * pieces * path.size();
    for (X509Certificate certificate : path) {
      units += WorkLimit.signatureUnits(certificate.getPublicKey());
    }
    return units;
  }

  private void checkAuthority(List<X509Certificate> path, int position, Instant at)
      throws PathException {
    X509Certificate authority = path.get(position);
    boolean isRoot = position == path.size() - 1;
    String name = DistinguishedNameText.printable(authority.getSubjectX500Principal()) + ": ";
    if (at.isBefore(authority.getNotBefore().toInstant())
        || at.getEpochSecond() > authority.getNotAfter().toInstant().getEpochSecond()) {
      throw new PathException(
          Reason.INVALID,
          name + "valid from " + authority.getNotBefore().toInstant() + " to "
              + authority.getNotAfter().toInstant() + " only");
    }
    int pathLength = authority.getBasicConstraints();
    if (pathLength < 0) {
      throw new PathException(Reason.INVALID, name + "is no CA, and signed a certificate");
    }
    boolean[] usage = authority.getKeyUsage();
    if (usage != null && (usage.length <= KEY_CERT_SIGN || !usage[KEY_CERT_SIGN])) {
      throw new PathException(
          Reason.INVALID, name + "its key usage forbids it to sign certificates");
    }
    long between = path.subList(1, position).stream()
        .filter(below -> !below.getSubjectX500Principal().equals(below.getIssuerX500Principal()))
        .count();
    int maxBelow = Math.min(pathLength, inputs.maxIntermediates());
    if (between > maxBelow) {
      throw new PathException(
          Reason.INVALID,
          name + between + " intermediates below it (expected: at most " + maxBelow
              + ", its path length)");
    }
    Optional<String> objection = authorityRule.objection(authority, isRoot);
    if (objection.isPresent()) {
      throw new PathException(Reason.INVALID, name + objection.get());
    }
  }

  private void checkPkix(
      List<X509Certificate> path, TrustAnchor anchor, Instant at, boolean forRevocation)
      throws PathException {
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
      parameters.setDate(Date.from(at.truncatedTo(ChronoUnit.SECONDS))); // as certificates count
      parameters.setRevocationEnabled(forRevocation);
      if (forRevocation) {
        parameters.addCertStore(CertStore.getInstance(
            "Collection",
            new CollectionCertStoreParameters(revocation.forPath(path)),
            BOUNCY_CASTLE));
      } else { // policies are the first pass's business
        parameters.setInitialPolicies(inputs.policies());
        parameters.setExplicitPolicyRequired(inputs.explicitPolicyRequired());
        parameters.setPolicyMappingInhibited(inputs.policyMappingInhibited());
        parameters.setAnyPolicyInhibited(inputs.anyPolicyInhibited());
      }
      CertPath certPath =
          CertificateFactory.getInstance("X.509", BOUNCY_CASTLE).generateCertPath(path);
      CertPathValidator.getInstance("PKIX", BOUNCY_CASTLE)
          .validate(
              certPath,
              new PKIXExtendedParameters.Builder(parameters)
                  .setUseDeltasEnabled(true)
                  .build());
    } catch (CertPathValidatorException e) {
      throw explain(path, e, forRevocation);
    } catch (InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("the parameters are those of PKIX", e);
    } catch (GeneralSecurityException | RuntimeException e) {
      // RuntimeException too: foreign extensions that break the library's parser are damaged.
      throw new PathException(
          Reason.INVALID,
          "the chain cannot be read: " + PrintableText.of(String.valueOf(e.getMessage())));
    }
  }

  private static PathException explain(
      List<X509Certificate> path, CertPathValidatorException e, boolean forRevocation) {
    String message = PrintableText.of(String.valueOf(e.getMessage()));
    String subject = e.getIndex() < 0
        ? ""
        : DistinguishedNameText.printable(path.get(e.getIndex()).getSubjectX500Principal()) + ": ";
    Reason reason = Reason.INVALID;
    if (forRevocation) {
      reason =
          message.startsWith("Certificate revocation") ? Reason.REVOKED : Reason.REVOCATION_UNKNOWN;
    }
    return new PathException(reason, subject + message);
  }
}
