package dev.tapeseal.keystore;

import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyTransport;
import dev.tapeseal.envelope.Recipient;
import java.security.GeneralSecurityException;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * Decrypts an encrypted session key and unpads it strictly, telling what is wrong: for whoever holds the key itself,
 * never for a service, where the difference would be an oracle.
 */
final class RsaKeyTransport {
  private static final Set<String> OAEP_HASHES =
      Set.of("SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512");
  private static final int MIN_PADDING_BYTES = 8;

  private RsaKeyTransport() {}

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
    Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, key.privateKey());
    byte[] block = cipher.doFinal(encryptedKey);
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
}
