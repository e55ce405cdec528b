package dev.tapeseal.envelope;

import dev.tapeseal.certificate.RecipientIdentifier;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One recipient of an envelope as its header has it: for which certificate, and the session key encrypted under
 * that certificate's public key.
 */
public final class Recipient {
  private final RecipientIdentifier identifier;
  private final KeyTransport keyTransport;
  private final byte[] encryptedKey;

  /**
   * Takes what a header says.
   *
   * @param identifier which certificate
   * @param keyTransport how the session key is encrypted
   * @param encryptedKey as many bytes as the modulus has; a copy is taken
   */
  public Recipient(RecipientIdentifier identifier, KeyTransport keyTransport, byte[] encryptedKey) {
    this.identifier = identifier;
    this.keyTransport = keyTransport;
    this.encryptedKey = encryptedKey.clone();
  }

  /** Which certificate. */
  public RecipientIdentifier identifier() {
    return identifier;
  }

  /** How the session key is encrypted. */
  public KeyTransport keyTransport() {
    return keyTransport;
  }

  /** A copy of the encrypted session key. */
  public byte[] encryptedKey() {
    return encryptedKey.clone();
  }

  /** Recipients as messages list them: the first 16, since a foreign header may have thousands. */
  public static String shown(List<Recipient> recipients) {
    return recipients.stream()
        .limit(WrappedSessionKey.MAX_RECIPIENTS)
        .map(Recipient::toString)
        .collect(Collectors.joining(
            ", ", "[", recipients.size() > WrappedSessionKey.MAX_RECIPIENTS ? ", …]" : "]"));
  }

  @Override
  public String toString() {
    return identifier + " (" + keyTransport + ", " + encryptedKey.length * Byte.SIZE + " bits)";
  }
}
