package dev.tapeseal.content;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;

/**
 * JCA's AES-CBC over whole blocks, from one array into another. Padding is its callers' business, so that no call
 * is a {@code doFinal}, which allocates.
 *
 * <p>HotSpot's AES instructions serve only callers that C2 has compiled, and C2 compiles what is called often, not
 * what runs long: a process whose first calls are large stays at a tenth of the speed. So calls are short until
 * enough of them were made, and at most 64 KiB, which stays in the cache, after that.
 */
final class AesCbc {
  private static final int WARM_CALL_BYTES = 64 * 1024;
  private static final int COLD_CALL_BYTES = 1024;
  private static final int COLD_CALLS = 12_000;

  /** Shared between threads without order: a lost count only makes one more call short. */
  private static int coldCalls;

  private final Cipher cipher;

  AesCbc() {
    try {
      cipher = Cipher.getInstance("AES/CBC/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-CBC", e);
    }
  }

  /** Readies the cipher; {@code mode} is {@link Cipher#ENCRYPT_MODE} or {@link Cipher#DECRYPT_MODE}. */
  void init(int mode, ContentEncryptionKey key, byte[] iv, int ivOffset) {
    try {
      cipher.init(
          mode, key.forCipher(), new IvParameterSpec(iv, ivOffset, CbcEncryptor.BLOCK_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "AES-CBC takes every key that a ContentEncryptionKey can be", e);
    }
  }

  /** Runs whole blocks through, chained to those before. */
  void update(byte[] input, int inputOffset, int length, byte[] output, int outputOffset) {
    try {
      int done = 0;
      while (done < length) {
        int call = Math.min(length - done, callBytes());
        int written = cipher.update(input, inputOffset + done, call, output, outputOffset + done);
        if (written != call) {
          throw new IllegalStateException("CBC without padding holds back no whole block");
        }
        done += call;
      }
    } catch (ShortBufferException e) {
      throw new IllegalStateException("CBC over whole blocks into a large enough array failed", e);
    }
  }

  private static int callBytes() {
    if (coldCalls < COLD_CALLS) {
      coldCalls++;
      return COLD_CALL_BYTES;
    }
    return WARM_CALL_BYTES;
  }
}
