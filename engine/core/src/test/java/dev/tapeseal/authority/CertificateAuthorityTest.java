package dev.tapeseal.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.authority.IssuanceException.AuthorityUnfit;
import dev.tapeseal.authority.IssuanceException.RequestRefused;
import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.samples.OpenSsl;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.75Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final RsaKeyPair CA_KEY = RsaKeyPair.generate(2048, RANDOM);
  private static final RsaKeyPair KEY = RsaKeyPair.generate(2048, RANDOM);
  private static final SubjectName SUBJECT = SubjectName.builder()
      .commonName("Interaction Recording")
      .organization("Monster & Sons, Inc.")
      .organizationalUnit("Contact Center")
      .locality("Köln")
      .state("Nordrhein-Westfalen")
      .country("de")
      .email("recording@monster.example")
      .build();

  @TempDir
  Path folder;

  @Test
  void aSignedCertificate_isWhatRecordingsNeed() throws Exception {
    CertificateAuthority authority = authority(CLOCK);

    RecordingCertificate certificate = authority.sign(SUBJECT, KEY.publicKey(), 365);

    assertThat(CertificatePolicy.forRecording().accept(certificate, NOW)).isSameAs(certificate);
    assertThat(certificate.notBefore()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
    assertThat(certificate.notAfter()).isEqualTo(Instant.parse("2027-03-01T12:00:00Z"));
    assertThat(certificate.subject())
        .isEqualTo(
            "EMAILADDRESS=recording@monster.example,CN=Interaction Recording,OU=Contact Center,"
                + "O=Monster & Sons\\, Inc.,L=Köln,ST=Nordrhein-Westfalen,C=DE");
    assertThat(certificate.email()).contains("recording@monster.example");
    assertThat(certificate.publicKey()).isEqualTo(KEY.publicKey());
    assertThat(certificate.issuerDer())
        .isEqualTo(authority.certificate().x509().getSubjectX500Principal().getEncoded());

    X509Certificate x509 = certificate.x509();
    assertThat(x509.getVersion()).isEqualTo(3);
    assertThat(x509.getSigAlgName()).isEqualTo("SHA256withRSA");
    assertThat(x509.getBasicConstraints()).isEqualTo(-1);
    assertThat(x509.getKeyUsage())
        .containsExactly(false, false, true, false, false, false, false, false, false);
    assertThat(x509.getCriticalExtensionOIDs()).contains(Extension.keyUsage.getId());
  }

  @Test
  void signature_isVerifiedByBouncyCastle_andTheIdentifiersLinkToTheAuthority() throws Exception {
    CertificateAuthority authority = authority(CLOCK);
    X509CertificateHolder ca = holder(authority.certificate());
    X509CertificateHolder certificate = holder(authority.sign(SUBJECT, KEY.publicKey(), 365));

    var verifier = new JcaContentVerifierProviderBuilder().build(ca);
    assertThat(ca.isSignatureValid(verifier)).isTrue();
    assertThat(certificate.isSignatureValid(verifier)).isTrue();
    assertThat(AuthorityKeyIdentifier.fromExtensions(certificate.getExtensions())
            .getKeyIdentifierOctets())
        .isEqualTo(SubjectKeyIdentifier.fromExtensions(ca.getExtensions()).getKeyIdentifier());
    assertThat(SubjectKeyIdentifier.fromExtensions(certificate.getExtensions())).isNotNull();
  }

  @Test
  void theAuthority_isACaThatSignsCertificatesAndCrls() {
    X509Certificate x509 = authority(CLOCK).certificate().x509();

    assertThat(x509.getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
    assertThat(x509.getKeyUsage())
        .containsExactly(false, false, false, false, false, true, true, false, false);
    assertThat(x509.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder(Extension.keyUsage.getId(), Extension.basicConstraints.getId());
    assertThat(x509.getSubjectX500Principal()).isEqualTo(x509.getIssuerX500Principal());
  }

  @Test
  void serialNumbers_arePositive_159Bits_andNeverTheSame() throws Exception {
    CertificateAuthority authority = authority(CLOCK);
    Set<BigInteger> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      BigInteger serialNumber =
          authority.sign(SUBJECT, KEY.publicKey(), 1).x509().getSerialNumber();
      assertThat(serialNumber.signum()).isPositive();
      assertThat(serialNumber.bitLength()).isEqualTo(159);
      assertThat(seen.add(serialNumber)).isTrue();
    }
  }

  @ParameterizedTest(name = "RSA {0}")
  @ValueSource(ints = {2048, 3072, 4096})
  void openssl_verifiesTheChainAndTheKey(int modulusBits) throws Exception {
    CertificateAuthority authority = authority(Clock.systemUTC());
    RsaKeyPair keyPair = RsaKeyPair.generate(modulusBits, RANDOM);
    write(authority, CA_KEY);
    CertificateFiles.write(
        folder.resolve("cert.pem"), List.of(authority.sign(SUBJECT, keyPair.publicKey(), 30)));
    keyPair.write(folder.resolve("private_key.pem"));

    assertThat(openssl("verify", "-x509_strict", "-CAfile", path("ca_cert.pem"), path("cert.pem")))
        .isEqualTo(path("cert.pem") + ": OK\n");
    assertThat(openssl("verify", "-CAfile", path("ca_bundle.pem"), path("cert.pem")))
        .endsWith("OK\n");
    for (String key : List.of("private_key.pem", "ca_key.pem")) {
      assertThat(openssl("rsa", "-check", "-noout", "-in", path(key))).contains("RSA key ok");
    }
    assertThat(openssl("rsa", "-modulus", "-noout", "-in", path("private_key.pem")))
        .isEqualTo(openssl("x509", "-modulus", "-noout", "-in", path("cert.pem")));
  }

  @Test
  void openssl_refusesTheCertificateUnderAnotherAuthority() throws Exception {
    RsaKeyPair otherKey = RsaKeyPair.generate(2048, RANDOM);
    write(
        CertificateAuthority.selfSigned(
            "Test Recording CA", otherKey, 3650, Clock.systemUTC(), RANDOM),
        otherKey);
    CertificateFiles.write(
        folder.resolve("cert.pem"),
        List.of(authority(Clock.systemUTC()).sign(SUBJECT, KEY.publicKey(), 30)));

    assertThatThrownBy(() -> openssl("verify", "-CAfile", path("ca_cert.pem"), path("cert.pem")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("verification failed");
  }

  @Test
  void privateKeys_areTheirOwnersAlone() throws Exception {
    KEY.write(folder.resolve("key.pem"));

    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key.pem"))))
        .isEqualTo("rw-------");
    assertThat(Files.readString(folder.resolve("key.pem")))
        .startsWith("-----BEGIN PRIVATE KEY-----\n");
  }

  @Test
  void nothingIsWrittenOverAnExistingFile() throws Exception {
    Path existing = Files.writeString(folder.resolve("key.pem"), "precious");

    assertThatThrownBy(() -> KEY.write(existing)).isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> CertificateFiles.write(existing, List.of()))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> KEY.write(folder.resolve("absent/key.pem")))
        .isInstanceOf(NoSuchFileException.class)
        .isInstanceOf(IOException.class);
    assertThat(existing).hasContent("precious");
  }

  @ParameterizedTest(name = "{0} days")
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 36_526, Integer.MAX_VALUE})
  void aValidityOutOfRange_isRefused(int days) {
    assertThatThrownBy(() -> authority(CLOCK).sign(SUBJECT, KEY.publicKey(), days))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("validity: " + days + " days (expected: 1 to 36525)");
  }

  @Test
  void aCertificate_doesNotOutliveItsAuthority() throws Exception {
    CertificateAuthority authority = authority(CLOCK);

    assertThat(authority.sign(SUBJECT, KEY.publicKey(), 3650).notAfter())
        .isEqualTo(authority.certificate().notAfter());
    assertThatThrownBy(() -> authority.sign(SUBJECT, KEY.publicKey(), 3651))
        .isInstanceOf(RequestRefused.class)
        .hasMessageContaining("no longer than the authority's own");
  }

  @Test
  void aCentury_isWrittenAsOpensslReadsIt() throws Exception {
    CertificateAuthority authority = CertificateAuthority.selfSigned(
        "Century", CA_KEY, CertificateAuthority.MAX_DAYS, CLOCK, RANDOM);

    assertThat(authority.certificate().notAfter())
        .isEqualTo(NOW.minus(Duration.ofMillis(750)).plus(Duration.ofDays(36_525)));
    write(authority, CA_KEY);
    assertThat(openssl("x509", "-enddate", "-noout", "-in", path("ca_cert.pem")))
        .isEqualTo("notAfter=Mar  2 12:00:00 2126 GMT\n");
  }

  @Test
  void keySizesOtherThanTheThree_areRefused() {
    for (int bits : new int[] {0, 512, 1024, 2047, 2049, 8192}) {
      assertThatThrownBy(() -> RsaKeyPair.generate(bits, RANDOM))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("RSA modulus: " + bits + " bits (expected: 2048, 3072 or 4096)");
    }
  }

  @Test
  void aClosedKeyPair_neitherSignsNorIsWritten() {
    RsaKeyPair keyPair = RsaKeyPair.generate(2048, RANDOM);
    keyPair.close();

    assertThatThrownBy(() -> keyPair.write(folder.resolve("key.pem")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(folder.resolve("key.pem")).doesNotExist();
    assertThat(keyPair).hasToString("RsaKeyPair[2048 bits]");
  }

  @Test
  void intermediatesToAnyDepth_areVerifiedByOpenssl() throws Exception {
    CertificateAuthority authority = authority(Clock.systemUTC());
    for (int depth = 1; depth <= 7; depth++) {
      authority = authority.signAuthority("Intermediate " + depth, CA_KEY, 3650 - depth);
    }
    RecordingCertificate certificate = authority.sign(SUBJECT, KEY.publicKey(), 365);
    CertificateFiles.write(folder.resolve("ca_bundle.pem"), authority.chain());
    CertificateFiles.write(folder.resolve("cert.pem"), List.of(certificate));

    assertThat(authority.chain().stream().map(RecordingCertificate::subject))
        .containsExactly(
            "CN=Intermediate 7",
            "CN=Intermediate 6",
            "CN=Intermediate 5",
            "CN=Intermediate 4",
            "CN=Intermediate 3",
            "CN=Intermediate 2",
            "CN=Intermediate 1",
            "CN=Test Recording CA");
    assertThat(
            openssl("verify", "-x509_strict", "-CAfile", path("ca_bundle.pem"), path("cert.pem")))
        .endsWith("OK\n");
  }

  @Test
  void aChainThatNoPolicyTakes_isNotMade() throws Exception {
    CertificateAuthority authority = authority(CLOCK);
    for (int depth = 1; depth <= 7; depth++) {
      authority = authority.signAuthority("Intermediate " + depth, CA_KEY, 100);
    }
    CertificateAuthority deepest = authority;

    assertThatThrownBy(() -> deepest.signAuthority("Intermediate 8", CA_KEY, 100))
        .isInstanceOf(AuthorityUnfit.class)
        .hasMessageContaining("CN=Intermediate 7")
        .hasMessageContaining("8 levels deep");
  }

  @Test
  void anIntermediate_isRefusedWhatWouldOutliveTheRoot_orIsCutToIt() throws Exception {
    CertificateAuthority root = authority(CLOCK);

    assertThatThrownBy(() -> root.signAuthority("Below", KEY, 3651))
        .isInstanceOf(RequestRefused.class)
        .hasMessageContaining("until " + root.certificate().notAfter());
    CertificateAuthority below = root.signAuthorityAtMost("Below", KEY, 3651);
    assertThat(below.certificate().notAfter()).isEqualTo(root.certificate().notAfter());
    assertThat(root.signAuthorityAtMost("Below", KEY, 10).certificate().notAfter())
        .isEqualTo(Instant.parse("2026-03-11T12:00:00Z"));
    assertThatThrownBy(() -> below.sign(SUBJECT, KEY.publicKey(), 3651))
        .isInstanceOf(RequestRefused.class);
  }

  @Test
  void anAuthority_isNotCalledWhatOneAboveItIsCalled() throws Exception {
    CertificateAuthority root = authority(CLOCK);
    CertificateAuthority middle = root.signAuthority("Middle", KEY, 100);
    String rootsName = root.certificate().subject().substring("CN=".length());

    for (String name : List.of(rootsName, rootsName.toUpperCase(Locale.ROOT), "Middle")) {
      assertThatThrownBy(() -> middle.signAuthority(name, KEY, 10))
          .as(name)
          .isInstanceOf(RequestRefused.class)
          .hasMessageContaining("another name");
    }
  }

  @Test
  void anExpiredAuthority_signsNothing_norDoesOneBelowIt() throws Exception {
    CertificateAuthority root = authority(CLOCK);
    List<RecordingCertificate> chain = root.signAuthority("Below", KEY, 3650).chain();
    Instant end = root.certificate().notAfter();

    // The last second belongs to the period (RFC 5280 section 4.1.2.5), and no day fits behind it.
    assertThatThrownBy(() -> at(end.plusMillis(999), chain).sign(SUBJECT, KEY.publicKey(), 1))
        .isInstanceOf(RequestRefused.class);
    for (List<RecordingCertificate> each : List.of(chain, List.of(root.certificate()))) {
      SigningKey key = each.size() == 1 ? CA_KEY : KEY;
      CertificateAuthority late = CertificateAuthority.of(
          each, key, SignatureAlgorithm.SHA256_RSA, fixed(end.plusSeconds(1)), RANDOM);
      assertThatThrownBy(() -> late.sign(SUBJECT, KEY.publicKey(), 1))
          .isInstanceOf(AuthorityUnfit.class)
          .hasMessageContaining("expired at " + end);
      assertThatThrownBy(() -> late.signAuthority("Later", KEY, 1))
          .isInstanceOf(AuthorityUnfit.class);
    }
    assertThatThrownBy(() -> at(NOW.minusSeconds(2), chain).sign(SUBJECT, KEY.publicKey(), 1))
        .isInstanceOf(AuthorityUnfit.class)
        .hasMessageContaining("not valid before");
  }

  @Test
  void aChainInTheWrongOrder_withGaps_orUnderAnotherKey_isRefused() throws Exception {
    CertificateAuthority root = authority(CLOCK);
    CertificateAuthority middle = root.signAuthority("Middle", KEY, 100);
    CertificateAuthority lowest = middle.signAuthority("Lowest", KEY, 100);
    RecordingCertificate leaf = root.sign(SUBJECT, KEY.publicKey(), 100);
    RecordingCertificate top = root.certificate();
    RecordingCertificate second = middle.certificate();
    RecordingCertificate third = lowest.certificate();

    assertUnfit(List.of(third, top, second), "certificate 2: ");
    assertUnfit(List.of(third, top), "did not sign the one before it");
    assertUnfit(List.of(third, second), "is the last and not self-signed");
    assertUnfit(List.of(leaf, top), "is not a CA");
    assertUnfit(List.of(top), "the private key is another's");
    assertThat(at(NOW, List.of(third, second, top)).chain()).isEqualTo(lowest.chain());
    assertThat(at(NOW, List.of(third, second, top, top)).chain()).isEqualTo(lowest.chain());
  }

  private static void assertUnfit(List<RecordingCertificate> chain, String reason) {
    assertThatThrownBy(() -> at(NOW, chain))
        .isInstanceOf(AuthorityUnfit.class)
        .hasMessageContaining(reason);
  }

  private static CertificateAuthority at(Instant now, List<RecordingCertificate> chain)
      throws AuthorityUnfit {
    return CertificateAuthority.of(chain, KEY, SignatureAlgorithm.SHA256_RSA, fixed(now), RANDOM);
  }

  private static Clock fixed(Instant now) {
    return Clock.fixed(now, ZoneOffset.UTC);
  }

  private void write(CertificateAuthority authority, RsaKeyPair key) throws IOException {
    key.write(folder.resolve("ca_key.pem"));
    CertificateFiles.write(folder.resolve("ca_cert.pem"), List.of(authority.certificate()));
    CertificateFiles.write(folder.resolve("ca_bundle.pem"), authority.chain());
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static String openssl(String... arguments) throws IOException {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    return new String(OpenSsl.run(arguments), StandardCharsets.UTF_8);
  }

  private static CertificateAuthority authority(Clock clock) {
    return CertificateAuthority.selfSigned("Test Recording CA", CA_KEY, 3650, clock, RANDOM);
  }

  private static X509CertificateHolder holder(RecordingCertificate certificate) throws IOException {
    return new X509CertificateHolder(certificate.encoded());
  }
}
