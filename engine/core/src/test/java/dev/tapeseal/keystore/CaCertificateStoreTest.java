package dev.tapeseal.keystore;

import static dev.tapeseal.keystore.KeyStores.certificate;
import static dev.tapeseal.samples.SampleCertificates.CA;
import static dev.tapeseal.samples.SampleCertificates.INTERMEDIATE_1;
import static dev.tapeseal.samples.SampleCertificates.INTERMEDIATE_2;
import static dev.tapeseal.samples.SampleCertificates.SELF_SIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.settings.Settings;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code cacertstorepath} in each of its four kinds. */
class CaCertificateStoreTest {
  private static final String PASSWORD = "changeit";
  private static final List<SampleIdentity> AUTHORITIES =
      List.of(CA, INTERMEDIATE_1, INTERMEDIATE_2, SELF_SIGNED);

  @TempDir
  private Path folder;

  private Settings settings(String file, String password) throws Exception {
    Path properties = folder.resolve("rcs.properties");
    Files.writeString(
        properties, "cacertstorepath=" + file + "\ncacertstorepassword=" + password + "\n");
    return Settings.builder().file(properties).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PKCS12", "JKS", "JCEKS"})
  void trustStore_givesItsCertificates_whateverTheirOrder(String type) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    for (SampleIdentity authority : AUTHORITIES) {
      store.setCertificateEntry(authority.name(), authority.certificate());
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve("ca.store"))) {
      store.store(out, PASSWORD.toCharArray());
    }

    var bundle = CaCertificateStore.of(settings("ca.store", PASSWORD)).orElseThrow();

    assertThat(bundle.certificates())
        .containsExactlyInAnyOrderElementsOf(
            AUTHORITIES.stream().map(KeyStores::certificate).toList());
    assertThat(bundle.roots()).contains(certificate(CA));
    assertThatThrownBy(() -> CaCertificateStore.of(settings("ca.store", "wrong one")))
        .isInstanceOf(RecordingKeyStoreException.PasswordWrong.class);
    assertThatThrownBy(() -> CaCertificateStore.read(folder.resolve("ca.store"), null))
        .isInstanceOf(RecordingKeyStoreException.PasswordWrong.class)
        .hasMessageContaining("cacertstorepassword");
  }

  @Test
  void pem_isABundle_inItsOrder() throws Exception {
    Files.copy(Samples.path(SampleCertificates.CA_BUNDLE), folder.resolve("ca_cert.pem"));

    var bundle = CaCertificateStore.of(settings("ca_cert.pem", "not needed")).orElseThrow();

    assertThat(bundle.certificates()).hasSize(3).endsWith(certificate(CA));
    assertThat(CaCertificateStore.of(Settings.builder().build())).isEmpty();
    assertThatThrownBy(() ->
            CaCertificateStore.read(Samples.path("certificates/ca_bundle_wrong_order.pem"), null))
        .isInstanceOf(RecordingCertificateException.class);
  }

  @Test
  void certificatesThatOpensslExported_areThere_thoughJavaPassesOverThem() throws Exception {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    OpenSsl.run(
        "pkcs12",
        "-export",
        "-nokeys",
        "-in",
        Samples.path(SampleCertificates.CA_BUNDLE).toString(),
        "-passout",
        "pass:" + PASSWORD,
        "-out",
        folder.resolve("ca.p12").toString());

    assertThat(CaCertificateStore.of(settings("ca.p12", PASSWORD)).orElseThrow().certificates())
        .hasSize(3);
  }

  @Test
  void whatIsNoStore_isRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("ca.txt"), "nothing of the kind");

    assertThatThrownBy(() -> CaCertificateStore.read(file, null))
        .isInstanceOf(RecordingCertificateException.class)
        .hasMessageStartingWith(file.toString());
  }
}
