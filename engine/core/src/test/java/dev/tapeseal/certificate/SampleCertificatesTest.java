package dev.tapeseal.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What OpenSSL made, read and judged. */
class SampleCertificatesTest {
  private static final Instant AT = Instant.parse("2026-06-01T00:00:00Z");

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      nullValues = "accepted",
      value = {
        "first, accepted",
        "first_crlf, accepted",
        "first_text, accepted",
        "first_text_crlf, accepted",
        "first_renewed, accepted",
        "first_and_second, accepted",
        "chained, accepted",
        "no_usage, accepted",
        "expired, validity",
        "not_yet_valid, validity",
        "rsa1024, key-size",
        "ec, key-algorithm key-usage",
        "signing_only, key-usage",
      })
  void everySample_hasItsVerdict(String name, String brokenRules) throws Exception {
    RecordingCertificate certificate = RecordingCertificate.read(sample(name));

    String refusals = CertificatePolicy.forRecording().check(certificate, AT).stream()
        .filter(Verdict::isRefusal)
        .map(Verdict::rule)
        .collect(Collectors.joining(" "));

    assertThat(refusals).isEqualTo(brokenRules == null ? "" : brokenRules);
  }

  @Test
  void organization_isShownAsItIsWritten() throws Exception {
    RecordingCertificate certificate = RecordingCertificate.read(sample("first"));

    assertThat(certificate.subject()).contains("O=Monster & Sons\\, Inc.");
    assertThat(certificate.x509()).isEqualTo(SampleCertificates.FIRST.certificate());
  }

  @Test
  void textAroundTheBlocks_isAWarning() throws Exception {
    try (Pem pem = Pem.read(sample("first_text_crlf"))) {
      assertThat(pem.warnings()).hasSize(2);
    }
  }

  @Test
  void renewedOnTheSameKey_hasTheSameKeyAndAnotherIdentifier() throws Exception {
    RecordingCertificate first = RecordingCertificate.read(sample("first"));
    RecordingCertificate renewed = RecordingCertificate.read(sample("first_renewed"));

    assertThat(renewed.publicKeySha256()).isEqualTo(first.publicKeySha256());
    assertThat(renewed.subjectKeyIdentifier()).isEqualTo(first.subjectKeyIdentifier());
    assertThat(renewed.identifier()).isNotEqualTo(first.identifier());
  }

  @Test
  void trustedAndDer_areRefusedWithTheCure() {
    assertThatThrownBy(() -> RecordingCertificate.read(sample("first_trusted")))
        .hasMessageContaining("openssl x509 -in FILE -out CERT.pem");
    assertThatThrownBy(() -> RecordingCertificate.read(Samples.path("certificates/first.der")))
        .hasMessageContaining("binary DER, not PEM");
  }

  private static Path sample(String name) {
    return Samples.path("certificates/" + name + ".pem");
  }
}
