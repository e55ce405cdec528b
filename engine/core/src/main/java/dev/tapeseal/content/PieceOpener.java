package dev.tapeseal.content;

import java.io.IOException;
import java.util.Arrays;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * Verifies and decrypts pieces that stand in an array behind the block that they are chained to. Confined to one
 * thread.
 */
final class PieceOpener implements AutoCloseable {
  private static final int BLOCK_BYTES = CbcEncryptor.BLOCK_BYTES;

  private final ContentEncryptionKey key;
  private final AesCbc cipher = new AesCbc();
  private final MacReader.@Nullable Verifier verifier;

  PieceOpener(ContentEncryptionKey key, byte[] iv, @Nullable MacReader mac) {
    this.key = key;
    this.verifier = mac == null ? null : mac.verifier(key, iv);
  }

  boolean verifies() {
    return verifier != null;
  }

  /** Verifies the {@code length} octets behind the array's first block, where there is something to verify by. */
  void verify(long index, Piece which, byte[] octets, int length) throws IOException {
    if (verifier != null) {
      verifier.verify(index, which, octets, BLOCK_BYTES, length);
    }
  }

  /** Decrypts the {@code length} octets behind the block at {@code start}, which is their IV. */
  void decrypt(byte[] octets, int start, int length, byte[] target, int offset) {
    cipher.init(Cipher.DECRYPT_MODE, key, octets, start);
    cipher.update(octets, start + BLOCK_BYTES, length, target, offset);
  }

  /**
   * How many of the last block's bytes are padding, 1 to 16.
   *
   * @param length of the plaintext before its padding is taken off, a multiple of 16
   */
  static int paddingBytes(byte[] plaintext, int length) throws DamagedContentException {
    int padding = plaintext[length - 1];
    boolean whole = padding >= 1 && padding <= BLOCK_BYTES;
    for (int i = 2; whole && i <= padding; i++) {
      whole = plaintext[length - i] == padding;
    }
    if (!whole) {
      throw new DamagedContentException(
          "the padding at the end is wrong: the content was changed or cut short, or"
              + " the session key is another recording's");
    }
    return padding;
  }

  @Override
  public void close() {
    if (verifier != null) {
      verifier.close();
    }
    byte[] none = new byte[ContentEncryptionKey.KEY_BITS / Byte.SIZE];
    try (ContentEncryptionKey nobodys = ContentEncryptionKey.copyOf(none)) {
      cipher.init(Cipher.DECRYPT_MODE, nobodys, none, 0);
    }
    Arrays.fill(none, (byte) 0);
  }
}
