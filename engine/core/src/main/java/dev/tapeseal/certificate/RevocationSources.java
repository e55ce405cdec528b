package dev.tapeseal.certificate;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/**
 * What revocation is looked up in.
 *
 * @param issuers certificates of those who signed the lists: an authority may have a key of its own for that
 */
record RevocationSources(List<X509CRL> lists, List<X509Certificate> issuers) {

  RevocationSources {
    lists = List.copyOf(lists);
    issuers = List.copyOf(issuers);
  }

  static RevocationSources of(List<X509CRL> lists, List<X509Certificate> certificates) {
    Set<X500Principal> names =
        lists.stream().map(X509CRL::getIssuerX500Principal).collect(Collectors.toSet());
    return new RevocationSources(
        lists,
        certificates.stream()
            .filter(certificate -> names.contains(certificate.getSubjectX500Principal()))
            .toList());
  }

  boolean isEmpty() {
    return lists.isEmpty();
  }

  /** All of it, and the path, whose authorities may have certified the lists' signers. */
  List<Object> forPath(List<X509Certificate> path) {
    List<Object> all = new ArrayList<>(lists);
    all.addAll(issuers);
    all.addAll(path);
    return all;
  }
}
