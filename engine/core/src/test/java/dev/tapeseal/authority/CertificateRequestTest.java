package dev.tapeseal.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.authority.IssuanceException.RequestRefused;
import dev.tapeseal.authority.IssuanceException.RequestUnreadable;
import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.Pem;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.keystore.RecordingKey;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRequestTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final RsaKeyPair KEY = RsaKeyPair.generate(2048, RANDOM);
  private static final SubjectName SUBJECT = SubjectName.builder()
      .commonName("Interaction Recording")
      .organization("Monster & Sons, Inc.")
      .organizationalUnit("Robot Repairs")
      .locality("Köln")
      .state("California")
      .country("US")
      .set(SubjectName.Part.SERIAL_NUMBER, "GIR-0042")
      .build();
  private static final String EVERY_PART =
      "/C=US/ST=California/L=Pleasant Hill/O=Monster/OU=Robots/CN=Interaction Recording";

  private static final RsaKeyPair AUTHORITY_KEY = RsaKeyPair.generate(2048, RANDOM);
  private static final CertificateAuthority AUTHORITY =
      CertificateAuthority.selfSigned("Test CA", AUTHORITY_KEY, 3650, Clock.systemUTC(), RANDOM);

  @TempDir
  Path folder;

  private Path file = Path.of("");

  @BeforeEach
  void nameFile() {
    file = folder.resolve("cert.req");
  }

  @ParameterizedTest
  @EnumSource
  void openssl_verifiesWhatWeMake(SignatureAlgorithm algorithm) throws Exception {
    CertificateRequest request = CertificateRequest.of(SUBJECT, KEY, algorithm);
    Files.write(file, request.toPem());

    String said = openssl(
        "req",
        "-verify",
        "-noout",
        "-text",
        "-nameopt",
        "RFC2253,utf8,-esc_msb",
        "-in",
        file.toString());

    assertThat(said)
        .contains("serialNumber=GIR-0042,CN=Interaction Recording,OU=Robot Repairs")
        .contains("L=Köln")
        .containsIgnoringCase(algorithm.jcaName().replace("withRSA", "WithRSAEncryption"));
    assertThat(CertificateRequest.read(file)).isEqualTo(request);
    assertThat(request.isSignatureValid()).isTrue();
    assertThat(request.missingParts()).isEmpty();
  }

  @ParameterizedTest(name = "rsa:{0}")
  @ValueSource(strings = {"2048", "3072", "4096"})
  void theDocumentedOpensslCommand_makesWhatWeSign(String bits) throws Exception {
    opensslRequest("-newkey", "rsa:" + bits, "-subj", EVERY_PART, "-days", "365");

    CertificateRequest request = CertificateRequest.read(file);
    RecordingCertificate certificate = AUTHORITY.sign(request, 365);

    assertThat(request.isSignatureValid()).isTrue();
    assertThat(request.missingParts()).isEmpty();
    assertThat(certificate.x509().getSubjectX500Principal()).isEqualTo(request.subject());
    assertThat(certificate.publicKey()).isEqualTo(request.publicKey().orElseThrow());
    assertThat(openssl(
            "rsa", "-modulus", "-noout", "-in", folder.resolve("key.pem").toString()))
        .containsIgnoringCase(certificate.publicKey().getModulus().toString(16));
  }

  @Test
  void extensionsThatARequestAsksFor_areNamed_andNotGranted() throws Exception {
    opensslRequest(
        "-newkey",
        "rsa:2048",
        "-subj",
        EVERY_PART,
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=keyCertSign");

    CertificateRequest request = CertificateRequest.read(file);
    RecordingCertificate certificate = AUTHORITY.sign(request, 365);

    assertThat(request.requestedExtensions()).containsExactly("2.5.29.19", "2.5.29.15");
    assertThat(certificate.x509().getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.x509().getKeyUsage()[5]).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = """
      rsa:1024 -sha256                             | RSA modulus: 1024 bits
      rsa:2048 -sha1                               | signed with SHA1WITHRSA
      rsa:2048 -md5                                | signed with MD5WITHRSA
      ec -pkeyopt ec_paramgen_curve:P-256          | a key for
      ed25519                                      | a key for
      rsa-pss -pkeyopt rsa_keygen_bits:2048        | a key for
      """)
  void aRequestThatNoRecordingKeyMayCome_from_isRefused(String newKey, String reason)
      throws Exception {
    opensslRequest(
        ("-subj\n" + EVERY_PART + "\n-newkey\n" + newKey.replace(' ', '\n')).split("\n"));

    assertThatThrownBy(() -> AUTHORITY.sign(CertificateRequest.read(file), 365))
        .isInstanceOf(RequestRefused.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason)
        .hasMessageContaining("(expected: ");
  }

  @ParameterizedTest(name = "PSS with {0}")
  @CsvSource({"sha256, true", "sha1, false"})
  void aRequestSignedByPss_isTakenWithAStrongDigest(String digest, boolean taken) throws Exception {
    opensslRequest(
        "-newkey",
        "rsa:2048",
        "-subj",
        EVERY_PART,
        "-sigopt",
        "rsa_padding_mode:pss",
        "-" + digest);
    CertificateRequest request = CertificateRequest.read(file);

    assertThat(request.isSignatureValid()).isTrue();
    if (taken) {
      assertThat(AUTHORITY.sign(request, 1).publicKey())
          .isEqualTo(request.publicKey().orElseThrow());
    } else {
      assertThatThrownBy(() -> AUTHORITY.sign(request, 1)).isInstanceOf(RequestRefused.class);
    }
  }

  @Test
  void aRequestWithoutSubject_isRefused_andOneWithLittleIsToldWhatItLacks() throws Exception {
    opensslRequest("-newkey", "rsa:2048", "-subj", "/");

    CertificateRequest empty = CertificateRequest.read(file);
    assertThat(empty.missingParts()).containsExactly("C", "ST", "L", "O", "OU", "CN");
    assertThatThrownBy(() -> AUTHORITY.sign(empty, 365))
        .isInstanceOf(RequestRefused.class)
        .hasMessageContaining("its subject is empty");

    openssl(
        "req",
        "-new",
        "-key",
        folder.resolve("key.pem").toString(),
        "-out",
        file.toString(),
        "-subj",
        "/O=Acme/CN=x");
    assertThat(CertificateRequest.read(file).missingParts()).containsExactly("C", "ST", "L", "OU");
  }

  /** Any bit of the request: of the name, the key or the signature. */
  @Test
  void aRequestThatWasChanged_isRefused_whereverItWas() throws Exception {
    byte[] der;
    try (Pem pem = Pem.parse(
        CertificateRequest.of(SUBJECT, KEY, SignatureAlgorithm.SHA256_RSA).toPem(), "request")) {
      der = pem.blocks().get(0).der().clone();
    }
    int refused = 0;
    for (int offset = 0; offset < der.length; offset += 7) {
      byte[] changed = der.clone();
      changed[offset] ^= 1;
      byte[] pem = Pem.encode("CERTIFICATE REQUEST", changed);
      assertThatThrownBy(() -> AUTHORITY.sign(CertificateRequest.parse(pem, "changed"), 1))
          .as("offset %s", offset)
          .isInstanceOf(IssuanceException.class)
          .hasMessageStartingWith("changed: ");
      refused++;
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void whatIsNoRequest_isNamed() throws IOException {
    Files.write(file, new byte[] {1, 2, 3});
    assertUnreadable(file, "not PEM (expected: ");
    assertUnreadable(SampleCertificates.FIRST.keyPath(), "no certificate request but PRIVATE KEY");
    assertUnreadable(SampleCertificates.CA.certificatePath(), "but CERTIFICATE");
    byte[] one =
        CertificateRequest.of(SUBJECT, KEY, SignatureAlgorithm.SHA256_RSA).toPem();
    String text = new String(one, StandardCharsets.US_ASCII);
    Files.writeString(file, text + text);
    assertUnreadable(file, "2 requests (expected: 1)");
    Files.writeString(
        file, text.replaceAll("\\R", "\r\n").replace("CERTIFICATE", "NEW CERTIFICATE"));
    assertThat(file)
        .satisfies(crlf -> assertThat(CertificateRequest.read(crlf).toPem()).isEqualTo(one));
  }

  private static void assertUnreadable(Path file, String reason) {
    assertThatThrownBy(() -> CertificateRequest.read(file))
        .isInstanceOf(RequestUnreadable.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(reason);
  }

  @Test
  void aRenewal_hasTheOlderSubjectToTheByte_andTheKeyThatIsWanted() throws Exception {
    RecordingCertificate older =
        RecordingCertificate.read(SampleCertificates.FIRST.certificatePath());

    CertificateRequest renewal =
        CertificateRequest.renewing(older, KEY, SignatureAlgorithm.SHA256_RSA);
    RecordingCertificate renewed = AUTHORITY.sign(renewal, 10);

    assertThat(renewal.isSignatureValid()).isTrue();
    assertThat(renewed.x509().getSubjectX500Principal().getEncoded())
        .isEqualTo(older.x509().getSubjectX500Principal().getEncoded());
    assertThat(renewed.publicKey()).isEqualTo(KEY.publicKey());
  }

  @Test
  void aSelfSignedCertificate_isItsOwnCaFile() throws Exception {
    CertificateRequest request = CertificateRequest.of(SUBJECT, KEY, SignatureAlgorithm.SHA384_RSA);
    RecordingCertificate certificate = SelfSignedCertificate.of(
        request, KEY, 30, SignatureAlgorithm.SHA384_RSA, Clock.systemUTC(), RANDOM);
    CertificateFiles.write(folder.resolve("cert.pem"), List.of(certificate));

    String path = folder.resolve("cert.pem").toString();
    assertThat(openssl("verify", "-x509_strict", "-CAfile", path, path)).endsWith("OK\n");
    assertThat(CertificatePolicy.forRecording()
            .withCa(CaBundle.of(List.of(certificate), "bundle"))
            .accept(certificate, Instant.now()))
        .isSameAs(certificate);
    assertThat(certificate.x509().getSigAlgName()).isEqualTo("SHA384withRSA");
    assertThat(certificate.x509().getBasicConstraints()).isZero();
    assertThat(certificate.x509().getKeyUsage()[2]).as("key encipherment").isTrue();
  }

  @Test
  void aSelfSignedCertificate_onAWeakKey_isRefused() throws Exception {
    try (RecordingKey weak = RecordingKey.read(SampleCertificates.RSA_1024.keyPath(), null)) {
      SigningKey key = SigningKey.of(weak);
      CertificateRequest request =
          CertificateRequest.of(SUBJECT, key, SignatureAlgorithm.SHA256_RSA);

      assertThatThrownBy(() -> SelfSignedCertificate.of(
              request, key, 30, SignatureAlgorithm.SHA256_RSA, Clock.systemUTC(), RANDOM))
          .isInstanceOf(RequestRefused.class)
          .hasMessageContaining("1024 bits");
    }
  }

  @Test
  void aRequestInTheAuthoritysName_orUnderItsKey_orWithControlCharacters_isRefused()
      throws Exception {
    X500Name authoritysName =
        new X500Name(AUTHORITY.certificate().x509().getSubjectX500Principal().getName());
    X500Name twoLines = new X500NameBuilder()
        .addRDN(BCStyle.CN, "Interaction Recording\nroot: trusted")
        .build();
    X500Name usual = new X500Name("CN=Interaction Recording");

    assertNotGranted(authoritysName, KEY, "that of the authority");
    assertNotGranted(usual, AUTHORITY_KEY, "its key is that of the authority");
    assertNotGranted(twoLines, KEY, "control characters");
  }

  private void assertNotGranted(X500Name subject, SigningKey key, String reason) throws Exception {
    byte[] der = new JcaPKCS10CertificationRequestBuilder(subject, key.publicKey())
        .build(new KeySigner(key, SignatureAlgorithm.SHA256_RSA))
        .getEncoded();
    CertificateRequest request =
        CertificateRequest.parse(Pem.encode("CERTIFICATE REQUEST", der), "cert.req");

    assertThatThrownBy(() -> AUTHORITY.sign(request, 10))
        .isInstanceOf(RequestRefused.class)
        .hasMessageStartingWith("cert.req: ")
        .hasMessageContaining(reason);
  }

  /** Makes a key, and a request in {@link #file} for it. */
  private void opensslRequest(String... arguments) throws IOException {
    String key = folder.resolve("key.pem").toString();
    openssl(Stream.concat(
            Stream.of("req", "-nodes", "-keyout", key, "-out", file.toString()),
            Stream.of(arguments))
        .toArray(String[]::new));
  }

  private static String openssl(String... arguments) throws IOException {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    return new String(OpenSsl.run(arguments), StandardCharsets.UTF_8);
  }
}
