package dev.tapeseal.certificate;

import static dev.tapeseal.certificate.TestCertificate.BEGIN;
import static dev.tapeseal.certificate.TestCertificate.END;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.Verdict.Outcome;
import java.security.KeyPair;
import java.time.Instant;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificatePolicyTest {
  private static final CertificatePolicy POLICY = CertificatePolicy.forRecording();
  private static final KeyPair RSA = TestCertificate.rsa(2048);

  @Test
  void aGoodCertificate_passesEveryRule_andIsReturned() throws Exception {
    RecordingCertificate certificate = TestCertificate.of(RSA)
        .extension(Extension.keyUsage, new KeyUsage(KeyUsage.keyEncipherment))
        .build();

    assertThat(POLICY.accept(certificate, BEGIN)).isSameAs(certificate);
    assertThat(POLICY.check(certificate, BEGIN))
        .extracting(Verdict::rule)
        .containsExactly(
            "key-algorithm",
            "key-size",
            "public-exponent",
            "roca",
            "small-factors",
            "close-primes",
            "shared-factor",
            "version",
            "serial-number",
            "issuer-and-serial",
            "signature-algorithm",
            "critical-extensions",
            "validity",
            "end-entity",
            "key-usage",
            "extended-key-usage",
            "chain");
    assertThat(POLICY.check(certificate, BEGIN)).noneMatch(Verdict::isRefusal);
  }

  @ParameterizedTest(name = "{0} bits: {1}")
  @CsvSource({"1024, REFUSED", "2047, REFUSED", "2048, PASSED", "3072, PASSED"})
  void keySize_isAtLeast2048Bits(int modulusBits, Outcome outcome) throws Exception {
    RecordingCertificate certificate =
        TestCertificate.of(TestCertificate.rsa(modulusBits)).build();

    assertThat(verdict(certificate, BEGIN, "key-size").outcome()).isEqualTo(outcome);
  }

  @Test
  void aShortKey_isRefusedWithTheCertificateTheRuleAndTheCure() throws Exception {
    RecordingCertificate certificate =
        TestCertificate.of(TestCertificate.rsa(1024)).build();

    assertThatThrownBy(() -> POLICY.accept(certificate, BEGIN))
        .isInstanceOf(CertificateRefusedException.class)
        .hasMessage(
            "CN=Interaction Recording,O=Acme #2f: refused: key-size: RSA modulus: 1024 bits (expected: >= 2048);"
                + " make a new key pair of that size and a certificate for it");
  }

  @Test
  void anEcKey_isRefused_andItsSizeNotChecked() throws Exception {
    RecordingCertificate certificate = TestCertificate.of(TestCertificate.ec()).build();

    assertThat(verdict(certificate, BEGIN, "key-algorithm").outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(verdict(certificate, BEGIN, "key-size").outcome()).isEqualTo(Outcome.NOT_CHECKED);
    assertThatThrownBy(() -> POLICY.accept(certificate, BEGIN))
        .hasMessageContaining("a key for EC (expected: RSA)");
  }

  @ParameterizedTest(name = "{0} s after the begin, {1} s after the end: {2}")
  @CsvSource({
    "-1, , REFUSED, not yet valid",
    "0, , PASSED, valid from",
    ", 0, WARNING, expires at",
    ", 1, REFUSED, expired",
  })
  void validity_includesBothEnds(
      Long afterBegin, Long afterEnd, Outcome outcome, String explanation) throws Exception {
    RecordingCertificate certificate = TestCertificate.of(RSA).build();
    Instant at = afterBegin != null ? BEGIN.plusSeconds(afterBegin) : END.plusSeconds(afterEnd);

    Verdict verdict = verdict(certificate, at, "validity");

    assertThat(verdict.outcome()).isEqualTo(outcome);
    assertThat(verdict.explanation()).startsWith(explanation);
  }

  @Test
  void theLastSecond_isValidToItsEnd() throws Exception {
    RecordingCertificate certificate = TestCertificate.of(RSA).build();

    assertThat(verdict(certificate, END.plusMillis(999), "validity").outcome())
        .isEqualTo(Outcome.WARNING);
  }

  @Test
  void aPeriodThatEndsBeforeItBegins_isRefused() throws Exception {
    RecordingCertificate certificate = TestCertificate.of(RSA).valid(END, BEGIN).build();

    assertThat(verdict(certificate, BEGIN, "validity").explanation()).contains("before it begins");
  }

  @Test
  void keyUsage_mustAllowKeyEncipherment_whereItIsThere() throws Exception {
    RecordingCertificate none = TestCertificate.of(RSA).build();
    RecordingCertificate signing = TestCertificate.of(RSA)
        .extension(
            Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.dataEncipherment))
        .build();
    RecordingCertificate both = TestCertificate.of(RSA)
        .extension(
            Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment))
        .build();
    RecordingCertificate unreadable = TestCertificate.of(RSA)
        .extension(Extension.keyUsage, new DERUTF8String("any"))
        .build();

    assertThat(verdict(none, BEGIN, "key-usage").outcome()).isEqualTo(Outcome.PASSED);
    assertThat(verdict(signing, BEGIN, "key-usage").outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(verdict(both, BEGIN, "key-usage").outcome()).isEqualTo(Outcome.PASSED);
    assertThat(verdict(unreadable, BEGIN, "key-usage").outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void everyBrokenRule_isNamed() throws Exception {
    RecordingCertificate certificate = TestCertificate.of(TestCertificate.rsa(1024))
        .extension(Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature))
        .build();

    assertThatThrownBy(() -> POLICY.accept(certificate, END.plusSeconds(1)))
        .isInstanceOfSatisfying(CertificateRefusedException.class, refused -> {
          assertThat(refused.certificate()).isSameAs(certificate);
          assertThat(refused.verdicts().stream().filter(Verdict::isRefusal).map(Verdict::rule))
              .containsExactly("key-size", "validity", "key-usage");
        })
        .hasMessageContainingAll(
            "key-size: ", "; also validity: expired", "; also key-usage: forbids");
  }

  private static Verdict verdict(RecordingCertificate certificate, Instant at, String rule) {
    return POLICY.check(certificate, at).stream()
        .filter(verdict -> verdict.rule().equals(rule))
        .findFirst()
        .orElseThrow();
  }
}
