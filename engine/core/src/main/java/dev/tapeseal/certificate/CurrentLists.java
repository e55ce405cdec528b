package dev.tapeseal.certificate;

import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/**
 * The revocation lists that count at an instant: those that have begun, and of several of one issuer and scope the one
 * that was made last. The path validation asks whichever it meets first, so that an older list, current still, would
 * hide a revocation.
 */
final class CurrentLists {
  private static final String DELTA_INDICATOR = "2.5.29.27";
  private static final String ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
  private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";

  private CurrentLists() {}

  /** What one list replaces another of: complete ones and deltas apart, and those under another of the issuer's keys. */
  private record Series(X500Principal issuer, String scope, String key, boolean isDelta) {
    static Series of(X509CRL list) {
      return new Series(
          list.getIssuerX500Principal(),
          extension(list, ISSUING_DISTRIBUTION_POINT),
          extension(list, AUTHORITY_KEY_IDENTIFIER),
          list.getExtensionValue(DELTA_INDICATOR) != null);
    }

    private static String extension(X509CRL list, String oid) {
      byte[] value = list.getExtensionValue(oid);
      return value == null ? "" : Base64.getEncoder().encodeToString(value);
    }
  }

  static List<X509CRL> at(List<RevocationList> lists, Instant at) {
    Map<Series, X509CRL> latest = new LinkedHashMap<>();
    Stream<X509CRL> begun =
        lists.stream().map(RevocationList::x509).filter(list -> !begin(list).isAfter(at));
    begun.forEach(list -> latest.merge(
        Series.of(list), list, (one, other) -> begin(other).isAfter(begin(one)) ? other : one));
    return List.copyOf(latest.values());
  }

  private static Instant begin(X509CRL list) {
    return list.getThisUpdate().toInstant();
  }
}
