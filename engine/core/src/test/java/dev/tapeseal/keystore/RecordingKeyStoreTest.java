package dev.tapeseal.keystore;

import static dev.tapeseal.keystore.KeyStores.PASSWORD;
import static dev.tapeseal.keystore.KeyStores.add;
import static dev.tapeseal.keystore.KeyStores.certificate;
import static dev.tapeseal.keystore.KeyStores.open;
import static dev.tapeseal.samples.SampleCertificates.EXPIRED;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.FIRST_RENEWED;
import static dev.tapeseal.samples.SampleCertificates.RSA_3072;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.TestCertificate;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key store keeps, finds, refuses, and leaves readable for others: one list, which makes it long. */
class RecordingKeyStoreTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  @TempDir
  private Path folder;

  private Path file() {
    return folder.resolve("keystore.p12");
  }

  @Test
  void whatIsKnownOfAKey_isThereAfterReopening() throws Exception {
    Tenant tenant = new Tenant("00000000000000000000000000000001", "[Größe], AB:CD");
    try (RecordingKeyStore store = open(file())) {
      assertThat(file()).doesNotExist();
      KeyLimits limits = KeyLimits.NONE.withOnlyOaep().withTenant(tenant);
      add(store, "Calls-2026", FIRST, limits);
      add(store, "old", EXPIRED);
      add(store, "second", SECOND);
      store.retire("SECOND");
    }

    try (RecordingKeyStore store = open(file())) {
      assertThat(store.entries())
          .extracting(KeyEntry::alias)
          .containsExactly("calls-2026", "old", "second");
      KeyEntry first = store.find("CALLS-2026").orElseThrow();
      assertThat(first.certificate()).isEqualTo(certificate(FIRST));
      assertThat(first.limits()).isEqualTo(new KeyLimits(true, tenant));
      assertThat(first.state(NOW)).isEqualTo(KeyState.ACTIVE);
      assertThat(first.imported()).isBetween(Instant.now().minusSeconds(600), Instant.now());
      assertThat(store.find("old").orElseThrow().state(NOW)).isEqualTo(KeyState.EXPIRED);
      assertThat(store.find("second").orElseThrow().state(NOW)).isEqualTo(KeyState.RETIRED);
      assertThat(store.reinstate("second").state(NOW)).isEqualTo(KeyState.ACTIVE);
      assertThat(store.find("absent")).isEmpty();
    }
  }

  @Test
  void aKey_isFoundByWhateverARecipientMayNameItBy() throws Exception {
    try (RecordingKeyStore store = open(file())) {
      add(store, "renewed", FIRST_RENEWED);
      add(store, "other", SECOND);
      RecordingCertificate first = certificate(FIRST);
      RecordingCertificate renewed = certificate(FIRST_RENEWED);

      assertThat(store.find(renewed.identifier()).orElseThrow().alias()).isEqualTo("renewed");
      assertThat(store.find(first.subjectKeyIdentifier()).orElseThrow().alias())
          .isEqualTo("renewed");
      assertThat(store.findByPublicKey(first.publicKeySha256()).orElseThrow().alias())
          .isEqualTo("renewed");
      assertThat(store.find(first.identifier())).isEmpty();
      assertThat(store.find(new MediaRecipient(
              first.issuer(), first.identifier().serialNumber(), null, first.publicKeySha256())))
          .isPresent();
      assertThat(store.find(new MediaRecipient(
              renewed.issuer(), renewed.identifier().serialNumber(), null, null)))
          .isPresent();
      assertThat(store.find(new MediaRecipient(null, null, "00", null))).isEmpty();
    }
  }

  @Test
  void whatDoesNotGoTogether_isRefused_andChangesNothing() throws Exception {
    try (RecordingKeyStore store = open(file())) {
      add(store, "first", FIRST);
      byte[] before = Files.readAllBytes(file());

      assertConflict(() -> add(store, "FIRST", SECOND), "alias 'first'");
      assertConflict(() -> add(store, "again", FIRST), "is in the key store already", "'first'");
      assertConflict(
          () -> add(store, "renewed", FIRST_RENEWED, KeyLimits.NONE.withOnlyOaep()),
          "another limit to RSAES-OAEP");
      KeyPair keyPair = TestCertificate.rsa(2048);
      X500Name issuer = X500Name.getInstance(
          certificate(FIRST).x509().getIssuerX500Principal().getEncoded());
      RecordingCertificate impostor = TestCertificate.of(keyPair)
          .issuer(issuer)
          .serialNumber(certificate(FIRST).identifier().serialNumber())
          .build();
      assertConflict(
          () -> store.importKey("x", material(keyPair, impostor), KeyLimits.NONE),
          "another key under the same issuer and serial number");
      KeyPair sharing = sharingAPrime((RSAPrivateCrtKey) FIRST.privateKey());
      RecordingCertificate broken = TestCertificate.of(sharing).build();
      assertConflict(
          () -> store.importKey("x", material(sharing, broken), KeyLimits.NONE), "shares a prime");
      assertThatThrownBy(() -> store.retire("absent"))
          .isInstanceOf(RecordingKeyStoreException.AliasUnknown.class)
          .hasMessageContaining("no key of alias 'absent'");
      for (String alias : List.of("", ".hidden", "a b", "ü", "../x", "x".repeat(65))) {
        assertThatThrownBy(() -> add(store, alias, SECOND))
            .as(alias)
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(Files.readAllBytes(file())).isEqualTo(before);
      assertThat(store.entries()).hasSize(1);
    }
  }

  @Test
  void anotherKey_underTheIssuerAndSerialOfADeletedCertificate_isRefused() throws Exception {
    try (RecordingKeyStore store = open(file());
        RecordingStore recordings = RecordingStore.open(folder.resolve("recordings"))) {
      add(store, "first", FIRST);
      add(store, "renewed", FIRST_RENEWED);
      store.delete(DeletionImpact.of(store, "first", recordings), UnreadableRecordings.REFUSE);
      KeyPair keyPair = TestCertificate.rsa(2048);
      RecordingCertificate impostor = TestCertificate.of(keyPair)
          .issuer(X500Name.getInstance(
              certificate(FIRST).x509().getIssuerX500Principal().getEncoded()))
          .serialNumber(certificate(FIRST).identifier().serialNumber())
          .build();

      assertConflict(
          () -> store.importKey("x", material(keyPair, impostor), KeyLimits.NONE),
          "another key under the same issuer and serial number",
          "'renewed'");
    }
  }

  @Test
  void whatAnotherKeyStoreOfTheFolderIsWriting_isLeftAlone() throws Exception {
    Path others =
        Files.writeString(folder.resolve(".keystore.p12.old." + UUID.randomUUID() + ".part"), "x");
    Path ours =
        Files.writeString(folder.resolve(".keystore.p12." + UUID.randomUUID() + ".part"), "x");
    Path receipt = Files.writeString(
        folder.resolve(".keystore.p12.last-backup." + UUID.randomUUID() + ".part"), "x");
    try (RecordingKeyStore store = open(file())) {
      add(store, "first", FIRST);
    }

    assertThat(others).exists();
    assertThat(ours).doesNotExist();
    assertThat(receipt).doesNotExist();
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void assertConflict(Action action, String... parts) {
    assertThatThrownBy(action::run)
        .isInstanceOf(RecordingKeyStoreException.Conflict.class)
        .hasMessageContainingAll(parts);
  }

  private static KeyMaterial material(KeyPair keyPair, RecordingCertificate certificate)
      throws Exception {
    RecordingKey key = new RecordingKey((RSAPrivateCrtKey) keyPair.getPrivate(), "test");
    return KeyMaterial.of(key, certificate, List.of());
  }

  private static KeyPair sharingAPrime(RSAPrivateCrtKey other) throws Exception {
    BigInteger e = BigInteger.valueOf(65537);
    BigInteger p = other.getPrimeP();
    while (true) {
      BigInteger q = BigInteger.probablePrime(1024, new SecureRandom());
      BigInteger phi = p.subtract(BigInteger.ONE).multiply(q.subtract(BigInteger.ONE));
      if (!phi.gcd(e).equals(BigInteger.ONE)) {
        continue;
      }
      BigInteger d = e.modInverse(phi);
      KeyFactory rsa = KeyFactory.getInstance("RSA");
      return new KeyPair(
          rsa.generatePublic(new RSAPublicKeySpec(p.multiply(q), e)),
          rsa.generatePrivate(new RSAPrivateCrtKeySpec(
              p.multiply(q),
              e,
              d,
              p,
              q,
              d.mod(p.subtract(BigInteger.ONE)),
              d.mod(q.subtract(BigInteger.ONE)),
              q.modInverse(p))));
    }
  }

  @Test
  void theFile_isItsOwnersAlone_andItsLastVersionsStay() throws Exception {
    List<SampleIdentity> identities = Stream.concat(
            Stream.of(FIRST, SECOND), SampleCertificates.PARTIES.stream().limit(6))
        .toList();
    try (RecordingKeyStore store = open(file())) {
      for (SampleIdentity identity : identities) {
        add(store, identity.name(), identity);
      }

      assertThat(store.keptVersions())
          .extracting(path -> path.getFileName().toString())
          .containsExactly(
              "keystore.p12.v7",
              "keystore.p12.v6",
              "keystore.p12.v5",
              "keystore.p12.v4",
              "keystore.p12.v3");
      try (RecordingKeyStore before = open(store.keptVersions().get(0))) {
        assertThat(before.entries()).hasSize(identities.size() - 1);
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path path : files.filter(path -> !path.toString().endsWith(".lock")).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void keytoolAndOpenssl_readIt() throws Exception {
    try (RecordingKeyStore store = open(file());
        KeyMaterial chained = KeyMaterial.read(
            SampleCertificates.CHAINED.keyPath(),
            SampleCertificates.CHAINED.certificatePath(),
            Samples.path(SampleCertificates.CA_BUNDLE),
            null)) {
      store.importKey("chained", chained, KeyLimits.NONE.withOnlyOaep());
      add(store, "first", FIRST, KeyLimits.NONE.withTenant(Tenant.DEFAULT));
      store.retire("first");
    }
    String listed = keytool("-list", "-v", "-keystore", file(), "-storepass:file", passwordFile());
    assertThat(listed)
        .contains("Alias name: first", "Alias name: chained", "Certificate chain length: 4");
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    String pem = new String(
        OpenSsl.run(
            "pkcs12", "-in", file().toString(), "-nodes", "-passin", "file:" + passwordFile()),
        StandardCharsets.UTF_8);
    assertThat(pem.split("BEGIN PRIVATE KEY", -1)).hasSize(3);
    assertThat(pem).contains("friendlyName: first", "friendlyName: chained");
  }

  private Path passwordFile() throws Exception {
    return Files.writeString(folder.resolve("password.txt"), PASSWORD + "\n");
  }

  private static String keytool(Object... arguments) throws Exception {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    assumeTrue(Files.isExecutable(keytool), "this Java has no keytool");
    List<String> command = Stream.concat(Stream.of(keytool), Stream.of(arguments))
        .map(Object::toString)
        .toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @ParameterizedTest
  @ValueSource(strings = {"PKCS12", "JKS", "JCEKS"})
  void anotherProgramsKeyStore_isRead_andPkcs12AfterTheFirstChange(String type) throws Exception {
    KeyStore foreign = KeyStore.getInstance(type);
    foreign.load(null, null);
    char[] password = PASSWORD.toCharArray();
    foreign.setKeyEntry(
        "theirs", FIRST.privateKey(), password, new Certificate[] {FIRST.certificate()});
    foreign.setKeyEntry("curve", SampleCertificates.EC.privateKey(), password, new Certificate[] {
      SampleCertificates.EC.certificate()
    });
    foreign.setCertificateEntry("root", SampleCertificates.CA.certificate());
    try (OutputStream out = Files.newOutputStream(file())) {
      foreign.store(out, password);
    }

    try (RecordingKeyStore store = open(file())) {
      assertThat(store.entries()).extracting(KeyEntry::alias).containsExactly("theirs");
      assertThat(store.unusableAliases()).containsExactly("curve", "root");
      add(store, "ours", SECOND);
      store.retire("theirs");
    }
    assertThat(Files.readAllBytes(file())[0]).isEqualTo((byte) 0x30);
    try (RecordingKeyStore store = open(file())) {
      assertThat(store.entries()).extracting(KeyEntry::alias).containsExactly("ours", "theirs");
      assertThat(store.unusableAliases()).containsExactly("curve", "root");
    }
  }

  @Test
  void keyThatIsNotItsCertificates_opensNothing_andIsNamed() throws Exception {
    KeyStore foreign = KeyStore.getInstance("PKCS12");
    foreign.load(null, null);
    char[] password = PASSWORD.toCharArray();
    foreign.setKeyEntry(
        "sound", FIRST.privateKey(), password, new Certificate[] {FIRST.certificate()});
    foreign.setKeyEntry(
        "swapped", FIRST.privateKey(), password, new Certificate[] {SECOND.certificate()});
    try (OutputStream out = Files.newOutputStream(file())) {
      foreign.store(out, password);
    }

    try (RecordingKeyStore store = open(file())) {
      RecordingCertificate second = KeyStores.certificate(SECOND);
      assertThat(store.entries()).extracting(KeyEntry::alias).containsExactly("sound");
      assertThat(store.mismatchedEntries()).extracting(KeyEntry::alias).containsExactly("swapped");
      assertThat(store.find(second.identifier())).isEmpty();
      assertThat(store.findByPublicKey(second.publicKeySha256())).isEmpty();

      add(store, "second", SECOND); // what was swapped does not stand in the way

      assertThat(store.find(second.identifier())).map(KeyEntry::alias).contains("second");
      assertThat(store.mismatchedEntries()).hasSize(1);
      try (KeyPassword backupPassword = KeyStores.password();
          KeyStoreBackup backup = KeyStoreBackup.parse(
              KeyStoreBackup.of(store, backupPassword), "backup", backupPassword);
          RecordingStore recordings = RecordingStore.open(folder.resolve("recordings"))) {
        assertThat(BackupVerification.of(backup, recordings).keys())
            .filteredOn(key -> key.failure() != null)
            .extracting(key -> key.entry().alias())
            .containsExactly("swapped");
      }
    }
  }

  @Test
  void whatCannotBeOpened_saysWhy() throws Exception {
    try (RecordingKeyStore store = open(file())) {
      add(store, "first", FIRST);
    }
    assertRefused(
        file(), "wrong one", RecordingKeyStoreException.PasswordWrong.class, "wrong password");
    Path text = Files.writeString(folder.resolve("text"), "no key store at all");
    assertRefused(text, PASSWORD, RecordingKeyStoreException.Unreadable.class, "not a key store");
    Path empty = Files.createFile(folder.resolve("empty"));
    assertRefused(empty, PASSWORD, RecordingKeyStoreException.Unreadable.class, "not a key store");
    Path absent = folder.resolve("absent.p12");
    assertRefused(
        absent, "short", RecordingKeyStoreException.PasswordUnsuitable.class, "at least 6");
    assertRefused(absent, "pässword", RecordingKeyStoreException.PasswordUnsuitable.class, "ASCII");
    try (KeyPassword password = KeyStores.password()) {
      assertThatThrownBy(() -> RecordingKeyStore.open(absent, password))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> RecordingKeyStore.openOrBegin(folder.resolve("no/file"), password))
          .isInstanceOf(NoSuchFileException.class);
    }
    assertThat(absent).doesNotExist();
  }

  private static void assertRefused(Path file, String password, Class<?> kind, String part) {
    try (KeyPassword given = KeyPassword.of(password.toCharArray())) {
      assertThatThrownBy(() -> RecordingKeyStore.openOrBegin(file, given))
          .isInstanceOf(kind)
          .hasMessageContainingAll(file.toString(), part);
    }
  }

  @Test
  void damagedFiles_areRefused_neverAnythingElse() throws Exception {
    try (RecordingKeyStore store = open(file())) {
      add(store, "first", FIRST);
    }
    byte[] sound = Files.readAllBytes(file());
    int refused = 0;
    for (int i = 0; i < sound.length; i += 151) {
      for (byte[] damaged : List.of(flipped(sound, i), Arrays.copyOf(sound, i))) {
        Files.write(file(), damaged);
        try (RecordingKeyStore store = open(file())) {
          assertThat(store.entries()).hasSizeLessThanOrEqualTo(1);
        } catch (RecordingKeyStoreException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(sound.length / 151);
  }

  private static byte[] flipped(byte[] bytes, int index) {
    byte[] damaged = bytes.clone();
    damaged[index] ^= 0x10;
    return damaged;
  }

  @Test
  void aChangeOfAnotherProcess_isSeenWithTheNextLook_andABrokenOneIsNot() throws Exception {
    try (RecordingKeyStore here = open(file());
        RecordingKeyStore there = open(file())) {
      add(there, "first", FIRST);
      assertThat(here.entries()).hasSize(1);
      add(here, "second", SECOND);
      add(there, "third", RSA_3072);
      assertThat(here.entries()).hasSize(3).isEqualTo(there.entries());

      Files.writeString(file(), "broken");
      assertThat(here.entries()).hasSize(3);
      assertThatThrownBy(here::refresh).isInstanceOf(RecordingKeyStoreException.Unreadable.class);
      Files.delete(file());
      assertThat(here.entries()).hasSize(3);
      assertThatThrownBy(here::refresh).isInstanceOf(NoSuchFileException.class);
      Files.copy(here.keptVersions().get(0), file());
      here.refresh();
      assertThat(here.entries()).hasSize(2);
    }
  }

  @Test
  void aClosedStore_isOfNoUse() throws Exception {
    RecordingKeyStore store = open(file());
    add(store, "first", FIRST);
    store.close();
    store.close();

    assertThatThrownBy(store::entries).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> add(store, "second", SECOND))
        .isInstanceOf(IllegalStateException.class);
    try (RecordingKeyStore reopened = open(file())) {
      assertThat(reopened.entries()).hasSize(1);
    }
  }
}
