package dev.tapeseal.keystore;

import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.TimeLimit;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.spec.KeySpec;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.AuthenticatedSafe;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PBMAC1Params;
import org.bouncycastle.asn1.pkcs.PKCS12PBEParams;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.SafeBag;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PKCS#12 files whose author chose what opening them costs, or how their MAC is made. */
class Pkcs12CostTest {
  private static final String PASSWORD = "store password 1";
  private static final byte[] SALT = {1, 2, 3, 4, 5, 6, 7, 8};

  @TempDir
  private Path folder;

  @Test
  void aKeyStoreWhoseMacCostsTooMuch_isRefusedAtOnce() throws Exception {
    Pfx pfx = new Pfx(
        data(new AuthenticatedSafe(new ContentInfo[0])),
        new MacData(
            new DigestInfo(
                new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE),
                new byte[32]),
            SALT,
            2_000_001));

    assertTooCostly(pfx, "more than 2000000 iterations");
  }

  @ParameterizedTest(name = "{0} keys of {1} iterations")
  @CsvSource({"1, 2000001, more than 2000000 iterations", "60, 2000000, more than 100000000"})
  void keysThatCostTooMuch_alone_orTogether_areRefusedAtOnce(
      int keys, int iterations, String message) throws Exception {
    ASN1Encodable[] bags = new ASN1Encodable[keys];
    Arrays.fill(
        bags,
        new SafeBag(
            PKCSObjectIdentifiers.pkcs8ShroudedKeyBag,
            new EncryptedPrivateKeyInfo(
                    new AlgorithmIdentifier(
                        PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC,
                        new PKCS12PBEParams(SALT, iterations)),
                    new byte[64])
                .toASN1Primitive()));
    Pfx pfx =
        new Pfx(data(new AuthenticatedSafe(new ContentInfo[] {data(new DERSequence(bags))})), null);

    assertTooCostly(pfx, message);
  }

  private void assertTooCostly(Pfx pfx, String message) throws Exception {
    Path file = Files.write(folder.resolve("keystore.p12"), pfx.getEncoded("DER"));

    TimeLimit.assertAtOnce(
        message,
        () -> { // Java would take minutes
          assertThatThrownBy(() -> KeyStores.open(file))
              .isInstanceOf(RecordingKeyStoreException.Unreadable.class)
              .hasMessageStartingWith(file + ": ")
              .hasMessageContaining(message);
        });
  }

  private static ContentInfo data(ASN1Encodable content) throws Exception {
    return new ContentInfo(
        PKCSObjectIdentifiers.data,
        new DEROctetString(content.toASN1Primitive().getEncoded("DER")));
  }

  /** What {@code openssl pkcs12 -export} writes, its MAC made anew as PBMAC1 by Java's own algorithms. */
  @Test
  void pbmac1_isVerified_underThePasswordAlone_andAtABoundedCost() throws Exception {
    Assumptions.assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    Path exported = folder.resolve("exported.p12");
    OpenSsl.run(
        "pkcs12",
        "-export",
        "-inkey",
        FIRST.keyPath().toString(),
        "-in",
        FIRST.certificatePath().toString(),
        "-passout",
        "pass:" + PASSWORD,
        "-out",
        exported.toString());
    Path file = Files.write(
        folder.resolve("pbmac1.p12"), withPbmac1(Files.readAllBytes(exported), 2048, 32));
    Path costly = Files.write(
        folder.resolve("costly.p12"), withPbmac1(Files.readAllBytes(exported), 2_000_001, 32));
    Path shortKey =
        Files.write(folder.resolve("short.p12"), withPbmac1(Files.readAllBytes(exported), 2048, 8));

    try (KeyPassword password = KeyPassword.of(PASSWORD.toCharArray());
        KeyPassword wrong = KeyPassword.of("wrong".toCharArray())) {
      try (KeyMaterial material = KeyMaterial.read(file, null, null, password)) {
        assertThat(material.certificate().x509()).isEqualTo(FIRST.certificate());
      }
      assertThatThrownBy(() -> KeyMaterial.read(file, null, null, wrong))
          .isInstanceOf(PrivateKeyException.PasswordWrong.class);
      TimeLimit.assertAtOnce(
          costly,
          () -> assertThatThrownBy(() -> KeyMaterial.read(costly, null, null, password))
              .isInstanceOf(PrivateKeyException.TooCostly.class));
      assertThatThrownBy(() -> KeyMaterial.read(shortKey, null, null, password))
          .isInstanceOf(PrivateKeyException.Unreadable.class)
          .hasMessageContaining("8 bytes (expected: 20 to 64)");
    }
  }

  @Test
  void pbmac1_ofOpenssl35_isVerified() throws Exception {
    Path file = Samples.path("certificates/first_pbmac1.p12");

    try (KeyPassword password = KeyPassword.read(SampleCertificates.passwordPath());
        KeyPassword wrong = KeyPassword.of("wrong".toCharArray());
        KeyMaterial material = KeyMaterial.read(file, null, null, password)) {
      assertThat(material.certificate().x509()).isEqualTo(FIRST.certificate());
      assertThat(material.chain()).hasSize(1);
      assertThat(CaCertificateStore.read(file, password).certificates()).hasSize(2);
      assertThatThrownBy(() -> KeyMaterial.read(file, null, null, wrong))
          .isInstanceOf(PrivateKeyException.PasswordWrong.class);
    }
  }

  @Test
  void keyStoreWithPbmac1_isOpened_orSaidToBeWhatThisJavaDoesNotTake() throws Exception {
    Path file =
        Files.write(folder.resolve("keystore.p12"), Samples.bytes("certificates/first_pbmac1.p12"));

    try (KeyPassword password = KeyPassword.read(SampleCertificates.passwordPath());
        RecordingKeyStore keys = RecordingKeyStore.open(file, password)) {
      assertThat(keys.entries()).hasSize(1); // by a Java that has RFC 9579
    } catch (RecordingKeyStoreException.Unreadable e) {
      assertThat(e).hasMessageContainingAll("PBMAC1", "keystore import", "openssl pkcs12 -export");
    }
  }

  private static byte[] withPbmac1(byte[] pkcs12, int iterations, int keyBytes) throws Exception {
    ContentInfo authSafe = Pfx.getInstance(pkcs12).getAuthSafe();
    byte[] content = ASN1OctetString.getInstance(authSafe.getContent()).getOctets();
    int derivedWith = Math.min(iterations, 2048); // who refuses the cost never looks at the MAC
    KeySpec spec = new PBEKeySpec(PASSWORD.toCharArray(), SALT, derivedWith, keyBytes * Byte.SIZE);
    byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
        .generateSecret(spec)
        .getEncoded();
    Mac mac = Mac.getInstance("HmacSHA512");
    mac.init(new SecretKeySpec(key, "HmacSHA512"));
    AlgorithmIdentifier prf =
        new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE);
    AlgorithmIdentifier algorithm = new AlgorithmIdentifier(
        PKCSObjectIdentifiers.id_PBMAC1,
        new PBMAC1Params(
            new AlgorithmIdentifier(
                PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(SALT, iterations, keyBytes, prf)),
            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA512, DERNull.INSTANCE)));
    return new Pfx(
            authSafe,
            new MacData(
                new DigestInfo(algorithm, mac.doFinal(content)), SALT, BigInteger.ONE.intValue()))
        .getEncoded("DER");
  }
}
