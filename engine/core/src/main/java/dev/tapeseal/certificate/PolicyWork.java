package dev.tapeseal.certificate;

import dev.tapeseal.certificate.PathException.Reason;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1Sequence;

/** Bounds what a path's policies cost: the tree of RFC 5280 section 6.1.2 grows by a factor a level. */
final class PolicyWork {
  private static final int MAX_NODES = 4096;
  private static final List<String> EXTENSIONS = List.of("2.5.29.32", "2.5.29.33");

  private PolicyWork() {}

  static void check(List<X509Certificate> path) throws PathException {
    long nodes = 1;
    for (X509Certificate certificate : path) {
      nodes *= Math.max(1, entries(certificate));
      if (nodes > MAX_NODES) {
        throw new PathException(
            Reason.TOO_MUCH_WORK,
            "its certificate policies and their mappings make a tree of more than " + MAX_NODES
                + " nodes (expected: a few policies)");
      }
    }
  }

  private static int entries(X509Certificate certificate) throws PathException {
    int most = 0;
    for (String oid : EXTENSIONS) {
      byte[] extension = certificate.getExtensionValue(oid);
      if (extension == null) {
        continue;
      }
      try {
        most = Math.max(
            most,
            ASN1Sequence.getInstance(CertificateRules.contentOf(extension)).size());
      } catch (IOException | RuntimeException damaged) {
        throw new PathException(
            Reason.INVALID,
            DistinguishedNameText.printable(certificate.getSubjectX500Principal())
                + ": its certificate policies cannot be read");
      }
    }
    return most;
  }
}
