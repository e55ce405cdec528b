package dev.tapeseal.keystore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.certificate.Pem;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.TimeLimit;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PBEParameter;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every shape a private key comes in, and every way it may be wrong: one list, which makes it long. */
class RecordingKeyTest {
  static final List<String> ENCRYPTED_KEYS = SampleCertificates.ENCRYPTED_KEYS;
  static final List<String> PLAIN_KEYS = SampleCertificates.PLAIN_KEYS;
  private static final SampleIdentity FIRST = SampleCertificates.FIRST;

  @TempDir
  Path folder;

  @ParameterizedTest(name = "{0}")
  @FieldSource("PLAIN_KEYS")
  void aPlainKey_isRead_whateverPasswordIsThere(String name) throws Exception {
    try (RecordingKey without = RecordingKey.read(Samples.path(name), null);
        KeyPassword password = password("not needed");
        RecordingKey with = RecordingKey.read(Samples.path(name), password)) {
      assertThat(without.privateKey()).isEqualTo(FIRST.privateKey());
      assertThat(with.privateKey()).isEqualTo(FIRST.privateKey());
    }
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("ENCRYPTED_KEYS")
  void anEncryptedKey_isReadWithItsPassword(String name) throws Exception {
    try (KeyPassword password = KeyPassword.read(SampleCertificates.passwordPath());
        RecordingKey key = RecordingKey.read(Samples.path(name), password)) {
      assertThat(key.privateKey()).isEqualTo(FIRST.privateKey());
      assertThat(key.modulusBits()).isEqualTo(2048);
      assertThat(key.source()).isEqualTo(Samples.path(name).toString());
    }
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("ENCRYPTED_KEYS")
  void anEncryptedKey_isRefusedWithoutItsPassword(String name) {
    assertThatThrownBy(() -> RecordingKey.read(Samples.path(name), null))
        .isInstanceOf(PrivateKeyException.PasswordMissing.class)
        .hasMessage(Samples.path(name) + ": the private key is encrypted (expected: its password)");
    for (String wrong : List.of("", "x", "wrong password", "a", "b", "c", "d", "e")) {
      try (KeyPassword password = password(wrong)) {
        assertThatThrownBy(() -> RecordingKey.read(Samples.path(name), password))
            .isInstanceOf(PrivateKeyException.PasswordWrong.class)
            .hasMessage(Samples.path(name) + ": wrong password, or the file is damaged");
      }
    }
  }

  /** The padding of a wrong decryption looks right about once in 256 times; still the answer is the same. */
  @Test
  void aThousandWrongPasswords_areAllWrongPasswords() throws Exception {
    byte[] pem = Samples.bytes("certificates/first_key_pkcs1_aes256.pem");
    for (int i = 0; i < 1000; i++) {
      try (KeyPassword password = password("guess " + i)) {
        assertThatThrownBy(() -> RecordingKey.parse(pem, "key.pem", password))
            .isInstanceOf(PrivateKeyException.PasswordWrong.class);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "rsa -traditional -aes128",
        "rsa -traditional -aes192",
        "rsa -traditional -aes256",
        "rsa -traditional -des3",
        "pkcs8 -topk8 -v2 aes-128-cbc",
        "pkcs8 -topk8 -v2 aes-192-cbc -v2prf hmacWithSHA224",
        "pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA384",
        "pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA512 -iter 100000",
        "pkcs8 -topk8 -v2 des3 -v2prf hmacWithSHA1",
        "pkcs8 -topk8 -v1 PBE-SHA1-3DES",
        "pkcs8 -topk8 -scrypt",
        "pkcs8 -topk8 -scrypt -scrypt_N 1024 -scrypt_r 8 -scrypt_p 16",
      })
  void whatOpensslEncrypts_isRead(String command) throws Exception {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    Path file = folder.resolve("key.pem");
    List<String> arguments = new ArrayList<>(Arrays.asList(command.split(" ", -1)));
    arguments.addAll(List.of("-passout", "pass:pässword", "-in", FIRST.keyPath().toString()));
    arguments.addAll(List.of("-out", file.toString()));
    OpenSsl.run(arguments.toArray(String[]::new));

    try (KeyPassword password = password("pässword");
        RecordingKey key = RecordingKey.read(file, password)) {
      assertThat(key.privateKey()).isEqualTo(FIRST.privateKey());
    }
  }

  /** What OpenSSL made ten years ago and today's needs its legacy provider for. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"PBEWITHMD5ANDDES, 1.2.840.113549.1.5.3", "PBEWITHSHA1ANDDES, 1.2.840.113549.1.5.10"})
  void keysOfTenYearsAgo_areRead(String algorithm, String oid) throws Exception {
    BouncyCastleProvider provider = new BouncyCastleProvider();
    byte[] salt = {1, 2, 3, 4, 5, 6, 7, 8};
    SecretKey secret = SecretKeyFactory.getInstance(algorithm, provider)
        .generateSecret(new PBEKeySpec("password".toCharArray()));
    Cipher cipher = Cipher.getInstance(algorithm, provider);
    cipher.init(Cipher.ENCRYPT_MODE, secret, new PBEParameterSpec(salt, 2048));
    byte[] encrypted = new EncryptedPrivateKeyInfo(
            new AlgorithmIdentifier(new ASN1ObjectIdentifier(oid), new PBEParameter(salt, 2048)),
            cipher.doFinal(FIRST.privateKey().getEncoded()))
        .getEncoded();

    byte[] pem = Pem.encode("ENCRYPTED PRIVATE KEY", encrypted);
    try (KeyPassword password = password("password");
        RecordingKey key = RecordingKey.parse(pem, "key.pem", password)) {
      assertThat(key.privateKey()).isEqualTo(FIRST.privateKey());
    }
  }

  @Test
  void aCertificateBesideTheKey_isPassedOver() throws Exception {
    byte[] both =
        concat(Files.readAllBytes(FIRST.certificatePath()), Files.readAllBytes(FIRST.keyPath()));

    try (RecordingKey key = RecordingKey.parse(both, "both.pem", null)) {
      assertThat(key.privateKey()).isEqualTo(FIRST.privateKey());
    }
  }

  @Test
  void whatIsNoRsaPrivateKey_isNamed() throws Exception {
    assertRefused(
        FIRST.certificatePath(),
        PrivateKeyException.Unreadable.class,
        "no private key but CERTIFICATE (expected: BEGIN PRIVATE KEY",
        "give the private key that belongs to this certificate");
    assertRefused(
        Samples.path("certificates/first_public.pem"),
        PrivateKeyException.Unreadable.class,
        "a public key opens nothing");
    assertRefused(
        SampleCertificates.EC.keyPath(),
        PrivateKeyException.NotRsa.class,
        "a private key for EC (expected: RSA)");
    assertRefused(
        Samples.path("certificates/first.der"),
        PrivateKeyException.Unreadable.class,
        "binary DER, not PEM",
        "a private key has the line -----BEGIN PRIVATE KEY-----");
    assertRefused(
        Files.createFile(folder.resolve("empty.pem")),
        PrivateKeyException.Unreadable.class,
        "empty.pem: empty");
    assertRefused(
        Files.write(
            folder.resolve("two.pem"),
            concat(
                Files.readAllBytes(FIRST.keyPath()),
                Files.readAllBytes(SampleCertificates.SECOND.keyPath()))),
        PrivateKeyException.Unreadable.class,
        "2 private keys (expected: 1 in a file)");
    assertRefused(
        Files.write(folder.resolve("ec.pem"), Pem.encode("EC PRIVATE KEY", new byte[] {0x30, 0})),
        PrivateKeyException.NotRsa.class,
        "EC PRIVATE KEY");
    assertRefused(
        Files.write(folder.resolve("ssh.pem"), Pem.encode("OPENSSH PRIVATE KEY", new byte[] {1})),
        PrivateKeyException.Unreadable.class,
        "ssh-keygen");
    assertThatThrownBy(() -> RecordingKey.read(folder.resolve("absent.pem"), null))
        .isInstanceOf(NoSuchFileException.class);
  }

  @ParameterizedTest(name = "{0} iterations")
  @CsvSource({"2000001", "2147483647", "4294967296", "1000000000000000000000"})
  void absurdPbkdf2_isRefusedBeforeAnythingIsDerived(BigInteger iterations) throws Exception {
    byte[] pem = reencoded("first_key_pkcs8_pbkdf2.pem", sequence -> {
      // EncryptedPrivateKeyInfo / algorithm / PBES2-params / keyDerivationFunc / PBKDF2-params /
      // iterationCount
      return replaced(sequence, new ASN1Integer(iterations), 0, 1, 0, 1, 1);
    });

    assertTooCostly(pem, "more than 2000000 iterations");
  }

  @Test
  void absurdPbes1_isRefusedToo() throws Exception {
    byte[] pem = reencoded(
        "first_key_pkcs8_pbes1.pem",
        sequence -> replaced(sequence, new ASN1Integer(2_000_001), 0, 1, 1));

    assertTooCostly(pem, "more than 2000000 iterations");
  }

  @ParameterizedTest(name = "N {0}, r {1}, p {2}")
  @CsvSource({
    "524288, 8, 1",
    "1073741824, 8, 1",
    "16384, 1048576, 1",
    "16384, 8, 1048576",
    "1208925819614629174706176, 1, 1",
    "2, 1048576, 1",
    "2, 1, 1048576",
  })
  void absurdScrypt_isRefusedBeforeAnythingIsDerived(BigInteger n, BigInteger r, BigInteger p)
      throws Exception {
    byte[] pem = reencoded("first_key_pkcs8_scrypt.pem", sequence -> {
      DERSequence withN = replaced(sequence, new ASN1Integer(n), 0, 1, 0, 1, 1);
      DERSequence withR = replaced(withN, new ASN1Integer(r), 0, 1, 0, 1, 2);
      return replaced(withR, new ASN1Integer(p), 0, 1, 0, 1, 3);
    });

    assertTooCostly(pem, "scrypt N*r*p is over 2097152");
  }

  @Test
  void senselessCosts_areUnreadable() throws Exception {
    for (long iterations : new long[] {0, -1, Long.MIN_VALUE}) {
      byte[] pem = reencoded(
          "first_key_pkcs8_pbkdf2.pem",
          sequence -> replaced(sequence, new ASN1Integer(iterations), 0, 1, 0, 1, 1));
      try (KeyPassword password = password("x")) {
        assertThatThrownBy(() -> RecordingKey.parse(pem, "key.pem", password))
            .isInstanceOf(PrivateKeyException.Unreadable.class);
      }
    }
    for (long n : new long[] {0, -1, 3, 16383}) {
      byte[] pem = reencoded(
          "first_key_pkcs8_scrypt.pem",
          sequence -> replaced(sequence, new ASN1Integer(n), 0, 1, 0, 1, 1));
      try (KeyPassword password = password("x")) {
        assertThatThrownBy(() -> RecordingKey.parse(pem, "key.pem", password))
            .isInstanceOf(PrivateKeyException.Unreadable.class);
      }
    }
  }

  @Test
  void aMultiPrimeKey_isRefused() throws Exception {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    OpenSsl.run("genrsa", "-primes", "3", "-out", folder.resolve("multi.pem").toString(), "2048");

    assertRefused(
        folder.resolve("multi.pem"),
        PrivateKeyException.MultiPrime.class,
        "an RSA key of more than two primes (expected: two)");
  }

  @Test
  void everyNumberOfTheKey_mustFitTheOthers() throws Exception {
    ASN1Sequence numbers =
        ASN1Sequence.getInstance(PrivateKeyInfo.getInstance(FIRST.privateKey().getEncoded())
            .getPrivateKey()
            .getOctets());
    for (int i = 1; i < numbers.size(); i++) {
      BigInteger number = ((ASN1Integer) numbers.getObjectAt(i)).getValue();
      for (BigInteger other :
          List.of(number.flipBit(1), BigInteger.ONE, BigInteger.ZERO, number.negate())) {
        byte[] pem = Pem.encode(
            "RSA PRIVATE KEY", replaced(numbers, new ASN1Integer(other), i).getEncoded());
        assertThatThrownBy(() -> RecordingKey.parse(pem, "key.pem", null))
            .as("number %d", i)
            .isInstanceOf(PrivateKeyException.Unreadable.class)
            .hasMessageStartingWith("key.pem: ");
      }
    }
  }

  @Test
  void everyTruncation_isUnreadable() throws Exception {
    byte[] der = FIRST.privateKey().getEncoded();
    for (int length = 0; length < der.length; length++) {
      byte[] pem = Pem.encode("PRIVATE KEY", Arrays.copyOf(der, length));
      assertThatThrownBy(() -> RecordingKey.parse(pem, "key.pem", null))
          .as("cut to %d bytes", length)
          .isInstanceOf(PrivateKeyException.Unreadable.class);
    }
  }

  @Test
  void damagedHeaders_areNamed() throws Exception {
    String pem = new String(Samples.bytes("certificates/first_key_pkcs1_aes256.pem"), US_ASCII);
    try (KeyPassword password = password("x")) {
      for (String[] change : new String[][] {
        {"4,ENCRYPTED", "4,ENCARPTED", "Proc-Type"},
        {"Proc-Type: 4,ENCRYPTED\n", "", "Proc-Type"},
        {"AES-256-CBC,", "AES-256-XYZ,", "unknown cipher"},
        {"AES-256-CBC,", "AES-256-CBC,0", "IV of DEK-Info"},
        {"AES-256-CBC,", "AES-256-CBC ", "DEK-Info is missing or damaged"},
        {"DEK-Info", "DEK-Inf", "DEK-Info is missing or damaged"},
      }) {
        byte[] changed = pem.replace(change[0], change[1]).getBytes(US_ASCII);
        assertThatThrownBy(() -> RecordingKey.parse(changed, "key.pem", password))
            .as(change[1])
            .isInstanceOf(PrivateKeyException.Unreadable.class)
            .hasMessageContaining(change[2]);
      }
    }
  }

  @Test
  void itsCertificate_isProved_andNoOtherIs() throws Exception {
    try (RecordingKey key = RecordingKey.read(FIRST.keyPath(), null)) {
      RecordingCertificate first = RecordingCertificate.read(FIRST.certificatePath());
      RecordingCertificate second =
          RecordingCertificate.read(SampleCertificates.SECOND.certificatePath());

      assertThat(key.matches(first)).isTrue();
      assertThat(
              key.matches(RecordingCertificate.of(SampleCertificates.FIRST_RENEWED.certificate())))
          .isTrue();
      assertThat(key.matches(second)).isFalse();
      assertThat(key.matches(RecordingCertificate.of(SampleCertificates.EC.certificate())))
          .isFalse();
      assertThat(key.subjectKeyIdentifier()).isEqualTo(first.subjectKeyIdentifier());
      key.requireMatch(first);
      assertThatThrownBy(() -> key.requireMatch(second))
          .isInstanceOf(PrivateKeyException.NotForCertificate.class)
          .hasMessageContainingAll(FIRST.keyPath().toString(), "not the private key of " + second);
    }
  }

  @Test
  void aClosedKey_isOfNoUse() throws Exception {
    RecordingKey key = RecordingKey.read(FIRST.keyPath(), null);
    key.close();

    assertThatThrownBy(key::privateKey).isInstanceOf(IllegalStateException.class);
    assertThat(key.toString()).isEqualTo("RecordingKey[" + FIRST.keyPath() + ", RSA 2048]");
  }

  /** Nothing of key or password in what could reach a log. */
  @Test
  void noText_holdsKeyOrPassword() throws Exception {
    StringBuilder texts = new StringBuilder();
    String canary = "canary-password-4711";
    for (String name :
        Stream.concat(ENCRYPTED_KEYS.stream(), PLAIN_KEYS.stream()).toList()) {
      byte[] pem = Samples.bytes(name);
      for (int cut = 1; cut < 40; cut++) {
        byte[] damaged = pem.clone();
        damaged[pem.length * cut / 40] ^= 1;
        try (KeyPassword password = password(canary);
            RecordingKey key = RecordingKey.parse(damaged, "key.pem", password)) {
          texts.append(key).append(password);
        } catch (PrivateKeyException e) {
          for (Throwable t = e; t != null; t = t.getCause()) {
            texts.append(t).append('\n');
          }
        }
      }
    }
    try (RecordingKey key = RecordingKey.read(FIRST.keyPath(), null)) {
      assertThat(texts).contains("key.pem").doesNotContain(canary);
      for (BigInteger secret : List.of(
          key.privateKey().getPrimeP(),
          key.privateKey().getPrimeQ(),
          key.privateKey().getPrivateExponent())) {
        assertThat(texts.toString())
            .doesNotContain(secret.toString())
            .doesNotContain(secret.toString(16));
      }
      new String(Samples.bytes(PLAIN_KEYS.get(0)), US_ASCII)
          .lines()
          .filter(line -> line.length() == 64)
          .forEach(line -> assertThat(texts.toString()).doesNotContain(line.substring(0, 24)));
    }
  }

  private void assertRefused(
      Path file, Class<? extends PrivateKeyException> kind, String... parts) {
    assertThatThrownBy(() -> RecordingKey.read(file, null))
        .isInstanceOf(kind)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContainingAll(parts);
  }

  private static void assertTooCostly(byte[] pem, String message) {
    TimeLimit.assertAtOnce(message, () -> {
      try (KeyPassword password = password("x")) {
        assertThatThrownBy(() -> RecordingKey.parse(pem, "key.pem", password))
            .isInstanceOf(PrivateKeyException.TooCostly.class)
            .hasMessageContaining(message);
      }
    });
  }

  private interface Change {
    DERSequence of(ASN1Sequence sequence);
  }

  private static byte[] reencoded(String sample, Change change) throws Exception {
    try (Pem pem = Pem.parse(Samples.bytes("certificates/" + sample), sample)) {
      var block = pem.blocks().get(0);
      return Pem.encode(
          block.label(), change.of(ASN1Sequence.getInstance(block.der())).getEncoded());
    }
  }

  /** The sequence with one element, found by its path, replaced. */
  private static DERSequence replaced(ASN1Sequence sequence, ASN1Integer number, int... path) {
    ASN1EncodableVector elements = new ASN1EncodableVector();
    for (int i = 0; i < sequence.size(); i++) {
      if (i != path[0]) {
        elements.add(sequence.getObjectAt(i));
      } else if (path.length == 1) {
        assertThat(sequence.getObjectAt(i)).isInstanceOf(ASN1Integer.class);
        elements.add(number);
      } else {
        ASN1Sequence inner = ASN1Sequence.getInstance(sequence.getObjectAt(i));
        elements.add(replaced(inner, number, Arrays.copyOfRange(path, 1, path.length)));
      }
    }
    return new DERSequence(elements);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static KeyPassword password(String text) {
    return KeyPassword.of(text.toCharArray());
  }
}
