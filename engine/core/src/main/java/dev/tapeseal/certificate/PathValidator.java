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
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * Finds a certificate's path to a trust anchor and validates it (RFC 5280 section 6), on Bouncy Castle. What a
 * recording certificate's key must be is not asked here.
 *
 * <p>Stricter than the library: what an anchor's own certificate restricts, its name constraints among it, holds for
 * the path. Nothing is fetched. Bounded by {@link #MAX_LEVELS} and {@link #MAX_TIME}, since paths branch.
 * Immutable and safe for any thread.
 */
final class PathValidator {

  /** The most certificates above the one that is validated. */
  static final int MAX_LEVELS = 8;

  /** The longest that one validation takes. */
  static final Duration MAX_TIME = Duration.ofSeconds(2);

  private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

  private final List<X509Certificate> anchors;
  private final List<X509Certificate> intermediates;
  private final List<X509CRL> revocationLists;

  PathValidator(
      List<X509Certificate> anchors,
      List<X509Certificate> intermediates,
      List<X509CRL> revocationLists) {
    this.anchors = List.copyOf(anchors);
    this.intermediates = List.copyOf(intermediates);
    this.revocationLists = List.copyOf(revocationLists);
  }

  /**
   * The first valid path, from the certificate to the anchor, both included.
   *
   * @throws PathException where there is none; about the path that came furthest
   */
  List<X509Certificate> validate(X509Certificate certificate, Instant at) throws PathException {
    Search search = new Search(at, Deadline.in(MAX_TIME));
    List<X509Certificate> path = search.from(List.of(certificate));
    if (path != null) {
      return path;
    }
    if (search.failure != null) {
      throw search.failure;
    }
    throw new PathException(Reason.NO_PATH, search.missingIssuer());
  }

  /** One depth-first search. */
  private final class Search {
    private final Instant at;
    private final Deadline deadline;
    private List<X509Certificate> longest = List.of();
    private @Nullable PathException failure;

    Search(Instant at, Deadline deadline) {
      this.at = at;
      this.deadline = deadline;
    }

    @Nullable
    List<X509Certificate> from(List<X509Certificate> path) throws PathException {
      deadline.check();
      X509Certificate last = path.get(path.size() - 1);
      if (longest.size() < path.size()) {
        longest = path;
      }
      if (anchors.contains(last) && isValid(path)) {
        return path;
      }
      for (Collection<X509Certificate> issuers : List.of(anchors, intermediates)) {
        for (X509Certificate issuer : issuers) {
          if (path.contains(issuer) || !Issuing.isSignedBy(last, issuer)) {
            continue;
          }
          if (path.size() > MAX_LEVELS) {
            throw new PathException(
                Reason.TOO_MUCH_WORK,
                "more than " + MAX_LEVELS + " certificates above it (expected: at most that)");
          }
          List<X509Certificate> longer = new ArrayList<>(path);
          longer.add(issuer);
          List<X509Certificate> found = from(longer);
          if (found != null) {
            return found;
          }
        }
      }
      return null;
    }

    private boolean isValid(List<X509Certificate> path) throws PathException {
      try {
        X509Certificate anchor = path.get(path.size() - 1);
        // The anchor's key alone, with its certificate first in the path: so its restrictions hold.
        check(
            path,
            new TrustAnchor(anchor.getSubjectX500Principal(), anchor.getPublicKey(), null),
            false);
        if (!revocationLists.isEmpty() && path.size() > 1) {
          check(path.subList(0, path.size() - 1), new TrustAnchor(anchor, null), true);
        }
        return true;
      } catch (PathException e) {
        failure = e;
        return false;
      }
    }

    private void check(List<X509Certificate> path, TrustAnchor anchor, boolean revocation)
        throws PathException {
      try {
        PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
        parameters.setDate(Date.from(at));
        parameters.setRevocationEnabled(revocation);
        if (revocation) {
          parameters.addCertStore(CertStore.getInstance(
              "Collection", new CollectionCertStoreParameters(revocationLists), BOUNCY_CASTLE));
        }
        CertificateFactory factory = CertificateFactory.getInstance("X.509", BOUNCY_CASTLE);
        CertPath certPath = factory.generateCertPath(path);
        CertPathValidator.getInstance("PKIX", BOUNCY_CASTLE).validate(certPath, parameters);
      } catch (CertPathValidatorException e) {
        throw explain(path, e);
      } catch (InvalidAlgorithmParameterException e) {
        throw new IllegalStateException("the parameters are those of PKIX", e);
      } catch (GeneralSecurityException | RuntimeException e) {
        // RuntimeException too: foreign extensions that break the library's parser are damaged.
        throw new PathException(
            Reason.INVALID,
            "the chain cannot be read: " + PrintableText.of(String.valueOf(e.getMessage())));
      }
    }

    String missingIssuer() {
      X509Certificate last = longest.get(longest.size() - 1);
      return "no issuer for " + DistinguishedNameText.printable(last.getSubjectX500Principal())
          + ": "
          + DistinguishedNameText.printable(last.getIssuerX500Principal())
          + " is not there, or its key did not sign it";
    }
  }

  private static PathException explain(List<X509Certificate> path, CertPathValidatorException e) {
    String message = PrintableText.of(String.valueOf(e.getMessage()));
    String subject = e.getIndex() < 0
        ? ""
        : DistinguishedNameText.printable(path.get(e.getIndex()).getSubjectX500Principal()) + ": ";
    Reason reason = message.contains("ubtree") ? Reason.NAME_CONSTRAINTS : Reason.INVALID;
    return new PathException(reason, subject + message);
  }
}
