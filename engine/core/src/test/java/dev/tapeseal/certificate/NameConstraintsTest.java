package dev.tapeseal.certificate;

import static dev.tapeseal.certificate.TestCertificate.BEGIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.KeyPair;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Constraints of a root on the names of what it signs, by each form of name. */
class NameConstraintsTest {
  private static final KeyPair ROOT_KEY = TestCertificate.rsa(2048);
  private static final KeyPair KEY = TestCertificate.rsa(2048);
  private static final X500Name ROOT = new X500Name("CN=Root");

  @ParameterizedTest(name = "{0} {1} {2}, and a name {3}: {4}")
  @CsvSource({
    "permitted, 2, acme.com, rec.acme.com, PASSED",
    "permitted, 2, acme.com, acme.com, PASSED",
    "permitted, 2, acme.com, acme.com.evil, REFUSED",
    "permitted, 2, acme.com, xacme.com, REFUSED",
    "excluded, 2, acme.com, REC.ACME.COM, REFUSED",
    "excluded, 2, acme.com, other.com, PASSED",
    "permitted, 1, acme.com, a@acme.com, PASSED",
    "permitted, 1, acme.com, a@sub.acme.com, REFUSED",
    "permitted, 1, .acme.com, a@sub.acme.com, PASSED",
    "excluded, 1, a@acme.com, a@ACME.com, REFUSED",
    "excluded, 1, a@acme.com, b@acme.com, PASSED",
    "permitted, 6, acme.com, https://acme.com/x, PASSED",
    "permitted, 6, acme.com, https://acme.com.evil/x, REFUSED",
    "excluded, 6, .acme.com, https://user@rec.acme.com:8443/, REFUSED",
    "permitted, 7, 10.0.0.0/8, 10.1.2.3, PASSED",
    "permitted, 7, 10.0.0.0/8, 11.1.2.3, REFUSED",
    "excluded, 7, 10.0.0.0/8, 10.1.2.3, REFUSED",
    "permitted, 4, O=Acme, CN=x, REFUSED",
    "excluded, 8, 1.2.3, 1.2.3, REFUSED",
    "permitted, 8, 1.2.3, 1.2.4, REFUSED",
    "excluded, 8, 1.2.3, 1.2.4, REFUSED",
  })
  void alternativeNames_haveTheirVerdict(
      String kind, int form, String constraint, String name, Verdict.Outcome outcome)
      throws Exception {
    GeneralSubtree[] subtrees = {new GeneralSubtree(new GeneralName(form, constraint))};
    GeneralNames names = new GeneralNames(new GeneralName(form, name));

    assertThat(verdict(subtrees, kind, "O=Acme,CN=Recording", names)).isEqualTo(outcome);
  }

  @ParameterizedTest(name = "{0} {1}, and the subject {2}: {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "permitted | 4 | O=Acme | O=Acme,CN=Recording | PASSED",
        "permitted | 4 | O=Acme | O=Other,CN=Recording | REFUSED",
        "excluded | 4 | O=Acme | O=acme,CN=Recording | REFUSED",
        "permitted | 1 | acme.com | O=Acme,E=a@acme.com | PASSED",
        "permitted | 1 | acme.com | O=Acme,E=a@evil.com | REFUSED",
        "excluded | 8 | 1.2.3 | O=Acme,CN=Recording | REFUSED", // a form that cannot be compared
      })
  void theSubject_hasItsVerdict_whetherOrNotThereAreAlternativeNames(
      String kind, int form, String constraint, String subject, Verdict.Outcome outcome)
      throws Exception {
    GeneralSubtree[] subtrees = {new GeneralSubtree(new GeneralName(form, constraint))};
    GeneralNames others = new GeneralNames(new GeneralName(GeneralName.iPAddress, "10.1.2.3"));

    assertThat(verdict(subtrees, kind, subject, null)).isEqualTo(outcome);
    assertThat(verdict(subtrees, kind, subject, others)).isEqualTo(outcome);
  }

  @Test
  void aDistance_isRefused_ratherThanPassedOver() throws Exception {
    GeneralName name = new GeneralName(GeneralName.dNSName, "acme.com");
    GeneralSubtree minimum = new GeneralSubtree(name, BigInteger.TWO, null);
    GeneralSubtree maximum = new GeneralSubtree(name, BigInteger.ZERO, BigInteger.ONE);

    for (GeneralSubtree subtree : List.of(minimum, maximum)) {
      assertThat(verdict(
              new GeneralSubtree[] {subtree}, "permitted", "CN=Recording", new GeneralNames(name)))
          .isEqualTo(Verdict.Outcome.REFUSED);
    }
  }

  private static Verdict.Outcome verdict(
      GeneralSubtree[] subtrees, String kind, String subject, @Nullable GeneralNames names)
      throws Exception {
    NameConstraints constraints = kind.equals("permitted")
        ? new NameConstraints(subtrees, null)
        : new NameConstraints(null, subtrees);
    RecordingCertificate root = TestCertificate.of(ROOT_KEY)
        .subject(ROOT)
        .issuer(ROOT)
        .critical(Extension.basicConstraints, new BasicConstraints(true))
        .critical(Extension.nameConstraints, constraints)
        .build();
    TestCertificate certificate =
        TestCertificate.of(KEY).subject(new X500Name(subject)).signedBy(ROOT, ROOT_KEY);
    if (names != null) {
      certificate.extension(Extension.subjectAlternativeName, names);
    }
    CertificatePolicy policy =
        CertificatePolicy.forRecording().withCa(CaBundle.of(List.of(root), "ca.pem"));
    List<Verdict> verdicts = policy.check(certificate.build(), BEGIN);
    return verdicts.stream().anyMatch(Verdict::isRefusal)
        ? Verdict.Outcome.REFUSED
        : Verdict.Outcome.PASSED;
  }
}
