package dev.tapeseal.keystore;

import dev.tapeseal.certificate.RecipientIdentifier;
import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaRecipient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The private keys of one version of a key store, in memory, and who is found by what. Immutable and safe for any
 * thread.
 */
final class KeyRing {
  private static final String PKCS7 =
      "pkcs7"; // what the formats with PKCS#1 v1.5 are called, or begin with

  private final List<HeldKey> keys;
  private final List<KeyEntry> mismatched;
  private final List<String> unusableAliases;
  private final Map<RecipientIdentifier, HeldKey> byIdentifier = new HashMap<>();
  private final Map<String, HeldKey> byPublicKey = new HashMap<>();

  /** A key, and the one recipient that it is for. */
  record Match(HeldKey key, Recipient recipient) {}

  /**
   * Takes keys that were proved to be their certificates'.
   *
   * @param mismatched entries whose key is not their certificate's: they open nothing
   * @param unusableAliases entries of other kinds
   */
  KeyRing(List<HeldKey> keys, List<KeyEntry> mismatched, List<String> unusableAliases) {
    this.keys = List.copyOf(keys);
    this.mismatched = List.copyOf(mismatched);
    this.unusableAliases = List.copyOf(unusableAliases);
    for (HeldKey key : this.keys) {
      key.identifiers().forEach(identifier -> byIdentifier.putIfAbsent(identifier, key));
      byPublicKey.putIfAbsent(key.entry().publicKeySha256(), key);
    }
  }

  List<HeldKey> keys() {
    return keys;
  }

  List<KeyEntry> mismatched() {
    return mismatched;
  }

  List<String> unusableAliases() {
    return unusableAliases;
  }

  /** The SHA-256 of the public key of every certificate beside a key, in the order of the aliases. */
  List<String> publicKeySha256() {
    return Stream.concat(keys.stream().map(HeldKey::entry), mismatched.stream())
        .sorted(Comparator.comparing(KeyEntry::alias))
        .map(KeyEntry::publicKeySha256)
        .distinct()
        .toList();
  }

  /** A ring of one of its keys. */
  static KeyRing of(HeldKey key) {
    return new KeyRing(List.of(key), List.of(), List.of());
  }

  /** A ring without keys. */
  static KeyRing none() {
    return new KeyRing(List.of(), List.of(), List.of());
  }

  Optional<HeldKey> find(RecipientIdentifier identifier) {
    return Optional.ofNullable(byIdentifier.get(identifier));
  }

  Optional<HeldKey> findByPublicKey(String sha256) {
    return Optional.ofNullable(byPublicKey.get(sha256));
  }

  /** The key for a recipient as a store's metadata describe it: by its public key first, which is what counts. */
  Optional<HeldKey> find(MediaRecipient recipient) {
    String publicKey = recipient.publicKeySha256();
    if (publicKey != null) {
      return findByPublicKey(publicKey);
    }
    return keys.stream()
        .filter(key ->
            key.identifiers().stream().anyMatch(identifier -> isNamed(recipient, identifier)))
        .findFirst();
  }

  /** Whether a key here opens a media file, going by its metadata. */
  boolean opens(MediaEncryption encryption) {
    return encryption.recipients().stream()
        .map(this::find)
        .flatMap(Optional::stream)
        .anyMatch(key -> opens(key, encryption));
  }

  /** Whether a key of one of its recipients opens it, which one that is limited to OAEP may not. */
  static boolean opens(HeldKey key, MediaEncryption encryption) {
    boolean isPkcs1 = encryption.format().startsWith(PKCS7); // and everything else is OAEP
    return !(isPkcs1 && key.entry().limits().onlyOaep());
  }

  /** Another entry on the same key. */
  Optional<HeldKey> heir(HeldKey deleted) {
    return keys.stream()
        .filter(other -> !other.entry().alias().equals(deleted.entry().alias())
            && other.entry().publicKeySha256().equals(deleted.entry().publicKeySha256()))
        .findFirst();
  }

  /** The keys without one; an heir takes over its identifiers, so that every recording still opens. */
  KeyRing without(HeldKey deleted) {
    Optional<HeldKey> heir = heir(deleted);
    List<HeldKey> left = new ArrayList<>();
    for (HeldKey key : keys) {
      if (key.equals(deleted)) {
        continue;
      }
      left.add(heir.isPresent() && heir.get().equals(key) ? key.inheriting(deleted.entry()) : key);
    }
    return new KeyRing(left, mismatched, unusableAliases);
  }

  /** Whether metadata and an envelope mean the same certificate. */
  static boolean isNamed(MediaRecipient recipient, RecipientIdentifier identifier) {
    if (identifier instanceof IssuerAndSerialNumber named) {
      return named.serialNumber().equals(recipient.serialNumber())
          && named.issuerText().equals(recipient.issuer());
    }
    return identifier instanceof RecipientIdentifier.SubjectKeyIdentifier named
        && named.hex().equals(recipient.subjectKeyIdentifier());
  }

  /**
   * Chooses the one recipient to decrypt: by issuer and serial number, then by subject key identifier, then by what a
   * store's metadata tell of the public key.
   *
   * @param known what the metadata say of the same recipients; empty where there are none
   */
  @Nullable
  Match choose(List<Recipient> recipients, List<MediaRecipient> known) {
    List<Recipient> byPreference = Stream.concat(
            recipients.stream().filter(KeyRing::isByIssuer),
            recipients.stream().filter(recipient -> !isByIssuer(recipient)))
        .toList();
    for (Recipient recipient : byPreference) {
      HeldKey key = byIdentifier.get(recipient.identifier());
      if (key != null) {
        return new Match(key, recipient);
      }
    }
    for (Recipient recipient : byPreference) {
      for (MediaRecipient metadata : known) {
        Optional<HeldKey> key =
            isNamed(metadata, recipient.identifier()) ? find(metadata) : Optional.empty();
        if (key.isPresent()) {
          return new Match(key.get(), recipient);
        }
      }
    }
    return null;
  }

  private static boolean isByIssuer(Recipient recipient) {
    return recipient.identifier() instanceof IssuerAndSerialNumber;
  }
}
