package dev.tapeseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CertInspectTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @Test
  void aCertificate_isShownInTheDocumentedFields() {
    Run run = Run.of("cert", "inspect", SampleCertificates.FIRST.certificatePath());

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.text().lines().toList())
        .contains("Kind           certificate", "Key Details    RSA, 2048 bits")
        .anyMatch(line -> line.startsWith("Subject Name   "))
        .anyMatch(line -> line.matches("Serial Number  [0-9a-f]+"))
        .anyMatch(line -> line.startsWith("Subject DN     CN="))
        .anyMatch(line -> line.startsWith("Issuer DN      CN="))
        .contains("Key Usage      key encipherment");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "first.pem, certificate, 1",
    "first.der, certificate, 1",
    "first_text_crlf.pem, certificate, 1",
    "ca_bundle.pem, bundle, 3",
    "first_key.pem, private key, 1",
    "first_key_pkcs1.pem, private key, 1",
    "first_public.pem, public key, 1",
    "first_trusted.pem, trusted certificate, 1",
    "ec.pem, certificate, 1",
    "ec_key.pem, private key, 1",
    "rsa1024.pem, certificate, 1"
  })
  void everyKindOfFile_isNamed(String sample, String kind, int items) {
    Run run = Run.of("cert", "inspect", "--json", Samples.path("certificates/" + sample));

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.json().path("kind").asString()).isEqualTo(kind);
    assertThat(run.json().path("items").size()).isEqualTo(items);
  }

  @Test
  void aKey_isShownWithItsForm_andOpenedByItsPassword() {
    for (String sample : SampleCertificates.ENCRYPTED_KEYS) {
      JsonNode hidden =
          Run.of("cert", "inspect", "--json", Samples.path(sample)).json();
      JsonNode item = hidden.path("items").get(0);
      assertThat(item.path("encrypted").asBoolean()).isTrue();
      assertThat(item.path("keyDetails").isNull()).isTrue();
      assertThat(item.path("form").asString())
          .isEqualTo(sample.contains("pkcs1") ? "PKCS#1" : "PKCS#8");
      JsonNode opened = Run.of(
              "cert",
              "inspect",
              "--json",
              "--password-file",
              SampleCertificates.passwordPath(),
              Samples.path(sample))
          .json();
      assertThat(opened.path("items").get(0).path("keyDetails").asString())
          .as(sample)
          .isEqualTo("RSA, 2048 bits");
    }
  }

  @Test
  void aRequest_hasNoIssuer_andTellsWhetherItsSignatureIsItsOwn() throws IOException {
    Path request = folder.resolve("cert.req");
    Run made = Run.of(
        "cert",
        "request",
        "--cn",
        "x",
        "--o",
        "o",
        "--ou",
        "ou",
        "--l",
        "l",
        "--st",
        "st",
        "--c",
        "de",
        "--key-out",
        folder.resolve("key.pem"),
        "--out",
        request);
    assertThat(made.exitCode()).as(made.toString()).isZero();

    assertThat(Run.of("cert", "inspect", request).text())
        .contains("Kind           certificate request")
        .contains("Serial Number  (none: the CA gives the certificate one)")
        .contains("Issuer DN      (none: it is the CA's that signs it)")
        .contains("Signed By      its own key");

    Run piped = Run.fed(Files.readAllBytes(request), "cert", "inspect", "--json", "-");
    JsonNode item = piped.json().path("items").get(0);
    assertThat(item.path("signatureValid").asBoolean()).isTrue();
    assertThat(item.path("missing").size()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = """
      certificates/first.p12        | PKCS#12
      openssl/small-aes256.der      | an encrypted recording
      openssl/small-signed.der      | PKCS#7 signed data
      openssl/empty.bin             | empty
      media/call.mp3                | not PEM
      media/screen.mp4              | not PEM
      """)
  void whatIsNoneOfThem_isNamed(String sample, String named) {
    Run run = Run.of("cert", "inspect", Samples.path(sample));

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(ExitCode.FAILED.number());
    assertThat(run.messages().lines()).hasSize(1);
    assertThat(run.messages())
        .contains(sample.substring(sample.indexOf('/') + 1), named, "(expected: ")
        .doesNotContain("Exception");
  }
}
