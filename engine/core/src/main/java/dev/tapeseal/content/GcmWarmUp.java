package dev.tapeseal.content;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Gets AES-GCM to its speed. HotSpot's AES instructions serve only callers that C2 has compiled, and C2 compiles what
 * is called often, not what runs long: a process whose first calls are large stays at a fiftieth of the speed for its
 * first 100 MiB. AES-CBC is called in short pieces until then, but a segment is one call.
 *
 * <p>So whoever has taken 4 MiB through large and few calls has many short ones made for nothing first, which cost as
 * much as those 4 MiB: at most twice what knowing the future would cost. Recordings of small segments get there by
 * themselves.
 */
final class GcmWarmUp {
  private static final int COLD_CALLS = 12_000;
  private static final int SHORT_CALL_BYTES = 16 * 1024;
  private static final long COLD_BYTES = 4L * 1024 * 1024;
  private static final int WARM_UP_CALLS = 10_000;
  private static final int WARM_UP_CALL_BYTES = 2048;

  private static final GcmWarmUp SEALING = new GcmWarmUp(Cipher.ENCRYPT_MODE);
  private static final GcmWarmUp OPENING = new GcmWarmUp(Cipher.DECRYPT_MODE);

  private final int mode;
  /** Shared between threads without order: a lost count only makes the warm-up come later. */
  private int calls;

  private long bytes;

  private GcmWarmUp(int mode) {
    this.mode = mode;
  }

  static GcmWarmUp of(int mode) {
    return mode == Cipher.ENCRYPT_MODE ? SEALING : OPENING;
  }

  /** Told of every call before it is made. */
  void beforeCall(int length) {
    if (calls >= COLD_CALLS) {
      return;
    }
    calls++;
    bytes += length;
    if (length > SHORT_CALL_BYTES && bytes > COLD_BYTES) {
      calls = COLD_CALLS; // whoever comes meanwhile goes on as it is
      warmUp();
    }
  }

  private void warmUp() {
    SecretKeySpec key = new SecretKeySpec(new byte[32], "AES"); // nobody's, over zeros
    byte[] nonce = new byte[12];
    byte[] plaintext = new byte[WARM_UP_CALL_BYTES];
    byte[] sealed = new byte[WARM_UP_CALL_BYTES + GcmEncryptor.TAG_BYTES];
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      for (int i = 0; i < WARM_UP_CALLS; i++) {
        if (i == 0 || mode == Cipher.ENCRYPT_MODE) {
          nonce[0] = (byte) i; // no nonce twice in a row, which JCA refuses
          cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(Byte.SIZE * 16, nonce));
          cipher.doFinal(plaintext, 0, plaintext.length, sealed, 0);
        } else {
          cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(Byte.SIZE * 16, nonce));
          cipher.doFinal(sealed, 0, sealed.length, plaintext, 0);
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM takes a key of zeros", e);
    }
  }
}
