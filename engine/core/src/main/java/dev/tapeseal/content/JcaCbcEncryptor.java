package dev.tapeseal.content;

import javax.crypto.Cipher;

/** One recording after the other, by JCA. Stateless: any thread may use it, each with streams of its own. */
final class JcaCbcEncryptor implements CbcEncryptor {
  static final JcaCbcEncryptor INSTANCE = new JcaCbcEncryptor();

  private static final byte[] NO_KEY = new byte[ContentEncryptionKey.KEY_BITS / Byte.SIZE];

  private JcaCbcEncryptor() {}

  @Override
  public Stream open(ContentEncryptionKey key, byte[] iv) {
    AesCbc cipher = new AesCbc();
    cipher.init(Cipher.ENCRYPT_MODE, key, iv, 0);
    return new CipherStream(cipher);
  }

  @Override
  public void encrypt(Job[] jobs, int count) {
    for (int i = 0; i < count; i++) {
      Job job = jobs[i];
      ((CipherStream) job.stream())
          .cipher.update(
              job.input(), job.inputOffset(), job.length(), job.output(), job.outputOffset());
    }
  }

  private record CipherStream(AesCbc cipher) implements Stream {
    /** Replaces the key schedule, the only way to make a JCA cipher forget its key. */
    @Override
    public void close() {
      try (ContentEncryptionKey none = ContentEncryptionKey.copyOf(NO_KEY)) {
        cipher.init(Cipher.ENCRYPT_MODE, none, NO_KEY, 0);
      }
    }
  }
}
