package dev.tapeseal.keystore;

import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyTransport;
import dev.tapeseal.envelope.Recipient;
import java.security.GeneralSecurityException;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * Decrypts an encrypted session key: strictly, telling what is wrong, for whoever holds the key itself; or in one way
 * whatever is wrong, for a service, where a difference would be an oracle. Safe for any thread.
 */
final class RsaKeyTransport {
  private static final Set<String> OAEP_HASHES =
      Set.of("SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512");
  static final int MIN_PADDING_BYTES = 8;

  private RsaKeyTransport() {}

  /**
   * Decrypts a session key for whoever holds the private key.
   *
   * @throws EnvelopeException.Unsupported where the transport's hash is not known
   * @throws EnvelopeException.KeyNotUnwrapped where the private key does not decrypt it, or to another length
   */
  static ContentEncryptionKey unwrap(RecordingKey key, Recipient recipient, int keyBits)
      throws EnvelopeException {
    byte[] unwrapped = decrypt(key, recipient);
    try {
      if (unwrapped.length * Byte.SIZE != keyBits) {
        throw new EnvelopeException.KeyNotUnwrapped("encrypted key of " + recipient.identifier()
            + ": holds " + unwrapped.length * Byte.SIZE + " bits (expected: " + keyBits + ")");
      }
      return ContentEncryptionKey.copyOf(unwrapped);
    } finally {
      Arrays.fill(unwrapped, (byte) 0);
    }
  }

  /**
   * Decrypts; the caller wipes the result.
   *
   * @throws EnvelopeException.Unsupported where the transport's hash is not known
   * @throws EnvelopeException.KeyNotUnwrapped where the private key does not decrypt it
   */
  static byte[] decrypt(RecordingKey key, Recipient recipient) throws EnvelopeException {
    byte[] encryptedKey = recipient.encryptedKey();
    if (encryptedKey.length != key.modulusBytes()) {
      throw new EnvelopeException.KeyNotUnwrapped("encrypted key of " + recipient.identifier()
          + ": " + encryptedKey.length + " bytes (expected: " + key.modulusBytes()
          + ", as the private key's modulus has)");
    }
    try {
      return recipient.keyTransport() instanceof KeyTransport.Oaep oaep
          ? oaep(key, oaep, encryptedKey)
          : pkcs1(key, encryptedKey);
    } catch (GeneralSecurityException e) {
      // The padding, or a number that is larger than the modulus: JCA's text adds nothing to that.
      throw new EnvelopeException.KeyNotUnwrapped("encrypted key of " + recipient.identifier()
          + ": does not decrypt under the private key (" + recipient.keyTransport()
          + "): another key's, or damaged");
    }
  }

  /**
   * Decrypts, or answers with the key of {@link ImplicitRejection}: never tells which by what it does. The caller wipes
   * the result.
   *
   * @param audit is told which it was
   */
  static byte[] decryptOrReject(
      HeldKey held, Recipient recipient, int keyBytes, Consumer<UnwrapOutcome> audit) {
    byte[] encryptedKey = recipient.encryptedKey();
    byte[] key = held.rejection().derivedKey(encryptedKey, keyBytes);
    UnwrapOutcome outcome = UnwrapOutcome.REJECTED;
    if (recipient.keyTransport() instanceof KeyTransport.Pkcs1
        && held.entry().limits().onlyOaep()) {
      outcome = UnwrapOutcome.ONLY_OAEP;
    } else if (encryptedKey.length == held.key().modulusBytes()) {
      boolean opened = recipient.keyTransport() instanceof KeyTransport.Oaep oaep
          ? oaepOrReject(held.key(), oaep, encryptedKey, key)
          : pkcs1OrReject(held.key(), encryptedKey, key);
      outcome = opened ? UnwrapOutcome.OPENED : UnwrapOutcome.REJECTED;
    }
    audit.accept(outcome);
    return key;
  }

  private static boolean pkcs1OrReject(RecordingKey key, byte[] encryptedKey, byte[] derived) {
    byte[] block = new byte[0];
    try {
      block = raw(key, encryptedKey);
      return block.length == encryptedKey.length && ImplicitRejection.unpad(block, derived);
    } catch (GeneralSecurityException e) { // a number larger than the modulus: known to all
      return false;
    } finally {
      Arrays.fill(block, (byte) 0);
    }
  }

  private static boolean oaepOrReject(
      RecordingKey key, KeyTransport.Oaep oaep, byte[] encryptedKey, byte[] derived) {
    byte[] unpadded = new byte[0];
    try {
      unpadded = oaep(key, oaep, encryptedKey);
      if (unpadded.length != derived.length) {
        return false;
      }
      System.arraycopy(unpadded, 0, derived, 0, derived.length);
      return true;
    } catch (GeneralSecurityException | EnvelopeException e) {
      return false; // the padding, or a hash that is not known: the envelope says that itself
    } finally {
      Arrays.fill(unpadded, (byte) 0);
    }
  }

  private static byte[] oaep(RecordingKey key, KeyTransport.Oaep oaep, byte[] encryptedKey)
      throws GeneralSecurityException, EnvelopeException {
    if (!OAEP_HASHES.contains(oaep.hash()) || !OAEP_HASHES.contains(oaep.mgf1Hash())) {
      throw new EnvelopeException.Unsupported(
          "key transport: " + oaep + " (expected: SHA-1 or SHA-2)");
    }
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
    var parameters = new OAEPParameterSpec(
        oaep.hash(), "MGF1", new MGF1ParameterSpec(oaep.mgf1Hash()), PSource.PSpecified.DEFAULT);
    cipher.init(Cipher.DECRYPT_MODE, key.privateKey(), parameters);
    return cipher.doFinal(encryptedKey);
  }

  /**
   * EME-PKCS1-v1_5 decoding (RFC 8017 section 7.2.2), done here: some JCA providers answer damaged padding with
   * random bytes instead of an error.
   */
  private static byte[] pkcs1(RecordingKey key, byte[] encryptedKey)
      throws GeneralSecurityException {
    byte[] block = raw(key, encryptedKey);
    try {
      int separator = 2;
      while (separator < block.length && block[separator] != 0) {
        separator++;
      }
      boolean isPadded = block.length == encryptedKey.length
          && block[0] == 0
          && block[1] == 2
          && separator - 2 >= MIN_PADDING_BYTES
          && separator < block.length;
      if (!isPadded) {
        throw new GeneralSecurityException("not EME-PKCS1-v1_5");
      }
      return Arrays.copyOfRange(block, separator + 1, block.length);
    } finally {
      Arrays.fill(block, (byte) 0);
    }
  }

  /** RSADP (RFC 8017 section 5.1.2): as many bytes as the modulus has. */
  private static byte[] raw(RecordingKey key, byte[] encryptedKey) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, key.privateKey());
    return cipher.doFinal(encryptedKey);
  }
}
