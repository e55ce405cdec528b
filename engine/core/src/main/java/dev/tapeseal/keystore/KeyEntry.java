package dev.tapeseal.keystore;

import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import dev.tapeseal.certificate.RecordingCertificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One key pair of a key store, all but the private key. Immutable and safe for any thread.
 *
 * @param alias its name in the key store, in lower case
 * @param certificate the certificate of the key
 * @param chain the certificates above it, the nearest authority first; empty where none were given
 * @param formerIdentifiers of certificates on the same key that were deleted: recordings made under them need it, too
 * @param limits what it may be used for
 * @param retired whether somebody has said that no recordings are to be made under it
 * @param imported when it was added to the key store
 */
public record KeyEntry(
    String alias,
    RecordingCertificate certificate,
    List<RecordingCertificate> chain,
    Set<IssuerAndSerialNumber> formerIdentifiers,
    KeyLimits limits,
    boolean retired,
    Instant imported) {

  /** Takes copies. */
  public KeyEntry {
    chain = List.copyOf(chain);
    formerIdentifiers = Set.copyOf(formerIdentifiers);
  }

  /** What the key is for at an instant; a retired one stays retired whatever its certificate says. */
  public KeyState state(Instant at) {
    if (retired) {
      return KeyState.RETIRED;
    }
    return at.isAfter(certificate.notAfter()) ? KeyState.EXPIRED : KeyState.ACTIVE;
  }

  /** The SHA-256 of the public key in lower-case hexadecimal: the same for all certificates on one key. */
  public String publicKeySha256() {
    return certificate.publicKeySha256();
  }

  KeyEntry withRetired(boolean nowRetired) {
    return new KeyEntry(alias, certificate, chain, formerIdentifiers, limits, nowRetired, imported);
  }

  KeyEntry withFormerIdentifiers(Set<IssuerAndSerialNumber> identifiers) {
    return new KeyEntry(alias, certificate, chain, identifiers, limits, retired, imported);
  }
}
