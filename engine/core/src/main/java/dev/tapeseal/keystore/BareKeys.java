package dev.tapeseal.keystore;

import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.certificate.RecipientIdentifier;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaRecipient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Private keys as files, for a person who holds them: it unpads strictly and says what is wrong, so it must not serve
 * others.
 *
 * <p>A recipient is found by issuer and serial number of the certificates given, then by subject key identifier. Where
 * none of these identifiers matches, each key is tried on every recipient whose encrypted key is as long as its modulus:
 * there may be no certificate, or the recording may be older than the certificate that was renewed on its key. Under
 * PKCS#1 v1.5 a wrong key passes for the right one about once in some ten million trials; giving the certificate that
 * the recording was made under rules that out.
 *
 * <p>An unwrap costs one RSA decryption, 0.6 ms at 2048 bits, or one for each trial.
 * Confined to one thread. It owns its keys: closing it closes them.
 */
public final class BareKeys implements KeyUnwrapper, AutoCloseable {
  private final List<Entry> entries;

  /** A key, and the identifiers of its certificates. */
  private record Entry(
      RecordingKey key, Set<RecipientIdentifier> identifiers, boolean hasCertificate) {

    /** Whether a store's metadata name it: by its public key first, which is what counts. */
    boolean isNamed(MediaRecipient recipient) {
      String publicKey = recipient.publicKeySha256();
      return publicKey == null
          ? identifiers.stream().anyMatch(identifier -> KeyRing.isNamed(recipient, identifier))
          : publicKey.equals(key.publicKeySha256());
    }
  }

  private BareKeys(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Takes keys, which it then owns, and certificates of theirs, in any order.
   *
   * @throws PrivateKeyException.NotForCertificate where a certificate belongs to none of the keys; the keys are closed
   */
  public static BareKeys of(List<RecordingKey> keys, List<RecordingCertificate> certificates)
      throws PrivateKeyException {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("private keys: 0 (expected: >= 1)");
    }
    BareKeys bareKeys =
        new BareKeys(keys.stream().map(key -> entry(key, certificates)).toList());
    for (RecordingCertificate certificate : certificates) {
      if (bareKeys.entries.stream()
          .noneMatch(entry -> entry.identifiers().contains(certificate.identifier()))) {
        bareKeys.close();
        throw notForAnyKey(certificate);
      }
    }
    return bareKeys;
  }

  /**
   * Reads keys, each of a file of its own, and certificates of theirs; of a file with several certificates those that
   * belong to a key are taken.
   *
   * @param passwordFile its first line is the password of every key that is encrypted
   * @throws IOException where a file cannot be read
   * @throws PrivateKeyException where a key or password cannot serve, or a certificate file has none of a key
   * @throws CertificateUnreadableException where a certificate file is none
   */
  public static BareKeys read(
      List<Path> keyFiles, List<Path> certificateFiles, @Nullable Path passwordFile)
      throws IOException, PrivateKeyException, CertificateUnreadableException {
    try (KeyPassword password = passwordFile == null ? null : KeyPassword.read(passwordFile)) {
      return readUnder(keyFiles, certificateFiles, password);
    }
  }

  /**
   * The same with a password that is at hand, which stays the caller's.
   *
   * @throws PrivateKeyException.PasswordMissing where there is none, and a key is encrypted
   */
  public static BareKeys readUnder(
      List<Path> keyFiles, List<Path> certificateFiles, @Nullable KeyPassword password)
      throws IOException, PrivateKeyException, CertificateUnreadableException {
    List<RecordingKey> keys = new ArrayList<>();
    boolean complete = false;
    try {
      for (Path file : keyFiles) {
        keys.add(RecordingKey.read(file, password));
      }
      List<RecordingCertificate> certificates = new ArrayList<>();
      for (Path file : certificateFiles) {
        List<RecordingCertificate> inFile = RecordingCertificate.readAll(file);
        List<RecordingCertificate> ours = inFile.stream()
            .filter(certificate -> keys.stream().anyMatch(key -> key.matches(certificate)))
            .toList();
        if (ours.isEmpty()) {
          throw notForAnyKey(inFile.get(0));
        }
        certificates.addAll(ours);
      }
      BareKeys bareKeys = of(keys, certificates);
      complete = true;
      return bareKeys;
    } finally {
      if (!complete) {
        keys.forEach(RecordingKey::close);
      }
    }
  }

  private static Entry entry(RecordingKey key, List<RecordingCertificate> certificates) {
    Set<RecipientIdentifier> identifiers = new HashSet<>();
    identifiers.add(key.subjectKeyIdentifier());
    List<RecordingCertificate> its = certificates.stream().filter(key::matches).toList();
    its.forEach(certificate -> {
      identifiers.add(certificate.identifier());
      identifiers.add(certificate.subjectKeyIdentifier());
    });
    return new Entry(key, Set.copyOf(identifiers), !its.isEmpty());
  }

  private static PrivateKeyException notForAnyKey(RecordingCertificate certificate) {
    return new PrivateKeyException.NotForCertificate(
        certificate + ": none of the private keys is for this certificate (expected: one that is)");
  }

  /** {@inheritDoc} */
  @Override
  public ContentEncryptionKey unwrap(List<Recipient> recipients, int keyBits)
      throws EnvelopeException {
    List<Recipient> byPreference = Stream.concat(
            recipients.stream().filter(BareKeys::isByIssuer),
            recipients.stream().filter(recipient -> !isByIssuer(recipient)))
        .toList();
    for (Recipient recipient : byPreference) {
      for (Entry entry : entries) {
        if (entry.identifiers().contains(recipient.identifier())) {
          return RsaKeyTransport.unwrap(entry.key(), recipient, keyBits);
        }
      }
    }
    return tryEach(recipients, keyBits);
  }

  /** The keys as a rewrap of a store takes them. */
  public CatalogRewrap.Keys keysForRewrap() {
    return new CatalogRewrap.Keys() {
      @Override
      public boolean opens(MediaEncryption encryption) {
        return encryption.recipients().stream()
            .anyMatch(recipient -> entries.stream().anyMatch(entry -> entry.isNamed(recipient)));
      }

      @Override
      public KeyUnwrapper unwrapper(MediaEncryption encryption) {
        return BareKeys.this;
      }
    };
  }

  private static boolean isByIssuer(Recipient recipient) {
    return recipient.identifier() instanceof RecipientIdentifier.IssuerAndSerialNumber;
  }

  private ContentEncryptionKey tryEach(List<Recipient> recipients, int keyBits)
      throws EnvelopeException {
    List<EnvelopeException> failures = new ArrayList<>();
    for (Entry entry : entries) {
      for (Recipient recipient : recipients) {
        if (recipient.encryptedKey().length == entry.key().modulusBytes()) {
          try {
            return RsaKeyTransport.unwrap(entry.key(), recipient, keyBits);
          } catch (EnvelopeException e) {
            failures.add(e); // as it must be for every recipient but one
          }
        }
      }
    }
    if (failures.isEmpty() || entries.stream().allMatch(Entry::hasCertificate)) {
      EnvelopeException none = new EnvelopeException.NoMatchingKey(recipients);
      failures.forEach(none::addSuppressed);
      throw none;
    }
    var opensNone = new EnvelopeException.KeyNotUnwrapped("the private key opens none of the "
        + recipients.size() + " encrypted keys: another recipient's, or they are damaged;"
        + " recipients: " + Recipient.shown(recipients));
    failures.forEach(opensNone::addSuppressed);
    throw opensNone;
  }

  /** Closes every key. May be called more than once. */
  @Override
  public void close() {
    entries.forEach(entry -> entry.key().close());
  }

  @Override
  public String toString() {
    return "BareKeys" + entries.stream().map(Entry::key).toList();
  }
}
