package dev.tapeseal.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.samples.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates of public test suites, odd and broken: every outcome is an answer, none takes long. */
class ForeignCertificatesTest {

  /** What {@code openssl x509} reads we read, and empty lines within the base64 beyond it. */
  private static final Map<String, String> OUTCOMES = new TreeMap<>(Map.ofEntries(
      Map.entry("beermug.pem", "an RSA PRIVATE KEY"),
      Map.entry("cert-1023line.pem", "read"),
      Map.entry("cert-1024line.pem", "read"),
      Map.entry("cert-1025line.pem", "read"),
      Map.entry("cert-254-chars-at-the-end.pem", "read"),
      Map.entry("cert-254-chars-in-the-middle.pem", "read"),
      Map.entry("cert-255line.pem", "read"),
      Map.entry("cert-256line.pem", "read"),
      Map.entry("cert-257line.pem", "read"),
      Map.entry("cert-blankline.pem", "read"),
      Map.entry("cert-bom.pem", "read, 1 warning"),
      Map.entry("cert-comment.pem", "base64"),
      Map.entry("cert-earlypad.pem", "base64"),
      Map.entry("cert-extrapad.pem", "base64"),
      Map.entry("cert-infixwhitespace.pem", "read"),
      Map.entry("cert-junk.pem", "base64"),
      Map.entry("cert-leadingwhitespace.pem", "read"),
      Map.entry("cert-longline.pem", "read"),
      Map.entry("cert-misalignedpad.pem", "base64"),
      Map.entry("cert-onecolumn.pem", "read"),
      Map.entry("cert-oneline-multiple-of-254.pem", "read"),
      Map.entry("cert-oneline.pem", "read"),
      Map.entry("cert-shortandlongline.pem", "read"),
      Map.entry("cert-shortline.pem", "read"),
      Map.entry("cert-threecolumn.pem", "read"),
      Map.entry("cert-trailingwhitespace.pem", "read"),
      Map.entry("cert.pem", "read"),
      Map.entry("csr.pem", "a CERTIFICATE REQUEST"),
      Map.entry("dsaparam.pem", "a DSA PARAMETERS"),
      Map.entry("key.pem", "a PRIVATE KEY")));

  @Test
  void opensslsOddPem_hasThePinnedOutcomes() throws Exception {
    RecordingCertificate plain = null;
    Map<String, String> outcomes = new TreeMap<>();
    for (Path file : Vectors.files("openssl/pem")) {
      String name = file.getFileName().toString();
      if (!OUTCOMES.containsKey(name)) {
        assertThat(name).matches("dsa.*|NOTES.txt|wellknown"); // keys are the key store's
        continue;
      }
      try {
        RecordingCertificate certificate = RecordingCertificate.read(file);
        if (!name.contains("254")) { // those hold certificates of their own
          plain = plain == null ? certificate : plain;
          assertThat(certificate).as(name).isEqualTo(plain);
        }
        int warnings = Pem.read(file).warnings().size();
        outcomes.put(name, warnings == 0 ? "read" : "read, " + warnings + " warning");
      } catch (CertificateUnreadableException e) {
        assertThat(e).hasMessageStartingWith(file.toString());
        String message =
            String.valueOf(e.getMessage()).substring(file.toString().length());
        outcomes.put(
            name,
            message.contains("base64") ? "base64" : message.replaceAll("^: (.*), not a .*", "$1"));
      }
    }
    assertThat(outcomes).isEqualTo(OUTCOMES);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"fuzz/x509", "fuzz/asn1"})
  void fuzzedDer_isReadOrUnreadable_andNeverSlow(String folder) throws Exception {
    List<Path> files = Vectors.files(folder);
    files.forEach(ForeignCertificatesTest::readDer); // warm up
    for (Path file : files) {
      TimeLimit.assertQuick(file, () -> readDer(file));
    }
    if (folder.endsWith("x509")) {
      assertThat(files).as("certificates that are read").anyMatch(ForeignCertificatesTest::readDer);
    }
  }

  @Test
  void fuzzedPem_isReadOrRefused_andNeverSlow() throws Exception {
    for (Path file : Vectors.files("fuzz/pem")) {
      byte[] bytes = Files.readAllBytes(file);
      TimeLimit.assertQuick(file, () -> {
        try (Pem pem = Pem.parse(bytes, file.toString())) {
          assertThat(pem.blocks()).isNotEmpty();
        } catch (PemException refused) {
          assertThat(refused).hasMessageStartingWith(file.toString());
        }
      });
    }
  }

  @Test
  void fuzzedBytes_areNoRevocationList_orOneThatIsRead() throws Exception {
    for (String folder : List.of("fuzz/asn1", "fuzz/pem", "fuzz/x509")) {
      for (Path file : Vectors.files(folder)) {
        try {
          assertThat(RevocationList.readAll(file)).isNotEmpty();
        } catch (CertificateUnreadableException refused) {
          assertThat(refused).hasMessageStartingWith(file.toString());
        }
      }
    }
  }

  @Test
  void publicCertificates_areAllRead() throws Exception {
    for (Path file : Vectors.files("weak-keys")) {
      if (file.getFileName().toString().startsWith("cert")) {
        assertThat(RecordingCertificate.readAll(file)).as(file.toString()).isNotEmpty();
      }
    }
  }

  /** As its own CA, where it is self-signed; else against another's. */
  private static List<Verdict> verdictsOfItsOwn(RecordingCertificate certificate)
      throws IOException, RecordingCertificateException {
    CaBundle bundle;
    try {
      bundle = CaBundle.of(List.of(certificate), "own.pem");
    } catch (CaBundleException notSelfSigned) {
      assertThat(notSelfSigned).hasMessageStartingWith("own.pem");
      bundle = CaBundle.read(Samples.path("certificates/ca.pem"));
    }
    return CertificatePolicy.forRecording()
        .withCa(bundle)
        .check(certificate, certificate.notBefore());
  }

  /** Whether it was read; then every accessor and the policy answer too. */
  private static boolean readDer(Path file) {
    try {
      byte[] pem = Pem.encode("CERTIFICATE", Files.readAllBytes(file));
      RecordingCertificate certificate =
          RecordingCertificate.parse(pem, file.toString()).get(0);
      assertThat(certificate.toString()).startsWith(file.toString());
      assertThat(certificate.issuerDer()).isNotEmpty();
      assertThat(certificate.email()).isNotNull();
      assertThat(certificate.identifier().toString()).isNotEmpty();
      assertThat(CertificatePolicy.forRecording()
              .withKnown(List.of(certificate))
              .check(certificate, TestCertificate.BEGIN))
          .hasSizeGreaterThan(16);
      assertThat(verdictsOfItsOwn(certificate)).hasSizeGreaterThan(16);
      return true;
    } catch (CertificateUnreadableException e) {
      assertThat(e).hasMessageStartingWith(file.toString());
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RecordingCertificateException e) {
      throw new IllegalStateException("the sample CA is a bundle", e);
    }
  }
}
