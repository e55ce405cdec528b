package dev.tapeseal.certificate;

import static dev.tapeseal.certificate.TestCertificate.BEGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.PathException.Reason;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chains that are made to cost much. */
class WorkLimitTest {
  private static final KeyPair KEY = TestCertificate.rsa(2048);
  private static final KeyPair OTHER_KEY = TestCertificate.rsa(2048);

  @ParameterizedTest(name = "{0} authorities above it: {1}")
  @CsvSource({"7, accepted", "8, accepted", "9, more than 8 certificates above it"})
  void chains_haveEightLevelsAtMost(int authorities, String expected) throws Exception {
    List<RecordingCertificate> bundle = new ArrayList<>();
    for (int i = authorities; i > 0; i--) {
      bundle.add(authority(name(i), name(Math.max(1, i - 1)), BigInteger.ONE).build());
    }
    RecordingCertificate certificate =
        TestCertificate.of(KEY).signedBy(name(authorities), KEY).build();
    CertificatePolicy policy =
        CertificatePolicy.forRecording().withCa(CaBundle.of(bundle, "ca.pem"));

    Verdict chain = policy.check(certificate, BEGIN).stream()
        .filter(verdict -> verdict.rule().equals("chain"))
        .findFirst()
        .orElseThrow();

    assertThat(chain.explanation())
        .startsWith(expected.equals("accepted") ? "signed through" : expected);
  }

  @Test
  void authoritiesThatSignEachOther_areGivenUp() throws Exception {
    X500Name name = new X500Name("CN=Everybody");
    List<X509Certificate> crowd = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      crowd.add(authority(name, name, BigInteger.valueOf(100 + i)).x509());
    }
    X509Certificate anchor =
        TestCertificate.of(OTHER_KEY).subject(new X500Name("CN=Root")).x509();
    PathValidator validator =
        new PathValidator(List.of(anchor), crowd, List.of(), PathInputs.ANY, AuthorityRule.NONE);
    X509Certificate certificate = TestCertificate.of(KEY).signedBy(name, KEY).x509();
    Instant before = Instant.now();

    assertThatThrownBy(() -> validator.validate(certificate, BEGIN))
        .isInstanceOfSatisfying(
            PathException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MUCH_WORK));
    assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aSlowMachine_makesNoDifference() throws Exception {
    X500Name name = new X500Name("CN=Root");
    X509Certificate anchor = authority(name, name, BigInteger.ONE).x509();
    X509Certificate certificate = TestCertificate.of(KEY).signedBy(name, KEY).x509();
    AuthorityRule slow = (authority, isRoot) -> {
      sleep(Duration.ofMillis(2100)); // more than the two seconds of work that there may be
      return Optional.empty();
    };
    PathValidator validator =
        new PathValidator(List.of(anchor), List.of(), List.of(), PathInputs.ANY, slow);

    assertThat(validator.validate(certificate, BEGIN)).containsExactly(certificate, anchor);
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a test", e);
    }
  }

  @Test
  void workThatIsUp_endsTheSearch() throws Exception {
    X500Name name = new X500Name("CN=Root");
    X509Certificate anchor = authority(name, name, BigInteger.ONE).x509();
    X509Certificate certificate = TestCertificate.of(KEY).signedBy(name, KEY).x509();
    PathValidator validator = new PathValidator(
        List.of(anchor), List.of(), List.of(), PathInputs.ANY, AuthorityRule.NONE);

    for (int units : new int[] {1, 10}) { // by the first signature, and by the whole path
      assertThatThrownBy(
              () -> validator.within(PathValidator.MAX_LEVELS, units).validate(certificate, BEGIN))
          .hasMessageStartingWith("takes more work to check than " + units + " signatures");
    }
    assertThat(validator.within(PathValidator.MAX_LEVELS, 100).validate(certificate, BEGIN))
        .containsExactly(certificate, anchor);
  }

  @Test
  void largeKeys_countForMore() {
    BigInteger modulus = BigInteger.ONE.shiftLeft(16_383).add(BigInteger.ONE);

    assertThat(WorkLimit.signatureUnits(KEY.getPublic())).isEqualTo(2);
    assertThat(WorkLimit.signatureUnits(TestCertificate.rsaKey(modulus, 65_537)))
        .isEqualTo(1 + 64);
    assertThat(WorkLimit.signatureUnits(TestCertificate.ec().getPublic())).isEqualTo(40);
  }

  private static X500Name name(int number) {
    return new X500Name("CN=Authority " + number);
  }

  private static TestCertificate authority(X500Name subject, X500Name issuer, BigInteger number) {
    return TestCertificate.of(KEY)
        .subject(subject)
        .signedBy(issuer, KEY)
        .serialNumber(number)
        .critical(Extension.basicConstraints, new BasicConstraints(true));
  }
}
