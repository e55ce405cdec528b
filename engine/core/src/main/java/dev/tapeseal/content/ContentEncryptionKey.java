package dev.tapeseal.content;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * The session key of one media file: fresh for every file and every attempt, wiped when it is closed.
 *
 * <p>It has a short life and no text. Confined to one thread at a time; using it after {@link #close} is an
 * {@link IllegalStateException}.
 */
public final class ContentEncryptionKey implements AutoCloseable {

  /** What we write; readers also take 128 and 192. */
  public static final int KEY_BITS = 256;

  private final byte[] key;
  private boolean closed;

  private ContentEncryptionKey(byte[] key) {
    this.key = key;
  }

  /** Makes a fresh key of {@link #KEY_BITS} bits. */
  public static ContentEncryptionKey generate(SecureRandom random) {
    byte[] key = new byte[KEY_BITS / Byte.SIZE];
    random.nextBytes(key);
    return new ContentEncryptionKey(key);
  }

  /**
   * Takes a copy of an existing key; the caller wipes its own array.
   *
   * @param key 16, 24 or 32 bytes
   */
  public static ContentEncryptionKey copyOf(byte[] key) {
    if (key.length != 16 && key.length != 24 && key.length != 32) {
      throw new IllegalArgumentException("content-encryption key: " + key.length * Byte.SIZE
          + " bits (expected: 128, 192 or 256)");
    }
    return new ContentEncryptionKey(key.clone());
  }

  /** The key's length in bits: 128, 192 or 256. */
  public int bits() {
    return key.length * Byte.SIZE;
  }

  /** A copy of the key's bytes, which the caller wipes: for wrapping it, and for deriving keys from it. */
  public byte[] copyBytes() {
    requireOpen();
    return key.clone();
  }

  /** The key as JCA takes it; it cannot be used once this key is closed. */
  public SecretKey forCipher() {
    requireOpen();
    return new AesKey();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("content-encryption key: closed");
    }
  }

  /** Wipes the key. May be called more than once. */
  @Override
  public void close() {
    closed = true;
    Arrays.fill(key, (byte) 0);
  }

  @Override
  public String toString() {
    return "ContentEncryptionKey[" + bits() + " bits]";
  }

  /** A view of the key, so that no copy outlives it as one in a {@code SecretKeySpec} would. */
  private final class AesKey implements SecretKey {
    @Override
    public String getAlgorithm() {
      return "AES";
    }

    @Override
    public String getFormat() {
      return "RAW";
    }

    @Override
    public byte[] getEncoded() {
      return copyBytes();
    }
  }
}
