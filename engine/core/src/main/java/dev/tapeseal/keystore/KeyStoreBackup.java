package dev.tapeseal.keystore;

import dev.tapeseal.envelope.KeyUnwrapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;

/**
 * A backup of a key store: one file, of which only the password of the backup is needed to have every key again. It is a
 * ZIP with a manifest of SHA-256 that explains itself, see {@code README.txt} in it.
 *
 * <p>An opened backup holds the keys in memory until it is closed. Confined to one thread.
 */
public final class KeyStoreBackup implements AutoCloseable {
  private final String source;
  private final BackupArchive archive;
  private final char[] password;
  private final KeyRing keys;

  private KeyStoreBackup(String source, BackupArchive archive, char[] password, KeyRing keys) {
    this.source = source;
    this.archive = archive;
    this.password = password;
    this.keys = keys;
  }

  /**
   * Makes a backup of a key store as its file is now, and reads it back before it is handed out.
   *
   * @param password of the backup: at least 6 printable ASCII characters; it protects every key, so it should be long
   * @return the backup's bytes, at most 64 MiB
   * @throws RecordingKeyStoreException where the password cannot serve, or the key store cannot be read
   */
  public static byte[] of(RecordingKeyStore store, KeyPassword password)
      throws IOException, RecordingKeyStoreException {
    return of(store, password, Clock.systemUTC());
  }

  static byte[] of(RecordingKeyStore store, KeyPassword password, Clock clock)
      throws IOException, RecordingKeyStoreException {
    char[] secret = password.copyChars();
    try {
      RecordingKeyStore.requireSuitable(secret, "the backup of " + store.path());
      KeyStoreFile content = store.contentUnder(secret);
      List<String> publicKeys = content.ring(secret).publicKeySha256();
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      byte[] bytes =
          new BackupArchive(new BackupManifest(now, publicKeys), content.encoded(secret)).encoded();
      parse(bytes, "the new backup", secret.clone()).close();
      return bytes;
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  /**
   * Opens a backup: checks every digest, and decrypts every key.
   *
   * @throws IOException where the file cannot be read
   * @throws RecordingKeyStoreException.Unreadable where it is no backup, or damaged
   * @throws RecordingKeyStoreException.PasswordWrong where the password is not the backup's
   */
  public static KeyStoreBackup read(Path file, KeyPassword password)
      throws IOException, RecordingKeyStoreException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(BackupArchive.MAX_BYTES + 1);
    }
    if (bytes.length > BackupArchive.MAX_BYTES) {
      throw new FileSystemException(
          file.toString(),
          null,
          "more than " + BackupArchive.MAX_BYTES + " bytes (expected: a backup of a key store)");
    }
    return parse(bytes, file.toString(), password.copyChars());
  }

  /**
   * Opens a backup that did not come from a file; the bytes stay the caller's.
   *
   * @param source what messages call it
   * @throws RecordingKeyStoreException as {@link #read} does
   */
  public static KeyStoreBackup parse(byte[] bytes, String source, KeyPassword password)
      throws RecordingKeyStoreException {
    return parse(bytes, source, password.copyChars());
  }

  /** Takes the password over. */
  private static KeyStoreBackup parse(byte[] bytes, String source, char[] password)
      throws RecordingKeyStoreException {
    boolean opened = false;
    try {
      BackupArchive archive = BackupArchive.parse(bytes, source);
      KeyRing keys = KeyStoreFile.decode(archive.keyStore(), source, password).ring(password);
      if (!keys.publicKeySha256().equals(archive.manifest().publicKeySha256())) {
        throw new RecordingKeyStoreException.Unreadable(
            source + ": its keys are not those that keys.txt says (expected: an unchanged backup)",
            null);
      }
      opened = true;
      return new KeyStoreBackup(source, archive, password, keys);
    } catch (RecordingKeyStoreException.PasswordWrong e) {
      throw new RecordingKeyStoreException.PasswordWrong(source
          + ": wrong password for the backup; its digests are right, so it is not damaged (expected: the password that"
          + " was given when it was made, not that of the key store)");
    } finally {
      if (!opened) {
        Arrays.fill(password, '\0');
      }
    }
  }

  /** When it was made. */
  public Instant created() {
    return archive.manifest().created();
  }

  /** The key pairs in it, in the order of the aliases. */
  public List<KeyEntry> entries() {
    return keys.keys().stream().map(HeldKey::entry).toList();
  }

  /** Opens recordings with the keys of the backup, for the person who holds it. */
  public KeyUnwrapper unwrapperForOwner() {
    return new OwnerUnwrapper(() -> keys, List.of());
  }

  KeyRing keys() {
    return keys;
  }

  BackupManifest manifest() {
    return archive.manifest();
  }

  /**
   * Makes a key store of it where there is none.
   *
   * @param file does not exist; its folder does
   * @param storePassword of the new key store
   * @throws FileAlreadyExistsException where the file exists; it stays as it is
   */
  public void restore(Path file, KeyPassword storePassword)
      throws IOException, RecordingKeyStoreException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(
          file.toString(), null, "exists already (expected: a place without a key store)");
    }
    try (RecordingKeyStore store = RecordingKeyStore.openOrBegin(file, storePassword)) {
      store.fill(KeyStoreFile.decode(archive.keyStore(), source, password), password);
      store.noteBackup(archive.manifest());
    }
  }

  /** Lets go of the keys and wipes the password. May be called more than once. */
  @Override
  public void close() {
    Arrays.fill(password, '\0');
    keys.keys().forEach(key -> key.key().close());
  }

  @Override
  public String toString() {
    return "KeyStoreBackup[" + source + ", " + created() + "]";
  }
}
