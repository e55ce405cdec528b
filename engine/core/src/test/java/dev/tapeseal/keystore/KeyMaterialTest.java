package dev.tapeseal.keystore;

import static dev.tapeseal.keystore.KeyStores.certificate;
import static dev.tapeseal.samples.SampleCertificates.CA;
import static dev.tapeseal.samples.SampleCertificates.CHAINED;
import static dev.tapeseal.samples.SampleCertificates.EC;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is imported: a key that belongs to its certificate, from PEM or PKCS#12. */
class KeyMaterialTest {
  private static final String PASSWORD = "päss word";

  @TempDir
  private Path folder;

  private static KeyPassword password(String text) {
    return KeyPassword.of(text.toCharArray());
  }

  private static KeyMaterial read(Path file, String password) throws Exception {
    try (KeyPassword given = password(password)) {
      return KeyMaterial.read(file, null, null, given);
    }
  }

  @ParameterizedTest(name = "openssl pkcs12 -export {0}")
  @ValueSource(
      strings = {
        "",
        "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
        "-keypbe AES-128-CBC -certpbe AES-192-CBC -macalg sha512 -iter 5000",
        "-keypbe NONE -certpbe NONE",
        "-nomac",
        "-keypbe NONE -certpbe NONE -nomac"
      })
  void whatOpensslExports_isRead(String options) throws Exception {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    Path file = folder.resolve("key.p12");
    List<String> arguments = new ArrayList<>(List.of("pkcs12", "-export"));
    if (!options.isEmpty()) {
      arguments.addAll(List.of(options.split(" ")));
    }
    arguments.addAll(List.of(
        "-inkey", CHAINED.keyPath().toString(),
        "-in", CHAINED.certificatePath().toString(),
        "-certfile", Samples.path(SampleCertificates.CA_BUNDLE).toString(),
        "-passout", "pass:" + PASSWORD,
        "-out", file.toString()));
    OpenSsl.run(arguments.toArray(String[]::new));

    try (KeyMaterial material = read(file, PASSWORD)) {
      assertThat(material.certificate()).isEqualTo(certificate(CHAINED));
      assertThat(material.chain()).hasSize(3).endsWith(certificate(CA));
      assertThat(material.key().privateKey()).isEqualTo(CHAINED.privateKey());
    }
  }

  /** JDK 17 and 25 write what they write today; the legacy form is what JDK 8 wrote: RC2 for certificates. */
  @ParameterizedTest(name = "keystore.pkcs12.legacy={0}")
  @ValueSource(booleans = {false, true})
  void whatJavaExports_isRead(boolean legacy) throws Exception {
    Path file = folder.resolve("key.p12");
    if (legacy) {
      System.setProperty("keystore.pkcs12.legacy", "");
    }
    try {
      Files.write(file, pkcs12(FIRST));
    } finally {
      System.clearProperty("keystore.pkcs12.legacy");
    }

    try (KeyMaterial material = read(file, "password")) {
      assertThat(material.certificate()).isEqualTo(certificate(FIRST));
      assertThat(material.chain()).containsExactly(certificate(CA));
    }
  }

  private static byte[] pkcs12(SampleIdentity identity) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("a", identity.privateKey(), "password".toCharArray(), new Certificate[] {
      identity.certificate(), CA.certificate()
    });
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.store(bytes, "password".toCharArray());
    return bytes.toByteArray();
  }

  @Test
  void whatCannotServe_saysWhy() throws Exception {
    Path file = Files.write(folder.resolve("key.p12"), pkcs12(FIRST));
    assertThatThrownBy(() -> read(file, "wrong"))
        .isInstanceOf(PrivateKeyException.PasswordWrong.class)
        .hasMessage(file + ": wrong password, or the file is damaged");
    assertThatThrownBy(() -> KeyMaterial.read(file, null, null, null))
        .isInstanceOf(PrivateKeyException.PasswordMissing.class);
    Path curve = Files.write(folder.resolve("ec.p12"), pkcs12(EC));
    assertThatThrownBy(() -> read(curve, "password"))
        .isInstanceOf(PrivateKeyException.NotRsa.class);
    try (KeyPassword password = password("password")) {
      assertThatThrownBy(() -> KeyMaterial.read(file, SECOND.certificatePath(), null, password))
          .isInstanceOf(PrivateKeyException.NotForCertificate.class)
          .hasMessageContaining("not the private key of");
    }
    assertThatThrownBy(
            () -> KeyMaterial.read(FIRST.keyPath(), SECOND.certificatePath(), null, null))
        .isInstanceOf(PrivateKeyException.NotForCertificate.class);
    assertThatThrownBy(() -> KeyMaterial.read(FIRST.keyPath(), null, null, null))
        .isInstanceOf(CertificateUnreadableException.class);
    assertThatThrownBy(() -> KeyMaterial.read(
            FIRST.keyPath(), FIRST.certificatePath(), SECOND.certificatePath(), null))
        .isInstanceOf(PrivateKeyException.NotForCertificate.class)
        .hasMessageContaining("has not issued");
    Path certificate = Samples.path("certificates/first.der");
    assertThatThrownBy(() -> KeyMaterial.read(certificate, null, null, null))
        .isInstanceOf(PrivateKeyException.Unreadable.class)
        .hasMessageContaining("PKCS#12");
  }

  @Test
  void ofACertificateFile_theOneThatIsTheKeys_isTaken() throws Exception {
    try (KeyMaterial material = KeyMaterial.read(
        SECOND.keyPath(), Samples.path("certificates/first_and_second.pem"), null, null)) {
      assertThat(material.certificate()).isEqualTo(certificate(SECOND));
    }
  }

  @Test
  void absurdCosts_areRefusedBeforeAnythingIsDerived() throws Exception {
    byte[] sound = pkcs12(FIRST);
    // PFX / macData / iterations
    Path file = Files.write(folder.resolve("costly.p12"), withMacIterations(sound, 2_000_001));
    long before = System.nanoTime();

    assertThatThrownBy(() -> read(file, "password"))
        .isInstanceOf(PrivateKeyException.TooCostly.class)
        .hasMessageContaining("more than 2000000 iterations");

    assertThat(System.nanoTime() - before).as("nanoseconds").isLessThan(100_000_000L);
  }

  private static byte[] withMacIterations(byte[] pfx, int iterations) throws Exception {
    ASN1Sequence sequence = ASN1Sequence.getInstance(pfx);
    ASN1Sequence mac = ASN1Sequence.getInstance(sequence.getObjectAt(2));
    ASN1EncodableVector changed = new ASN1EncodableVector();
    changed.add(mac.getObjectAt(0));
    changed.add(mac.getObjectAt(1));
    changed.add(new ASN1Integer(iterations));
    ASN1EncodableVector all = new ASN1EncodableVector();
    all.add(sequence.getObjectAt(0));
    all.add(sequence.getObjectAt(1));
    all.add(new DERSequence(changed));
    return new DERSequence(all).getEncoded();
  }

  @Test
  void damage_isAlwaysAPrivateKeyException() throws Exception {
    byte[] sound = pkcs12(FIRST);
    Random random = new Random(4711);
    for (int i = 0; i < 150; i++) {
      byte[] damaged =
          i % 3 == 0 ? Arrays.copyOf(sound, 1 + random.nextInt(sound.length - 1)) : sound.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Path file = Files.write(folder.resolve("damaged.p12"), damaged);
      try (KeyMaterial material = read(file, "password")) {
        assertThat(material.certificate()).isEqualTo(certificate(FIRST));
      } catch (PrivateKeyException | CertificateUnreadableException e) {
        assertThat(e).hasMessageStartingWith(file.toString());
      }
    }
  }
}
