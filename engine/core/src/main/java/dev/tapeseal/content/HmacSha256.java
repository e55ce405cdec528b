package dev.tapeseal.content;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC with SHA-256 (RFC 2104), allocating nothing per message: {@code javax.crypto.Mac} allocates every result,
 * and a tag is computed on the hot path. Confined to one thread.
 */
final class HmacSha256 implements AutoCloseable {
  static final int TAG_BYTES = 32;

  private static final int BLOCK_BYTES = 64;
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5c;

  private final MessageDigest digest;
  private final byte[] innerKey;
  private final byte[] outerKey;

  /** Takes a key of any length; the caller wipes its own array. */
  HmacSha256(byte[] key) {
    digest = sha256();
    byte[] block = key.length > BLOCK_BYTES ? digest.digest(key) : key;
    innerKey = mask(block, INNER);
    outerKey = mask(block, OUTER);
    digest.update(innerKey);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] mask(byte[] key, byte mask) {
    byte[] masked = new byte[BLOCK_BYTES];
    Arrays.fill(masked, mask);
    for (int i = 0; i < key.length; i++) {
      masked[i] ^= key[i];
    }
    return masked;
  }

  void update(byte[] message) {
    digest.update(message);
  }

  void update(byte[] message, int offset, int length) {
    digest.update(message, offset, length);
  }

  /** Ends the message, puts its {@value #TAG_BYTES}-byte tag at the offset, and begins the next message. */
  void finish(byte[] tag, int offset) {
    try {
      digest.digest(tag, offset, TAG_BYTES);
      digest.update(outerKey);
      digest.update(tag, offset, TAG_BYTES);
      digest.digest(tag, offset, TAG_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("a SHA-256 result fits 32 bytes", e);
    }
    digest.update(innerKey);
  }

  @Override
  public void close() {
    digest.reset();
    Arrays.fill(innerKey, (byte) 0);
    Arrays.fill(outerKey, (byte) 0);
  }
}
