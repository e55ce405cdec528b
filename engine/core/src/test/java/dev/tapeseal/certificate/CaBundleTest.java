package dev.tapeseal.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.samples.Samples;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaBundleTest {

  @Test
  void theDocumentedOrder_isRead() throws Exception {
    CaBundle bundle = CaBundle.read(sample("ca_bundle"));

    assertThat(bundle.certificates())
        .containsExactly(certificate("crt_inter2"), certificate("crt_inter1"), certificate("ca"));
    assertThat(bundle.roots()).containsExactly(certificate("ca"));
    assertThat(bundle.warnings()).isEmpty();
  }

  @ParameterizedTest(name = "{0}: certificate {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "crt_inter1 crt_inter2 ca | 2 | did not sign the one before it",
        "crt_inter2 ca | 2 | is not in the bundle",
        "ca crt_inter1 crt_inter2 | 3 | did not sign the one before it",
        "ca crt_inter1 | 2 | stands at position 1 (expected: the root CA last)",
        "crt_inter2 crt_inter1 | 2 | is the last and not self-signed",
        "first ca self_signed crt_inter2 ca | 5 | did not sign the one before it",
      })
  void aWrongOrder_namesThePosition(String names, int position, String what) throws Exception {
    List<RecordingCertificate> certificates = certificates(names);

    assertThatThrownBy(() -> CaBundle.of(certificates, "bundle.pem"))
        .isInstanceOfSatisfying(
            CaBundleException.class, wrong -> assertThat(wrong.position()).isEqualTo(position))
        .hasMessageStartingWith("bundle.pem, certificate " + position + ": ")
        .hasMessageContaining(what);
  }

  @Test
  void severalChains_mayFollowEachOther() throws Exception {
    CaBundle bundle = CaBundle.of(certificates("crt_inter1 ca self_signed"), "bundle.pem");

    assertThat(bundle.roots()).containsExactly(certificate("ca"), certificate("self_signed"));
  }

  @Test
  void oneSelfSignedCertificate_isABundle() throws Exception {
    assertThat(CaBundle.read(sample("self_signed")).roots())
        .containsExactly(certificate("self_signed"));
  }

  @Test
  void aTrustStore_hasNoOrder() throws Exception {
    CaBundle bundle = CaBundle.ofStore(certificates("ca crt_inter2 crt_inter1 ca"), "cacerts.jks");

    assertThat(bundle.certificates()).hasSize(3);
    assertThat(bundle.roots()).containsExactly(certificate("ca"));
    assertThatThrownBy(() -> CaBundle.ofStore(certificates("crt_inter1"), "cacerts.jks"))
        .hasMessageStartingWith("cacerts.jks: no self-signed certificate");
  }

  @Test
  void textCarriageReturnsAndOtherBlocks_areWarnings() throws Exception {
    ByteArrayOutputStream pem = new ByteArrayOutputStream();
    pem.writeBytes("Our CAs\r\n".getBytes(StandardCharsets.US_ASCII));
    pem.writeBytes(Files.readAllBytes(sample("ca_bundle")));
    pem.writeBytes(Files.readAllBytes(sample("first_public")));

    CaBundle bundle = CaBundle.parse(pem.toByteArray(), "bundle.pem");

    assertThat(bundle.certificates()).hasSize(3);
    assertThat(bundle.warnings())
        .hasSize(3)
        .anyMatch(warning -> warning.contains("text outside"))
        .anyMatch(warning -> warning.contains("CRLF"))
        .anyMatch(warning -> warning.contains("no certificates"));
  }

  @Test
  void emptyAndTooLongOnes_areRefused() throws Exception {
    List<RecordingCertificate> tooMany =
        new ArrayList<>(Collections.nCopies(101, certificate("self_signed")));

    assertThatThrownBy(() -> CaBundle.of(tooMany, "bundle.pem"))
        .hasMessage("bundle.pem: 101 certificates (expected: 1 to 100)");
    assertThatThrownBy(() -> CaBundle.of(List.of(), "bundle.pem"))
        .isInstanceOf(CaBundleException.class);
    assertThatThrownBy(() -> CaBundle.read(sample("first_key")))
        .isInstanceOf(CertificateUnreadableException.class);
    assertThatThrownBy(() -> CaBundle.parse(new byte[0], "bundle.pem"))
        .hasMessageContaining("empty");
    assertThat(CaBundle.of(tooMany.subList(0, 100), "bundle.pem").certificates())
        .hasSize(100);
  }

  private static List<RecordingCertificate> certificates(String names) throws Exception {
    List<RecordingCertificate> certificates = new ArrayList<>();
    for (String name : Arrays.asList(names.split(" "))) {
      certificates.add(certificate(name));
    }
    return certificates;
  }

  private static RecordingCertificate certificate(String name) throws Exception {
    return RecordingCertificate.read(sample(name));
  }

  private static Path sample(String name) {
    return Samples.path("certificates/" + name + ".pem");
  }
}
