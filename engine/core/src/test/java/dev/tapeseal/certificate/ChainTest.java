package dev.tapeseal.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.certificate.Verdict.Outcome;
import dev.tapeseal.samples.Samples;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recording certificates against CA bundles, all made by OpenSSL. */
class ChainTest {
  private static final Instant AT = Instant.parse("2027-06-01T00:00:00Z");

  @ParameterizedTest(name = "{0} under {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "first | ca | PASSED | signed by CN=Recording CA",
        "first | ca_bundle | PASSED | signed by CN=Recording CA",
        "chained | ca_bundle | PASSED | signed through 2 intermediates by",
        "chained | ca | REFUSED | no issuer for CN=Interaction Recording chained",
        "self_signed | self_signed | PASSED | self-signed, and in the CA bundle",
        "self_signed | ca | REFUSED | no issuer for",
        "first | self_signed | REFUSED | no issuer for",
        "first | | WARNING | not checked",
        "self_signed | | PASSED | self-signed: its own CA",
      })
  void theChain_hasItsVerdict(String name, String bundle, Outcome outcome, String what)
      throws Exception {
    CertificatePolicy policy = CertificatePolicy.forRecording();
    if (bundle != null) {
      policy = policy.withCa(CaBundle.read(sample(bundle)));
    }

    Verdict chain = policy.check(RecordingCertificate.read(sample(name)), AT).stream()
        .filter(verdict -> verdict.rule().equals("chain"))
        .findFirst()
        .orElseThrow();

    assertThat(chain.outcome()).as(chain.explanation()).isEqualTo(outcome);
    assertThat(chain.explanation()).startsWith(what);
  }

  private static Path sample(String name) {
    return Samples.path("certificates/" + name + ".pem");
  }
}
