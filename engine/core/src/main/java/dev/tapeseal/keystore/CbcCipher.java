package dev.tapeseal.keystore;

import java.util.Arrays;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.engines.DESEngine;
import org.bouncycastle.crypto.engines.DESedeEngine;
import org.bouncycastle.crypto.engines.RC2Engine;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PKCS7Padding;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;

/** The ciphers that private key files are encrypted with, all in CBC mode with PKCS#7 padding. */
enum CbcCipher {
  AES_128(128, 16),
  AES_192(192, 16),
  AES_256(256, 16),
  DES_EDE3(192, 8),
  DES(64, 8),
  RC2_40(40, 8);

  private final int keyBits;
  private final int blockBytes;

  CbcCipher(int keyBits, int blockBytes) {
    this.keyBits = keyBits;
    this.blockBytes = blockBytes;
  }

  int keyBits() {
    return keyBits;
  }

  int blockBytes() {
    return blockBytes;
  }

  private BlockCipher engine() {
    return switch (this) {
      case AES_128, AES_192, AES_256 -> AESEngine.newInstance();
      case DES_EDE3 -> new DESedeEngine();
      case DES -> new DESEngine();
      case RC2_40 -> new RC2Engine();
    };
  }

  /** Encrypts. */
  byte[] encrypt(byte[] plaintext, CipherParameters keyAndIv) {
    var cipher =
        new PaddedBufferedBlockCipher(CBCBlockCipher.newInstance(engine()), new PKCS7Padding());
    cipher.init(true, keyAndIv);
    byte[] ciphertext = new byte[cipher.getOutputSize(plaintext.length)];
    try {
      int length = cipher.processBytes(plaintext, 0, plaintext.length, ciphertext, 0);
      length += cipher.doFinal(ciphertext, length);
      return Arrays.copyOf(ciphertext, length);
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("only decryption can find wrong padding", e);
    }
  }

  /** Decrypts; the caller wipes the result. */
  byte[] decrypt(byte[] ciphertext, CipherParameters keyAndIv, String source)
      throws PrivateKeyException {
    if (ciphertext.length == 0 || ciphertext.length % blockBytes != 0) {
      throw new PrivateKeyException.Unreadable(source + ": the encrypted key has "
          + ciphertext.length + " bytes (expected: a multiple of " + blockBytes + ")");
    }
    var cipher =
        new PaddedBufferedBlockCipher(CBCBlockCipher.newInstance(engine()), new PKCS7Padding());
    cipher.init(false, keyAndIv);
    byte[] padded = new byte[cipher.getOutputSize(ciphertext.length)];
    try {
      int length = cipher.processBytes(ciphertext, 0, ciphertext.length, padded, 0);
      length += cipher.doFinal(padded, length);
      return Arrays.copyOf(padded, length);
    } catch (InvalidCipherTextException e) {
      throw new PrivateKeyException.PasswordWrong(
          source + ": wrong password, or the file is damaged");
    } finally {
      Arrays.fill(padded, (byte) 0);
    }
  }
}
