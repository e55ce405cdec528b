package dev.tapeseal.content;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HKDF with SHA-256 (RFC 5869): makes keys with different purposes out of one session key. */
final class HkdfSha256 {
  private static final int MAX_BYTES = 255 * HmacSha256.TAG_BYTES;

  private HkdfSha256() {}

  /** Derives a key from a session key for the purpose that {@code info} names; the caller wipes it. */
  static byte[] derive(ContentEncryptionKey key, byte[] salt, String info, int bytes) {
    byte[] keyMaterial = key.copyBytes();
    try {
      return derive(keyMaterial, salt, info.getBytes(StandardCharsets.US_ASCII), bytes);
    } finally {
      Arrays.fill(keyMaterial, (byte) 0);
    }
  }

  /**
   * Derives {@code bytes} bytes, at most {@value #MAX_BYTES}.
   *
   * @param salt may be empty, which is the same as 32 zeros (HMAC pads its key with zeros)
   */
  static byte[] derive(byte[] keyMaterial, byte[] salt, byte[] info, int bytes) {
    if (bytes < 0 || bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "derived key: " + bytes + " bytes (expected: 0 to " + MAX_BYTES + ")");
    }
    byte[] pseudorandomKey = new byte[HmacSha256.TAG_BYTES];
    try (HmacSha256 extract = new HmacSha256(salt)) {
      extract.update(keyMaterial);
      extract.finish(pseudorandomKey, 0);
    }
    byte[] derived = new byte[bytes];
    byte[] block = new byte[HmacSha256.TAG_BYTES];
    byte[] counter = {1};
    try (HmacSha256 expand = new HmacSha256(pseudorandomKey)) {
      for (int done = 0; done < bytes; done += block.length) {
        if (done > 0) {
          expand.update(block);
        }
        expand.update(info);
        expand.update(counter);
        expand.finish(block, 0);
        counter[0]++;
        System.arraycopy(block, 0, derived, done, Math.min(block.length, bytes - done));
      }
      return derived;
    } finally {
      Arrays.fill(pseudorandomKey, (byte) 0);
      Arrays.fill(block, (byte) 0);
    }
  }
}
