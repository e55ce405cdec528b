package dev.tapeseal.content;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.GCMParameterSpec;

/**
 * JCA's AES-256-GCM over one segment at a time, from one array into another and in one call, the fastest way there
 * is: under the key that a header derives from the session key, each segment under a nonce of its number and of
 * whether it is the last. Allocates what JCA does to take a nonce, less than 1 KiB. Confined to one thread.
 */
final class SegmentCipher implements AutoCloseable {
  /** How many segments the nonce can number. */
  static final long MAX_SEGMENTS = 1L << 32;

  private static final int TAG_BITS = GcmEncryptor.TAG_BYTES * Byte.SIZE;
  private static final int NONCE_BYTES = 12;

  private final int mode;
  private final GcmWarmUp warmUp;
  private final Cipher cipher;
  private final ContentEncryptionKey segmentKey;
  private final SecretKey cipherKey;
  private final Nonce nonce = new Nonce();
  private final ByteBuffer nonceFields = ByteBuffer.wrap(nonce.octets);

  /** The nonce of the segment at hand: one for all segments, since JCA's own would be new objects for each. */
  private static final class Nonce extends GCMParameterSpec {
    private final byte[] octets =
        new byte[NONCE_BYTES]; // prefix | u32be(i) | (last segment ? 1 : 0)

    Nonce() {
      super(TAG_BITS, new byte[NONCE_BYTES]);
    }

    @Override
    public byte[] getIV() {
      return octets.clone();
    }
  }

  /** Derives the key; {@code mode} is {@link Cipher#ENCRYPT_MODE} or {@link Cipher#DECRYPT_MODE}. */
  SegmentCipher(int mode, ContentEncryptionKey sessionKey, SealedHeader header) {
    this.mode = mode;
    this.warmUp = GcmWarmUp.of(mode);
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-GCM", e);
    }
    segmentKey = header.deriveSegmentKey(sessionKey);
    cipherKey = segmentKey.forCipher();
    nonceFields.put(header.noncePrefix());
  }

  /**
   * Seals or opens one segment.
   *
   * @return how many bytes were put into the output, or -1 where a segment that is opened is not what was sealed:
   *     nothing of it is then in the output
   */
  int run(
      long index,
      Piece which,
      byte[] input,
      int inputOffset,
      int length,
      byte[] output,
      int outputOffset) {
    if (index >= MAX_SEGMENTS) {
      throw new IllegalStateException(
          "segment " + index + " (expected: below " + MAX_SEGMENTS + ")");
    }
    int fields = nonceFields.position();
    nonceFields.putInt(fields, (int) index);
    nonceFields.put(
        fields + Integer.BYTES,
        switch (which) {
          case MORE -> (byte) 0;
          case LAST -> (byte) 1;
        });
    warmUp.beforeCall(length);
    try {
      cipher.init(mode, cipherKey, nonce);
      return cipher.doFinal(input, inputOffset, length, output, outputOffset);
    } catch (AEADBadTagException e) {
      // JCA promises no more than that it throws
      Arrays.fill(output, outputOffset, outputOffset + length - GcmEncryptor.TAG_BYTES, (byte) 0);
      return -1;
    } catch (ShortBufferException e) {
      throw new IllegalStateException("AES-GCM into a large enough array failed", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM takes every segment's key and nonce", e);
    }
  }

  /** Wipes the key, and replaces JCA's copy of it, the only way to make a cipher forget its key. */
  @Override
  public void close() {
    segmentKey.close();
    byte[] none = new byte[ContentEncryptionKey.KEY_BITS / Byte.SIZE];
    try (ContentEncryptionKey nobodys = ContentEncryptionKey.copyOf(none)) {
      cipher.init(
          Cipher.DECRYPT_MODE,
          nobodys.forCipher(),
          new GCMParameterSpec(TAG_BITS, none, 0, NONCE_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM takes a key of zeros", e);
    }
  }
}
