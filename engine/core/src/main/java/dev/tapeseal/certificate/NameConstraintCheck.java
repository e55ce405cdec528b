package dev.tapeseal.certificate;

import dev.tapeseal.certificate.PathException.Reason;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.jce.provider.PKIXNameConstraintValidator;
import org.bouncycastle.jce.provider.PKIXNameConstraintValidatorException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the names of a path are those that its authorities may sign (RFC 5280 section 4.2.1.10). Those of the root
 * count too, which path validation leaves to whoever trusts it. Bounded, because each name meets each constraint.
 */
final class NameConstraintCheck {
  private static final String NAME_CONSTRAINTS = "2.5.29.30";
  private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
  private static final long MAX_COMPARISONS = 1L << 18;

  private final PKIXNameConstraintValidator validator = new PKIXNameConstraintValidator();
  private final WorkLimit limit;
  private long constraints;
  private long comparisons;

  private NameConstraintCheck(WorkLimit limit) {
    this.limit = limit;
  }

  /** Goes down from the root, as RFC 5280 section 6.1 does. */
  static void check(List<X509Certificate> path, WorkLimit limit) throws PathException {
    NameConstraintCheck check = new NameConstraintCheck(limit);
    for (int i = path.size() - 1; i >= 0; i--) {
      X509Certificate certificate = path.get(i);
      boolean isSelfIssued =
          certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
      String name = DistinguishedNameText.printable(certificate.getSubjectX500Principal());
      try {
        if (i == 0 || !isSelfIssued) {
          check.checkNames(certificate);
        }
        if (i > 0) {
          check.add(certificate);
        }
      } catch (PKIXNameConstraintValidatorException e) {
        throw new PathException(
            Reason.NAME_CONSTRAINTS,
            name + ": an authority above it may not sign its names: "
                + PrintableText.of(String.valueOf(e.getMessage())));
      } catch (IOException | RuntimeException damaged) {
        throw new PathException(
            Reason.NAME_CONSTRAINTS,
            name + ": its names or name constraints cannot be read: "
                + PrintableText.of(String.valueOf(damaged.getMessage())));
      }
    }
  }

  private void add(X509Certificate authority) throws IOException, PathException {
    byte[] extension = authority.getExtensionValue(NAME_CONSTRAINTS);
    if (extension == null) {
      return;
    }
    NameConstraints restricted = NameConstraints.getInstance(CertificateRules.contentOf(extension));
    GeneralSubtree[] permitted = restricted.getPermittedSubtrees();
    GeneralSubtree[] excluded = restricted.getExcludedSubtrees();
    if ((permitted == null || permitted.length == 0)
        && (excluded == null || excluded.length == 0)) {
      throw new IOException("name constraints without a name");
    }
    requireNoDistance(permitted);
    requireNoDistance(excluded);
    if (permitted != null) {
      count(permitted.length, constraints);
      constraints += permitted.length;
      validator.intersectPermittedSubtree(permitted);
    }
    if (excluded != null) {
      count(excluded.length, constraints);
      constraints += excluded.length;
      for (GeneralSubtree subtree : excluded) {
        validator.addExcludedSubtree(subtree);
      }
    }
  }

  /** Forms of names that cannot be compared the validator refuses; a distance it passes over. */
  private static void requireNoDistance(GeneralSubtree @Nullable [] subtrees) throws IOException {
    if (subtrees == null) {
      return;
    }
    for (GeneralSubtree subtree : subtrees) {
      if (subtree.getMinimum().signum() != 0 || subtree.getMaximum() != null) {
        throw new IOException("a minimum or maximum distance (RFC 5280 allows for none)");
      }
    }
  }

  private void checkNames(X509Certificate certificate)
      throws IOException, PathException, PKIXNameConstraintValidatorException {
    if (constraints == 0) {
      return;
    }
    byte[] subjectDer = certificate.getSubjectX500Principal().getEncoded();
    ASN1Sequence subject = ASN1Sequence.getInstance(subjectDer);
    List<GeneralName> names = new ArrayList<>();
    byte[] extension = certificate.getExtensionValue(SUBJECT_ALTERNATIVE_NAME);
    // E-mail addresses stand in the subject too, which RFC 5280 looks at only without the
    // extension.
    names.addAll(emails(X500Name.getInstance(subjectDer)));
    if (extension != null) {
      names.addAll(Arrays.asList(
          GeneralNames.getInstance(CertificateRules.contentOf(extension)).getNames()));
    }
    count(names.size() + 1, constraints);
    validator.checkPermittedDN(subject);
    validator.checkExcludedDN(subject);
    for (GeneralName name : names) {
      validator.checkPermitted(name);
      validator.checkExcluded(name);
    }
  }

  private static List<GeneralName> emails(X500Name subject) {
    List<GeneralName> emails = new ArrayList<>();
    for (RDN part : subject.getRDNs(BCStyle.EmailAddress)) {
      Arrays.stream(part.getTypesAndValues())
          .filter(value -> value.getType().equals(BCStyle.EmailAddress))
          .map(value -> value.getValue() instanceof ASN1IA5String text
              ? text.getString()
              : value.getValue().toString())
          .forEach(
              text -> emails.add(new GeneralName(GeneralName.rfc822Name, new DERIA5String(text))));
    }
    return emails;
  }

  private void count(long names, long against) throws PathException {
    long more = names * Math.max(1, against);
    comparisons += more;
    if (comparisons > MAX_COMPARISONS) {
      throw new PathException(
          Reason.TOO_MUCH_WORK,
          "more than " + MAX_COMPARISONS
              + " comparisons of names with name constraints (expected: a few names)");
    }
    limit.countComparisons(more);
  }
}
