package dev.tapeseal.keystore;

import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.certificate.RecordingCertificate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The content of a key store file between reading and writing: a Java KeyStore. PKCS#12 is written; JKS and JCEKS are
 * read, and become PKCS#12 with the first change. Keys are under the store's own password, as PKCS#12 has it. Entries
 * that are not RSA keys with a certificate stay as they are. Confined to one thread.
 */
final class KeyStoreFile {
  private static final int JKS_MAGIC = 0xfeedfeed;
  private static final int JCEKS_MAGIC = 0xcececece;
  private static final int DER_SEQUENCE = 0x30;
  private static final String PKCS12 = "PKCS12";

  private final String source;
  private KeyStore store;

  private KeyStoreFile(String source, KeyStore store) {
    this.source = source;
    this.store = store;
  }

  static KeyStoreFile empty(String source) {
    return new KeyStoreFile(source, newPkcs12());
  }

  /**
   * Takes the bytes of a file.
   *
   * @throws RecordingKeyStoreException.Unreadable where they are no key store, damaged, or cost too much to open
   * @throws RecordingKeyStoreException.PasswordWrong where the password does not open it
   */
  static KeyStoreFile decode(byte[] bytes, String source, char[] password)
      throws RecordingKeyStoreException {
    String type = type(bytes, source);
    if (type.equals(PKCS12)) {
      Pkcs12Cost.check(bytes, source);
    } else {
      JavaStoreCost.check(bytes, source);
    }
    try {
      KeyStore store = KeyStore.getInstance(type);
      store.load(new ByteArrayInputStream(bytes), password);
      return new KeyStoreFile(source, store);
    } catch (IOException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw new RecordingKeyStoreException.PasswordWrong(
            source + ": wrong password for the key store, or the file is damaged");
      }
      throw type.equals(PKCS12) && Pkcs12Mac.isPbmac1(bytes)
          ? new RecordingKeyStoreException.Unreadable(
              source
                  + ": its MAC is PBMAC1 (RFC 9579), which this Java's key store does not take; import its keys"
                  + " one by one ('tapeseal keystore import --key " + source
                  + "'), or make it anew without it (openssl pkcs12 -export)",
              e)
          : damaged(source, type, e);
    } catch (GeneralSecurityException | RuntimeException e) {
      // RuntimeException too: Java's parsers meet bytes that nobody vouches for
      throw damaged(source, type, e);
    }
  }

  private static RecordingKeyStoreException damaged(String source, String type, Exception e) {
    return new RecordingKeyStoreException.Unreadable(
        source + ": the " + type + " key store is damaged (take one of its kept versions, or a"
            + " backup)",
        e);
  }

  /** Whether it looks like one of the three kinds. */
  static boolean isKeyStore(byte[] bytes) {
    int magic = magic(bytes);
    return magic == JKS_MAGIC || magic == JCEKS_MAGIC || isPkcs12(bytes);
  }

  /** Whether it looks like PKCS#12, or DER of another kind. */
  static boolean isPkcs12(byte[] bytes) {
    return magic(bytes) >>> 24 == DER_SEQUENCE;
  }

  private static int magic(byte[] bytes) {
    return bytes.length < Integer.BYTES ? 0 : ByteBuffer.wrap(bytes).getInt();
  }

  private static String type(byte[] bytes, String source) throws RecordingKeyStoreException {
    int magic = magic(bytes);
    if (magic == JKS_MAGIC) {
      return "JKS";
    }
    if (magic == JCEKS_MAGIC) {
      return "JCEKS";
    }
    if (isPkcs12(bytes)) {
      return PKCS12;
    }
    throw new RecordingKeyStoreException.Unreadable(
        source + ": not a key store (expected: PKCS12, JKS or JCEKS)", null);
  }

  private static KeyStore newPkcs12() {
    try {
      KeyStore store = KeyStore.getInstance(PKCS12);
      store.load(null, null);
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("every Java makes an empty PKCS12 key store", e);
    }
  }

  /** Every key that opens recordings, in the order of their aliases. */
  KeyRing ring(char[] password) throws RecordingKeyStoreException {
    List<HeldKey> keys = new ArrayList<>();
    List<KeyEntry> mismatched = new ArrayList<>();
    List<String> unusable = new ArrayList<>();
    for (String alias : aliases()) {
      KeyStore.Entry entry = entry(alias, password);
      if (entry instanceof KeyStore.PrivateKeyEntry key
          && key.getPrivateKey().getAlgorithm().equals("RSA")
          && key.getCertificate() instanceof X509Certificate) {
        HeldKey held = held(alias, key);
        if (held.key().matches(held.entry().certificate())) {
          keys.add(held);
        } else {
          mismatched.add(held.entry());
        }
      } else {
        unusable.add(alias);
      }
    }
    return new KeyRing(keys, mismatched, unusable);
  }

  private List<String> aliases() {
    try {
      List<String> aliases = Collections.list(store.aliases());
      Collections.sort(aliases);
      return aliases;
    } catch (GeneralSecurityException e) {
      throw loaded(e);
    }
  }

  private KeyStore.Entry entry(String alias, char[] password) throws RecordingKeyStoreException {
    var protection = new KeyStore.PasswordProtection(password);
    try {
      return store.isKeyEntry(alias)
          ? store.getEntry(alias, protection)
          : store.getEntry(alias, null);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new RecordingKeyStoreException.Unreadable(
          source + ": the entry '" + alias + "' cannot be read (expected: an RSA key under the"
              + " password of the key store itself); keytool -keypasswd changes a key's password",
          e);
    } finally {
      destroy(protection);
    }
  }

  private HeldKey held(String alias, KeyStore.PrivateKeyEntry entry)
      throws RecordingKeyStoreException {
    String name = source + ", entry '" + alias + "'";
    byte[] der = entry.getPrivateKey().getEncoded();
    try {
      RSAPrivateCrtKey key = RsaKeyDecoder.pkcs8(der, name);
      List<RecordingCertificate> certificates = new ArrayList<>();
      for (Certificate certificate : entry.getCertificateChain()) {
        certificates.add(RecordingCertificate.of((X509Certificate) certificate));
      }
      EntryAttributes attributes = EntryAttributes.of(entry.getAttributes());
      KeyEntry described = new KeyEntry(
          alias,
          certificates.get(0),
          certificates.subList(1, certificates.size()),
          attributes.formerIdentifiers(),
          attributes.limits(),
          attributes.retired(),
          attributes.imported(created(alias)));
      return HeldKey.of(described, new RecordingKey(key, name));
    } catch (PrivateKeyException e) {
      throw new RecordingKeyStoreException.Unreadable(String.valueOf(e.getMessage()), e);
    } catch (CertificateUnreadableException | IOException | RuntimeException e) {
      throw new RecordingKeyStoreException.Unreadable(
          name + ": its certificate or its attributes are damaged", e);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /** The certificates that stand alone: those a trust store is about. */
  List<RecordingCertificate> trustedCertificates() throws RecordingKeyStoreException {
    List<RecordingCertificate> certificates = new ArrayList<>();
    for (String alias : aliases()) {
      try {
        if (store.isCertificateEntry(alias)
            && store.getCertificate(alias) instanceof X509Certificate certificate) {
          certificates.add(RecordingCertificate.of(certificate));
        }
      } catch (CertificateUnreadableException e) {
        throw new RecordingKeyStoreException.Unreadable(
            source + ", entry '" + alias + "': " + e.getMessage(), e);
      } catch (GeneralSecurityException e) {
        throw loaded(e);
      }
    }
    return certificates;
  }

  private Instant created(String alias) {
    try {
      Date created = store.getCreationDate(alias);
      return created == null ? Instant.EPOCH : created.toInstant();
    } catch (GeneralSecurityException e) {
      throw loaded(e);
    }
  }

  /** Whether there is an entry of this alias, of whatever kind. */
  boolean has(String alias) {
    try {
      return store.containsAlias(alias);
    } catch (GeneralSecurityException e) {
      throw loaded(e);
    }
  }

  /** Adds an entry, or replaces the one of its alias; what other programs noted there stays. */
  void put(KeyEntry entry, PrivateKey key, char[] password) throws RecordingKeyStoreException {
    toPkcs12(password);
    var protection = new KeyStore.PasswordProtection(password);
    try {
      Set<KeyStore.Entry.Attribute> noted = store.isKeyEntry(entry.alias())
          ? store.getEntry(entry.alias(), protection).getAttributes()
          : Set.of();
      Certificate[] chain = Stream.concat(Stream.of(entry.certificate()), entry.chain().stream())
          .map(RecordingCertificate::x509)
          .toArray(Certificate[]::new);
      store.setEntry(
          entry.alias(),
          new KeyStore.PrivateKeyEntry(key, chain, EntryAttributes.of(entry, noted)),
          protection);
    } catch (GeneralSecurityException e) {
      throw new RecordingKeyStoreException.Unreadable(
          source + ": Java's key store does not take the entry '" + entry.alias() + "'", e);
    } finally {
      destroy(protection);
    }
  }

  /** Takes an entry out. */
  void remove(String alias, char[] password) throws RecordingKeyStoreException {
    toPkcs12(password);
    try {
      store.deleteEntry(alias);
    } catch (GeneralSecurityException e) {
      throw loaded(e);
    }
  }

  private void toPkcs12(char[] password) throws RecordingKeyStoreException {
    if (!store.getType().equalsIgnoreCase(PKCS12)) {
      store = copyUnder(password, password).store;
    }
  }

  /** The same entries as PKCS#12 under another password, or the same one. */
  KeyStoreFile copyUnder(char[] password, char[] newPassword) throws RecordingKeyStoreException {
    KeyStore copy = newPkcs12();
    var protection = new KeyStore.PasswordProtection(newPassword);
    try {
      for (String alias : aliases()) {
        KeyStore.Entry entry = entry(alias, password);
        copy.setEntry(
            alias, entry, entry instanceof KeyStore.TrustedCertificateEntry ? null : protection);
      }
      return new KeyStoreFile(source, copy);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new RecordingKeyStoreException.Unreadable(
          source + ": cannot be converted from " + store.getType() + " to PKCS12; keytool"
              + " -importkeystore may do it",
          e);
    } finally {
      destroy(protection);
    }
  }

  /** The file's bytes. */
  byte[] encoded(char[] password) throws RecordingKeyStoreException {
    toPkcs12(password);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      store.store(bytes, password);
      return bytes.toByteArray();
    } catch (IOException | GeneralSecurityException e) {
      throw new RecordingKeyStoreException.Unreadable(
          source + ": Java cannot write this key store as PKCS12", e);
    }
  }

  private static void destroy(KeyStore.PasswordProtection protection) {
    try {
      protection.destroy();
    } catch (Exception e) { // DestroyFailedException
      throw new IllegalStateException("a password protection always takes its wiping", e);
    }
  }

  private static IllegalStateException loaded(GeneralSecurityException e) {
    return new IllegalStateException("a key store that was loaded answers", e);
  }
}
