package dev.tapeseal.keystore;

import static dev.tapeseal.keystore.KeyStores.add;
import static dev.tapeseal.keystore.KeyStores.certificate;
import static dev.tapeseal.samples.SampleCertificates.EC;
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
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class KeyStoreBackupTest {
  private static final String BACKUP_PASSWORD = "backup password, a long one";

  @TempDir(factory = InMemory.class)
  private Path folder;

  /** A folder in memory where the system has one: a thousand recordings are a few thousand fsyncs. */
  static final class InMemory implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
        throws IOException {
      return Files.isWritable(MEMORY)
          ? Files.createTempDirectory(MEMORY, "tapeseal-test-")
          : Files.createTempDirectory("tapeseal-test-");
    }
  }

  private static KeyPassword backupPassword() {
    return KeyPassword.of(BACKUP_PASSWORD.toCharArray());
  }

  private static byte[] backup(RecordingKeyStore keys) throws Exception {
    try (KeyPassword password = backupPassword()) {
      return KeyStoreBackup.of(keys, password);
    }
  }

  private static KeyStoreBackup open(byte[] backup) throws Exception {
    try (KeyPassword password = backupPassword()) {
      return KeyStoreBackup.parse(backup, "the backup", password);
    }
  }

  @Test
  void aThousandRecordingsOverFiveCertificates_decryptAfterTheKeyStoreWasLost() throws Exception {
    Path file = folder.resolve("keystore.p12");
    KeyPair oldKeyPair = TestCertificate.rsa(2048);
    RecordingCertificate old = TestCertificate.of(oldKeyPair)
        .valid(Instant.parse("2012-01-01T00:00:00Z"), Instant.parse("2013-01-01T00:00:00Z"))
        .build();
    List<RecordingCertificate> certificates = List.of(
        certificate(FIRST), certificate(SECOND), certificate(RSA_3072), certificate(EXPIRED), old);
    byte[] backup;
    try (RecordingKeyStore keys = KeyStores.open(file);
        KeyMaterial oldKey = KeyMaterial.of(
            new RecordingKey((RSAPrivateCrtKey) oldKeyPair.getPrivate(), "old"), old, List.of())) {
      add(keys, "first", FIRST);
      add(keys, "second", SECOND);
      add(keys, "rsa3072", RSA_3072);
      add(keys, "expired", EXPIRED);
      keys.importKey("old", oldKey, KeyLimits.NONE);
      backup = backup(keys);
    }
    try (RecordingStore store = RecordingStore.open(folder.resolve("recordings"))) {
      List<RecordingId> recordings = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        recordings.add(StoredRecordings.record(store, "r" + i, certificates.get(i % 5)));
      }
      Files.delete(file);

      try (KeyStoreBackup opened = open(backup);
          KeyPassword another = KeyPassword.of("another password".toCharArray())) {
        BackupVerification verification = BackupVerification.of(opened, store);
        assertThat(verification.passed()).isTrue();
        assertThat(verification.keys()).hasSize(5).allMatch(key -> key.recording() != null);
        assertThat(verification.orphans().orphans()).isZero();
        opened.restore(file, another);
      }

      try (KeyPassword another = KeyPassword.of("another password".toCharArray());
          RecordingKeyStore keys = RecordingKeyStore.open(file, another)) {
        assertThat(keys.entries())
            .filteredOn(key -> key.state(Instant.now()) == KeyState.EXPIRED)
            .hasSize(2);
        KeyUnwrapper unwrapper = keys.unwrapperForService((entry, outcome) -> {});
        for (RecordingId recording : recordings) {
          assertThat(StoredRecordings.decrypt(store, recording, unwrapper))
              .isEqualTo(StoredRecordings.media(recording));
        }
      }
    }
  }

  @Test
  void everythingThatIsKnownOfAKey_survives_andForeignEntriesToo() throws Exception {
    Path file = folder.resolve("keystore.p12");
    KeyStore foreign = KeyStore.getInstance("JCEKS");
    foreign.load(null, null);
    char[] password = KeyStores.PASSWORD.toCharArray();
    foreign.setKeyEntry("curve", EC.privateKey(), password, new Certificate[] {EC.certificate()});
    try (OutputStream out = Files.newOutputStream(file)) {
      foreign.store(out, password);
    }
    List<KeyEntry> entries;
    try (RecordingKeyStore keys = KeyStores.open(file)) {
      add(keys, "first", FIRST, KeyLimits.NONE.withTenant(Tenant.DEFAULT));
      add(keys, "renewed", FIRST_RENEWED);
      add(keys, "second", SECOND, KeyLimits.NONE.withOnlyOaep());
      keys.retire("second");
      try (RecordingStore store = RecordingStore.open(folder.resolve("recordings"))) {
        keys.delete(DeletionImpact.of(keys, "first", store), UnreadableRecordings.REFUSE);
      }
      entries = keys.entries();
      Path restored = folder.resolve("restored.p12");
      try (KeyStoreBackup opened = open(backup(keys));
          KeyPassword storePassword = KeyStores.password()) {
        assertThat(opened.entries()).isEqualTo(entries);
        opened.restore(restored, storePassword);
        assertThatThrownBy(() -> opened.restore(restored, storePassword))
            .isInstanceOf(FileAlreadyExistsException.class);
      }
    }
    try (RecordingKeyStore restored = KeyStores.open(folder.resolve("restored.p12"))) {
      assertThat(restored.entries()).isEqualTo(entries);
      assertThat(restored.unusableAliases()).containsExactly("curve");
      assertThat(restored.backupStatus().aliasesWithout()).isEmpty();
    }
  }

  @Test
  void status_tellsWhichKeysNoBackupHas() throws Exception {
    try (RecordingKeyStore keys = KeyStores.open(folder.resolve("keystore.p12"))) {
      add(keys, "first", FIRST);
      assertThat(keys.backupStatus()).isEqualTo(new BackupStatus(null, List.of("first")));
      try (KeyStoreBackup made = open(backup(keys))) {
        keys.noteBackup(made);
        assertThat(keys.backupStatus()).isEqualTo(new BackupStatus(made.created(), List.of()));
      }
      add(keys, "second", SECOND);
      assertThat(keys.backupStatus().aliasesWithout()).containsExactly("second");
      assertThat(keys.backupStatus().lastBackup()).isNotNull();
    }
  }

  @Test
  void verification_tellsWhatFails() throws Exception {
    try (RecordingKeyStore keys = KeyStores.open(folder.resolve("keystore.p12"));
        RecordingStore store = RecordingStore.open(folder.resolve("recordings"))) {
      add(keys, "first", FIRST);
      add(keys, "second", SECOND);
      StoredRecordings.record(store, "damaged", certificate(FIRST));
      StoredRecordings.record(store, "lost", certificate(EXPIRED));
      Path media;
      try (Stream<Path> files = Files.walk(folder.resolve("recordings"))) {
        media = files.filter(path -> path.endsWith("damaged.mp3")).findFirst().orElseThrow();
      }
      byte[] bytes = Files.readAllBytes(media);
      bytes[bytes.length - 20] ^= 1;
      Files.write(media, bytes);

      try (KeyStoreBackup opened = open(backup(keys))) {
        BackupVerification verification = BackupVerification.of(opened, store);

        assertThat(verification.passed()).isFalse();
        assertThat(verification.keys().get(0).failure()).contains("tag");
        assertThat(verification.keys().get(1).failure()).isNull();
        assertThat(verification.keys().get(1).recording()).isNull();
        assertThat(verification.orphans().orphans()).isEqualTo(1);
      }
    }
  }

  @Test
  void anyDamage_isRefused_andAWrongPasswordToo() throws Exception {
    byte[] backup;
    try (RecordingKeyStore keys = KeyStores.open(folder.resolve("keystore.p12"))) {
      add(keys, "first", FIRST);
      backup = backup(keys);
      try (KeyPassword tooShort = KeyPassword.of("short".toCharArray())) {
        assertThatThrownBy(() -> KeyStoreBackup.of(keys, tooShort))
            .isInstanceOf(RecordingKeyStoreException.PasswordUnsuitable.class);
      }
    }
    try (KeyPassword wrong = KeyPassword.of("not the backup's".toCharArray())) {
      assertThatThrownBy(() -> KeyStoreBackup.parse(backup, "the backup", wrong))
          .isInstanceOf(RecordingKeyStoreException.PasswordWrong.class);
    }
    List<KeyEntry> entries;
    try (KeyStoreBackup whole = open(backup)) {
      entries = whole.entries();
    }
    Random random = new Random(4711);
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      byte[] damaged = backup.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      refused += isRefused(damaged, entries) ? 1 : 0;
      byte[] cut = Arrays.copyOf(backup, random.nextInt(backup.length));
      refused += isRefused(cut, entries) ? 1 : 0;
    }
    assertThat(refused).as("of 400").isGreaterThan(300);
  }

  /** Damage is refused; where it is not, it is the ZIP's alone, and every key is there. */
  private static boolean isRefused(byte[] damaged, List<KeyEntry> entries) throws Exception {
    try (KeyStoreBackup opened = open(damaged)) {
      assertThat(opened.entries()).isEqualTo(entries);
      return false;
    } catch (RecordingKeyStoreException.Unreadable e) {
      return true;
    }
  }

  @Test
  void aBackupThatWasPackedAnew_orLostItsZipDirectory_opens() throws Exception {
    byte[] backup;
    try (RecordingKeyStore keys = KeyStores.open(folder.resolve("keystore.p12"))) {
      add(keys, "first", FIRST);
      backup = backup(keys);
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(backup));
        ZipOutputStream to = new ZipOutputStream(packed)) {
      for (var entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        to.putNextEntry(new ZipEntry(entry.getName()));
        to.write(from.readAllBytes());
        to.closeEntry();
      }
    }
    int directoryBytes = 100;

    for (byte[] same :
        List.of(packed.toByteArray(), Arrays.copyOf(backup, backup.length - directoryBytes))) {
      try (KeyStoreBackup opened = open(same)) {
        assertThat(opened.entries()).extracting(KeyEntry::alias).containsExactly("first");
      }
    }
  }

  @Test
  void aBackup_isOpenedWithoutUs() throws Exception {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    try (RecordingKeyStore keys = KeyStores.open(folder.resolve("original.p12"))) {
      add(keys, "first", FIRST);
      try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(backup(keys)))) {
        List<String> names = new ArrayList<>();
        for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          names.add(entry.getName());
          Files.write(folder.resolve(entry.getName()), zip.readAllBytes());
        }
        assertThat(names)
            .containsExactly("README.txt", "keys.txt", "keystore.p12", "MANIFEST.sha256");
      }
    }
    Path password = Files.writeString(folder.resolve("password"), BACKUP_PASSWORD + "\n");
    String pem = new String(
        OpenSsl.run(
            "pkcs12",
            "-in",
            folder.resolve("keystore.p12").toString(),
            "-nodes",
            "-passin",
            "file:" + password),
        StandardCharsets.UTF_8);
    assertThat(pem).contains("BEGIN PRIVATE KEY", "BEGIN CERTIFICATE");
    for (String line : Files.readAllLines(folder.resolve("MANIFEST.sha256"))) {
      String[] parts = line.split("  ", -1);
      assertThat(new String(
              OpenSsl.run("dgst", "-sha256", "-r", folder.resolve(parts[1]).toString()),
              StandardCharsets.UTF_8))
          .startsWith(parts[0]);
    }
    assertThat(folder.resolve("keys.txt")).content().contains(certificate(FIRST).publicKeySha256());
  }
}
