package dev.tapeseal.keystore;

import dev.tapeseal.certificate.RecipientIdentifier;
import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.store.MediaRecipient;
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
  private final List<HeldKey> keys;
  private final List<String> unusableAliases;
  private final Map<RecipientIdentifier, HeldKey> byIdentifier = new HashMap<>();
  private final Map<String, HeldKey> byPublicKey = new HashMap<>();

  /** A key, and the one recipient that it is for. */
  record Match(HeldKey key, Recipient recipient) {}

  KeyRing(List<HeldKey> keys, List<String> unusableAliases) {
    this.keys = List.copyOf(keys);
    this.unusableAliases = List.copyOf(unusableAliases);
    for (HeldKey key : this.keys) {
      key.identifiers().forEach(identifier -> byIdentifier.putIfAbsent(identifier, key));
      byPublicKey.putIfAbsent(key.entry().publicKeySha256(), key);
    }
  }

  List<HeldKey> keys() {
    return keys;
  }

  List<String> unusableAliases() {
    return unusableAliases;
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

  private static boolean isNamed(MediaRecipient recipient, RecipientIdentifier identifier) {
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
