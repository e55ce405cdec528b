package dev.tapeseal.keystore;

import dev.tapeseal.certificate.RecipientIdentifier;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.files.FileStamp;
import dev.tapeseal.files.ProcessLock;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaRecipient;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private keys that open recordings, in one Java KeyStore file.
 *
 * <p>The file is PKCS#12 and stays what keytool, openssl and any Java program read, under one password for all its keys.
 * State, limits and time of import are attributes of the entries; who does not know them passes over them. JKS and JCEKS
 * files are read, and become PKCS#12 with the first change. Every change writes a whole new version, mode 0600, durably,
 * in the place of the old one; the last five stay beside it as {@code NAME.v1}, {@code NAME.v2}, …, so what was deleted
 * is gone for good only after as many changes more, or when those files are removed.
 *
 * <p>Safe for any thread, and for several processes that share the file: a change waits for others', and begins from
 * what they left. What another process changed is seen with the next look; a look costs a few µs, reading the file some
 * 10 ms a key. Where the file has become unreadable the keys that were read before go on serving, with a warning in the
 * log, until {@link #refresh} is asked for.
 *
 * <p>An unwrap costs one RSA decryption, 0.6 ms at 2048 bits. Closing lets go of the keys; Java's own key objects cannot
 * be wiped. It is longer than most classes because every way in which a key store changes is here, to be compared.
 */
public final class RecordingKeyStore implements AutoCloseable {
  /** The most bytes that a key store may have: some 5,000 keys. */
  public static final int MAX_BYTES = 32 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(RecordingKeyStore.class);
  private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  static final String RECEIPT = ".last-backup";
  private static final int MIN_PASSWORD_CHARACTERS = 6; // keytool takes no shorter one

  private final VersionedFile file;
  private final char[] password;
  private final Clock clock;
  private final Object reading = new Object();
  private volatile @Nullable Loaded loaded; // null once it is closed
  private @Nullable Loaded serving; // though the file's version cannot be read; guarded by reading

  /** The keys, and the version of the file that they are of; null where there was no file. */
  private record Loaded(KeyRing keys, @Nullable FileStamp stamp) {}

  /** Changes the content of the file, knowing what it holds. */
  private interface Change {
    void apply(KeyStoreFile content, KeyRing keys, char[] secret) throws RecordingKeyStoreException;
  }

  private RecordingKeyStore(VersionedFile file, char[] password, Clock clock) {
    this.file = file;
    this.password = password;
    this.clock = clock;
  }

  /**
   * Opens a key store that is there.
   *
   * @param password of the key store and of every key in it; a copy is taken
   * @throws NoSuchFileException where there is no such file
   * @throws RecordingKeyStoreException where it cannot be read with this password
   */
  public static RecordingKeyStore open(Path file, KeyPassword password)
      throws IOException, RecordingKeyStoreException {
    RecordingKeyStore store = openOrBegin(file, password);
    if (store.requireOpen().stamp() == null) {
      store.close();
      throw new NoSuchFileException(
          file.toString(),
          null,
          "does not exist (expected: a key store; 'keystore import' makes one)");
    }
    return store;
  }

  /**
   * Opens a key store, or begins one: the file appears with its first key.
   *
   * @param password printable ASCII and at least 6 characters where the key store is new, so that other programs take it
   * @throws NoSuchFileException where the file's folder does not exist
   * @throws RecordingKeyStoreException where it cannot be read with this password, or cannot be made with it
   */
  public static RecordingKeyStore openOrBegin(Path file, KeyPassword password)
      throws IOException, RecordingKeyStoreException {
    return openOrBegin(file, password, Clock.systemUTC());
  }

  static RecordingKeyStore openOrBegin(Path file, KeyPassword password, Clock clock)
      throws IOException, RecordingKeyStoreException {
    RecordingKeyStore store =
        new RecordingKeyStore(new VersionedFile(file, MAX_BYTES), password.copyChars(), clock);
    boolean opened = false;
    try {
      store.loaded = store.load();
      if (store.requireOpen().stamp() == null) {
        requireSuitable(store.password, file.toString());
      }
      opened = true;
      return store;
    } finally {
      if (!opened) {
        store.close();
      }
    }
  }

  static void requireSuitable(char[] password, String what) throws RecordingKeyStoreException {
    boolean isPrintable = true;
    for (char character : password) {
      isPrintable &= character >= ' ' && character <= '~';
    }
    if (!isPrintable || password.length < MIN_PASSWORD_CHARACTERS) {
      throw new RecordingKeyStoreException.PasswordUnsuitable(what
          + ": the new password is too short or not plain ASCII (expected: at least "
          + MIN_PASSWORD_CHARACTERS + " characters from blank to '~', as keytool takes them)");
    }
  }

  /** The file. */
  public Path path() {
    return file.path();
  }

  /** The versions before the current one that are kept, the latest first. */
  public List<Path> keptVersions() throws IOException {
    return file.versions();
  }

  // --- finding ---

  /** Every key pair, in the order of the aliases. */
  public List<KeyEntry> entries() {
    return ring().keys().stream().map(HeldKey::entry).toList();
  }

  /** Entries that are there and open no recordings: other kinds of keys, and certificates alone. */
  public List<String> unusableAliases() {
    return ring().unusableAliases();
  }

  /** Entries that open no recordings because their private key is not their certificate's, in the order of the aliases. */
  public List<KeyEntry> mismatchedEntries() {
    return ring().mismatched();
  }

  /** The key pair of this alias, whatever its case. */
  public Optional<KeyEntry> find(String alias) {
    return entries().stream()
        .filter(entry -> entry.alias().equals(alias.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /**
   * The key pair that an envelope's recipient names: by issuer and serial number of any certificate, present or former,
   * or by subject key identifier.
   */
  public Optional<KeyEntry> find(RecipientIdentifier identifier) {
    return ring().find(identifier).map(HeldKey::entry);
  }

  /** The key pair of a public key, by the SHA-256 of its SubjectPublicKeyInfo in lower-case hexadecimal. */
  public Optional<KeyEntry> findByPublicKey(String sha256) {
    return ring().findByPublicKey(sha256).map(HeldKey::entry);
  }

  /** The key pair that opens what a store's metadata describe. */
  public Optional<KeyEntry> find(MediaRecipient recipient) {
    return ring().find(recipient).map(HeldKey::entry);
  }

  // --- unwrapping ---

  /** Unwraps for the person who holds the key store: says what is wrong, so it must not serve others. */
  public KeyUnwrapper unwrapperForOwner() {
    return new OwnerUnwrapper(this::ring, List.of());
  }

  /** The keys as a rewrap of a store takes them. */
  public CatalogRewrap.Keys keysForRewrap() {
    return new CatalogRewrap.Keys() {
      @Override
      public boolean opens(MediaEncryption encryption) {
        return ring().opens(encryption);
      }

      @Override
      public KeyUnwrapper unwrapper(MediaEncryption encryption) {
        return unwrapperForOwner(encryption);
      }
    };
  }

  /** The same for a stored media file, whose metadata tell more of its recipients than its envelope does. */
  public KeyUnwrapper unwrapperForOwner(MediaEncryption stored) {
    return new OwnerUnwrapper(this::ring, stored.recipients());
  }

  /**
   * Unwraps for a service's clients: tries one recipient, and where that fails answers, in the same way whatever was
   * wrong, with a key that opens nothing; the same for the same envelope. Only
   * {@link dev.tapeseal.envelope.EnvelopeException.NoMatchingKey} is ever thrown.
   */
  public KeyUnwrapper unwrapperForService(UnwrapAudit audit) {
    return new ServiceUnwrapper(this::ring, List.of(), audit);
  }

  /** The same for a stored media file, whose metadata tell more of its recipients than its envelope does. */
  public KeyUnwrapper unwrapperForService(MediaEncryption stored, UnwrapAudit audit) {
    return new ServiceUnwrapper(this::ring, stored.recipients(), audit);
  }

  // --- changing ---

  /**
   * Adds a key pair. A certificate that was renewed on a key that is there is added under an alias of its own.
   *
   * @param alias 1 to 64 letters, digits, '.', '_' or '-'; kept in lower case, as Java does
   * @param material stays the caller's
   * @throws RecordingKeyStoreException.Conflict where the alias is taken, the certificate is there already, another key
   *     has its issuer and serial number or shares a prime with it, or the same key is there with other limits
   * @throws IOException where the file cannot be written; then it is as it was
   */
  public KeyEntry importKey(String alias, KeyMaterial material, KeyLimits limits)
      throws IOException, RecordingKeyStoreException {
    if (!ALIAS.matcher(alias).matches()) {
      throw new IllegalArgumentException("alias: '" + printable(alias)
          + "' (expected: 1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit)");
    }
    KeyEntry entry = new KeyEntry(
        alias.toLowerCase(Locale.ROOT),
        material.certificate(),
        material.chain(),
        Set.of(),
        limits,
        false,
        clock.instant());
    change((content, keys, secret) -> {
      requireNoConflict(entry, keys, content);
      content.put(entry, material.key().privateKey(), secret);
    });
    return entry;
  }

  private static void requireNoConflict(KeyEntry added, KeyRing keys, KeyStoreFile content)
      throws RecordingKeyStoreException {
    if (content.has(added.alias())) {
      throw new RecordingKeyStoreException.Conflict("alias '" + added.alias()
          + "': the key store has an entry of this name (expected: a new one)");
    }
    RecordingCertificate certificate = added.certificate();
    for (HeldKey key : keys.keys()) {
      KeyEntry there = key.entry();
      boolean sameKey = there.publicKeySha256().equals(added.publicKeySha256());
      if (there.certificate().equals(certificate)) {
        throw conflict(added, "is in the key store already", there, "a certificate that is not");
      }
      boolean sameName = there.certificate().identifier().equals(certificate.identifier())
          || there.formerIdentifiers().contains(certificate.identifier());
      if (!sameKey && sameName) {
        throw conflict(
            added,
            "has another key under the same issuer and serial number",
            there,
            "one of the two" + " is not what its issuer says");
      }
      if (sameKey && there.limits().onlyOaep() != added.limits().onlyOaep()) {
        throw conflict(
            added, "is on the same key with another limit to RSAES-OAEP", there, "the same limit");
      }
      BigInteger modulus = certificate.publicKey().getModulus();
      BigInteger other = there.certificate().publicKey().getModulus();
      if (!modulus.equals(other) && !modulus.gcd(other).equals(BigInteger.ONE)) {
        throw conflict(
            added, "shares a prime with another key, so both are broken", there, "new key pairs");
      }
    }
  }

  private static RecordingKeyStoreException conflict(
      KeyEntry added, String what, KeyEntry there, String expected) {
    return new RecordingKeyStoreException.Conflict(added.certificate() + ": " + what
        + ", see the alias '" + there.alias() + "' (expected: " + expected + ")");
  }

  /** Says that no recordings are to be made under a certificate any more; its key goes on opening those there are. */
  public KeyEntry retire(String alias) throws IOException, RecordingKeyStoreException {
    return changeRetired(alias, true);
  }

  /** Takes {@link #retire} back. */
  public KeyEntry reinstate(String alias) throws IOException, RecordingKeyStoreException {
    return changeRetired(alias, false);
  }

  private KeyEntry changeRetired(String alias, boolean retired)
      throws IOException, RecordingKeyStoreException {
    KeyRing changed = change((content, keys, secret) -> {
      HeldKey held = require(keys, alias);
      content.put(held.entry().withRetired(retired), held.key().privateKey(), secret);
    });
    return require(changed, alias).entry();
  }

  /**
   * Deletes a key pair. Nothing is ever deleted because it expired. Where the same key is there under another alias, that
   * one takes over the identifiers, so that every recording still opens.
   *
   * @param impact what it does, as somebody has seen it
   * @throws RecordingKeyStoreException.StillNeeded where recordings would become unreadable and that is not accepted
   * @throws RecordingKeyStoreException.AliasUnknown where the key is gone already, or its alias is another's now
   */
  public void delete(DeletionImpact impact, UnreadableRecordings unreadable)
      throws IOException, RecordingKeyStoreException {
    if (impact.unreadable() > 0 && unreadable == UnreadableRecordings.REFUSE) {
      throw new RecordingKeyStoreException.StillNeeded("'" + impact.entry().alias() + "': "
          + impact.unreadable() + " recordings would become unreadable, among them "
          + impact.examples() + " (expected: a key that none needs, or that this is accepted)");
    }
    change((content, keys, secret) -> {
      HeldKey deleted = require(keys, impact.entry().alias());
      if (!deleted.entry().certificate().equals(impact.entry().certificate())) {
        throw unknown(impact.entry().alias());
      }
      content.remove(deleted.entry().alias(), secret);
      Optional<HeldKey> heir = keys.heir(deleted);
      if (heir.isPresent()) {
        HeldKey inheriting = heir.get().inheriting(deleted.entry());
        content.put(inheriting.entry(), inheriting.key().privateKey(), secret);
      }
    });
  }

  HeldKey require(KeyRing keys, String alias) throws RecordingKeyStoreException {
    return keys.keys().stream()
        .filter(key -> key.entry().alias().equals(alias.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> unknown(alias));
  }

  private RecordingKeyStoreException unknown(String alias) {
    return new RecordingKeyStoreException.AliasUnknown(
        file + ": no key of alias '" + printable(alias) + "' (see 'tapeseal keystore list')");
  }

  private static String printable(String text) {
    return text.codePoints()
        .limit(80)
        .map(character -> Character.isISOControl(character) ? '?' : character)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Changes what the file holds now, while no other thread or process can, and takes the result over. */
  private KeyRing change(Change change) throws IOException, RecordingKeyStoreException {
    char[] secret = copyPassword();
    try (ProcessLock lock = file.lock()) {
      KeyStoreFile content = content(secret);
      Loaded last = requireOpen();
      KeyRing keys =
          Objects.equals(last.stamp(), file.stamp()) ? last.keys() : content.ring(secret);
      change.apply(content, keys, secret);
      return write(lock, content, secret);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  private KeyRing write(ProcessLock lock, KeyStoreFile content, char[] secret)
      throws IOException, RecordingKeyStoreException {
    byte[] bytes = content.encoded(secret);
    KeyRing keys = KeyStoreFile.decode(bytes, file.toString(), secret).ring(secret);
    file.replace(lock, bytes); // what was just read back
    take(new Loaded(keys, file.stamp()));
    return keys;
  }

  /** A copy, which the caller wipes: closing the store meanwhile must not change what is written. */
  private char[] copyPassword() {
    synchronized (reading) {
      requireOpen();
      return password.clone();
    }
  }

  private void take(Loaded fresh) {
    synchronized (reading) {
      if (loaded != null) {
        loaded = fresh;
      }
    }
  }

  // --- backup ---

  /** Whether a backup is known that has every key: one that was noted here, or that this key store was restored of. */
  public BackupStatus backupStatus() throws IOException, RecordingKeyStoreException {
    Path receipt = file.companion(RECEIPT);
    List<KeyEntry> entries = entries();
    if (!Files.exists(receipt)) {
      return new BackupStatus(null, entries.stream().map(KeyEntry::alias).toList());
    }
    BackupManifest last =
        BackupManifest.parse(new VersionedFile(receipt, MAX_BYTES).read(), receipt.toString());
    return new BackupStatus(
        last.created(),
        entries.stream()
            .filter(entry -> !last.publicKeySha256().contains(entry.publicKeySha256()))
            .map(KeyEntry::alias)
            .toList());
  }

  /**
   * Notes that a backup was put in its place, for {@link #backupStatus}: in the file {@code NAME.last-backup}.
   *
   * @param backup of this key store
   */
  public void noteBackup(KeyStoreBackup backup) throws IOException {
    noteBackup(backup.manifest());
  }

  void noteBackup(BackupManifest manifest) throws IOException {
    try (ProcessLock lock = file.lock()) {
      file.replaceCompanion(lock, RECEIPT, manifest.encoded());
    }
  }

  /** What the file holds now, under another password. */
  KeyStoreFile contentUnder(char[] newPassword) throws IOException, RecordingKeyStoreException {
    char[] secret = copyPassword();
    try {
      return content(secret).copyUnder(secret, newPassword);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  /** Takes over the entries of a backup where there is no file yet. */
  void fill(KeyStoreFile backup, char[] backupPassword)
      throws IOException, RecordingKeyStoreException {
    char[] secret = copyPassword();
    try (ProcessLock lock = file.lock()) {
      if (file.stamp() != null) {
        throw new FileAlreadyExistsException(
            file.toString(), null, "exists already (expected: a place without a key store)");
      }
      write(lock, backup.copyUnder(backupPassword, secret), secret);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  // --- reading ---

  /**
   * Reads the file anew.
   *
   * @throws IOException where the file cannot be read, or is gone
   * @throws RecordingKeyStoreException where it is not a key store any more, or under another password
   */
  public void refresh() throws IOException, RecordingKeyStoreException {
    Loaded before = requireOpen();
    synchronized (reading) {
      Loaded now = load();
      if (now.stamp() == null && before.stamp() != null) {
        throw gone();
      }
      loaded = now;
      serving = null;
    }
  }

  private Loaded load() throws IOException, RecordingKeyStoreException {
    @Nullable FileStamp stamp = file.stamp(); // before the content: at worst it is read twice
    return new Loaded(content(password).ring(password), stamp);
  }

  private KeyStoreFile content(char[] secret) throws IOException, RecordingKeyStoreException {
    byte[] bytes;
    try {
      bytes = file.read();
    } catch (NoSuchFileException absent) {
      return KeyStoreFile.empty(file.toString());
    }
    return KeyStoreFile.decode(bytes, file.toString(), secret);
  }

  /** The keys of the file's current version, or of the last that could be read. */
  KeyRing ring() {
    Loaded last = requireOpen();
    @Nullable FileStamp now;
    try {
      now = file.stamp();
    } catch (IOException e) {
      LOG.warn("{}: cannot be looked at; its keys of before go on serving: {}", file, e.toString());
      return last.keys();
    }
    return Objects.equals(now, last.stamp()) ? last.keys() : changedKeys(now);
  }

  private KeyRing changedKeys(@Nullable FileStamp now) {
    synchronized (reading) {
      Loaded last = requireOpen();
      boolean knownToBeUnreadable = serving != null && Objects.equals(now, serving.stamp());
      if (knownToBeUnreadable || Objects.equals(now, last.stamp())) {
        return last.keys();
      }
      try {
        if (now == null) {
          throw gone();
        }
        Loaded fresh = load();
        serving = null;
        loaded = fresh;
        return fresh.keys();
      } catch (IOException | RecordingKeyStoreException e) {
        serving = new Loaded(last.keys(), now); // said once for each such version
        LOG.warn("{}: its keys of before go on serving: {}", file, e.toString());
        return last.keys();
      }
    }
  }

  private NoSuchFileException gone() {
    return new NoSuchFileException(
        file.toString(), null, "is gone; restore a backup ('tapeseal keystore restore')");
  }

  private Loaded requireOpen() {
    Loaded last = loaded;
    if (last == null) {
      throw new IllegalStateException("key store " + file + ": closed (expected: open)");
    }
    return last;
  }

  /** Lets go of the keys and wipes the password. May be called more than once. */
  @Override
  public void close() {
    synchronized (reading) {
      loaded = null;
      Arrays.fill(password, '\0');
    }
  }

  @Override
  public String toString() {
    return "RecordingKeyStore[" + file + "]";
  }
}
