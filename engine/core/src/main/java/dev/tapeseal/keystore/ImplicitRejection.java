package dev.tapeseal.keystore;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is answered in place of a session key that does not unwrap: bytes that nobody can predict, and the same for the
 * same query, so that a client learns nothing from asking twice (the idea of RFC 9180's and TLS' implicit rejection).
 *
 * <p>Derived by HMAC-SHA256 from a secret that is itself derived from the private exponent, over the encrypted key.
 * Safe for any thread.
 */
final class ImplicitRejection {
  private static final String HMAC = "HmacSHA256";
  private static final byte[] PURPOSE =
      "tapeseal/implicit-rejection/1".getBytes(StandardCharsets.US_ASCII);
  private static final int BLOCK_TYPE_BYTES = 2;

  private final byte[] secret;

  private ImplicitRejection(byte[] secret) {
    this.secret = secret;
  }

  static ImplicitRejection of(RSAPrivateCrtKey key) {
    byte[] exponent = key.getPrivateExponent().toByteArray();
    try {
      return new ImplicitRejection(hmac(exponent, PURPOSE));
    } finally {
      Arrays.fill(exponent, (byte) 0);
    }
  }

  /** The key to answer with where the encrypted key is not to be used: 16, 24 or 32 bytes, which the caller wipes. */
  byte[] derivedKey(byte[] encryptedKey, int keyBytes) {
    byte[] derived = hmac(secret, encryptedKey);
    try {
      return Arrays.copyOf(derived, keyBytes);
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  /**
   * Chooses between the key in a decrypted EME-PKCS1-v1_5 block and the derived one, in the same time and by the same
   * steps whatever the block holds (RFC 8017 section 7.2.2).
   *
   * @param block as long as the modulus
   * @param key the derived key; replaced where the block is as it should be
   * @return whether it was replaced
   */
  static boolean unpad(byte[] block, byte[] key) {
    int separator = block.length - key.length - 1;
    if (separator < BLOCK_TYPE_BYTES + RsaKeyTransport.MIN_PADDING_BYTES) {
      return false; // a modulus that is too short for such a key: known to all
    }
    int wrong = block[0] | (block[1] ^ 2) | block[separator];
    for (int i = BLOCK_TYPE_BYTES; i < separator; i++) {
      wrong |= isZero(block[i]);
    }
    int mask = -isZero(foldToByte(wrong)); // all ones where nothing is wrong
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) ((block[separator + 1 + i] & mask) | (key[i] & ~mask));
    }
    return mask != 0;
  }

  /** 1 where the byte is zero, otherwise 0, without a branch. */
  private static int isZero(int value) {
    return ((value & 0xff) - 1) >>> 31;
  }

  private static int foldToByte(int value) {
    return (value | value >>> 8 | value >>> 16 | value >>> 24) & 0xff;
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "ImplicitRejection";
  }
}
