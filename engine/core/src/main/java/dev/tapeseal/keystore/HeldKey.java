package dev.tapeseal.keystore;

import dev.tapeseal.certificate.RecipientIdentifier;
import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import java.util.HashSet;
import java.util.Set;

/**
 * A private key of a key store, in memory, with what is known of it. It is never closed while somebody may decrypt
 * with it; whoever drops it leaves it to the garbage collector.
 */
record HeldKey(KeyEntry entry, RecordingKey key, ImplicitRejection rejection) {

  static HeldKey of(KeyEntry entry, RecordingKey key) {
    return new HeldKey(entry, key, ImplicitRejection.of(key.privateKey()));
  }

  /** All that recipients may name it by. */
  Set<RecipientIdentifier> identifiers() {
    Set<RecipientIdentifier> identifiers = new HashSet<>(entry.formerIdentifiers());
    identifiers.add(entry.certificate().identifier());
    identifiers.add(entry.certificate().subjectKeyIdentifier());
    identifiers.add(key.subjectKeyIdentifier());
    return identifiers;
  }

  /** The same key, which recipients may also name by another entry's certificates. */
  HeldKey inheriting(KeyEntry deleted) {
    Set<IssuerAndSerialNumber> former = new HashSet<>(entry.formerIdentifiers());
    former.addAll(deleted.formerIdentifiers());
    former.add(deleted.certificate().identifier());
    return new HeldKey(entry.withFormerIdentifiers(former), key, rejection);
  }

  @Override
  public String toString() {
    return "HeldKey[" + entry.alias() + "]";
  }
}
