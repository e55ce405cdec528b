package dev.tapeseal.certificate;

import dev.tapeseal.certificate.PathException.Reason;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a certificate's path to a trust anchor and validates it (RFC 5280 section 6). What a recording certificate's
 * key must be is not asked here.
 *
 * <p>Nothing is fetched. Bounded by {@link #MAX_LEVELS} and a {@link WorkLimit}, since paths branch. Immutable and safe for any
 * thread.
 */
final class PathValidator {

  /** The most certificates above the one that is validated. */
  static final int MAX_LEVELS = 8;

  private final List<X509Certificate> anchors;
  private final List<X509Certificate> intermediates;
  private final PathChecks checks;
  private final int maxLevels;
  private final int maxUnits;

  /**
   * Takes what paths are made of.
   *
   * @param anchors trusted; what they restrict holds for the path
   * @param revocationLists where there are any, each certificate below the anchor needs a current one
   */
  PathValidator(
      List<X509Certificate> anchors,
      List<X509Certificate> intermediates,
      List<X509CRL> revocationLists,
      PathInputs inputs,
      AuthorityRule authorityRule) {
    this(
        anchors,
        intermediates,
        new PathChecks(RevocationSources.of(revocationLists, intermediates), inputs, authorityRule),
        MAX_LEVELS,
        WorkLimit.MAX_UNITS);
  }

  private PathValidator(
      List<X509Certificate> anchors,
      List<X509Certificate> intermediates,
      PathChecks checks,
      int maxLevels,
      int maxUnits) {
    this.anchors = List.copyOf(anchors);
    this.intermediates = List.copyOf(intermediates);
    this.checks = checks;
    this.maxLevels = maxLevels;
    this.maxUnits = maxUnits;
  }

  /** The same with other bounds. */
  PathValidator within(int levels, int units) {
    return new PathValidator(anchors, intermediates, checks, levels, units);
  }

  /**
   * The first valid path, from the certificate to the anchor, both included.
   *
   * @throws PathException where there is none; about a complete path where there was one
   */
  List<X509Certificate> validate(X509Certificate certificate, Instant at) throws PathException {
    Search search = new Search(at, WorkLimit.of(maxUnits));
    List<X509Certificate> path = search.from(List.of(certificate));
    if (path == null) {
      throw search.failure();
    }
    return path;
  }

  /** One depth-first search. */
  private final class Search {
    private final Instant at;
    private final WorkLimit limit;
    private List<X509Certificate> longest = List.of();
    private @Nullable PathException failure;

    Search(Instant at, WorkLimit limit) {
      this.at = at;
      this.limit = limit;
    }

    @Nullable
    List<X509Certificate> from(List<X509Certificate> path) throws PathException {
      X509Certificate last = path.get(path.size() - 1);
      if (longest.size() < path.size()) {
        longest = path;
      }
      if (anchors.contains(last)) {
        return isValid(path) ? path : null;
      }
      for (List<X509Certificate> issuers : List.of(anchors, intermediates)) {
        for (X509Certificate issuer : issuers) {
          List<X509Certificate> found = through(issuer, path);
          if (found != null) {
            return found;
          }
        }
      }
      return null;
    }

    private @Nullable List<X509Certificate> through(
        X509Certificate issuer, List<X509Certificate> path) throws PathException {
      X509Certificate last = path.get(path.size() - 1);
      if (!last.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
          || path.contains(issuer)) {
        return null;
      }
      limit.countSignature(issuer.getPublicKey());
      if (!Issuing.maySign(last, issuer)) {
        return null;
      }
      if (path.size() > maxLevels) {
        failure = new PathException(
            Reason.INVALID,
            "more than " + maxLevels + " certificates above it (expected: at most that)");
        return null;
      }
      List<X509Certificate> longer = new ArrayList<>(path);
      longer.add(issuer);
      return from(longer);
    }

    private boolean isValid(List<X509Certificate> path) throws PathException {
      try {
        checks.check(path, at, limit);
        return true;
      } catch (PathException e) {
        if (e.reason() == Reason.TOO_MUCH_WORK) {
          throw e;
        }
        failure = e;
        return false;
      }
    }

    PathException failure() {
      if (failure != null) {
        return failure;
      }
      X509Certificate last = longest.get(longest.size() - 1);
      return new PathException(
          Reason.NO_PATH,
          "no issuer for " + DistinguishedNameText.printable(last.getSubjectX500Principal()) + ": "
              + DistinguishedNameText.printable(last.getIssuerX500Principal())
              + " is not there, or its key did not sign it");
    }
  }
}
