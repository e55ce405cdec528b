package dev.tapeseal.content;

import javax.crypto.Cipher;

/** One recording after the other, by JCA. Stateless: any thread may use it, each with streams of its own. */
final class JcaGcmEncryptor implements GcmEncryptor {
  static final JcaGcmEncryptor INSTANCE = new JcaGcmEncryptor();

  private JcaGcmEncryptor() {}

  @Override
  public Stream open(ContentEncryptionKey key, SealedHeader header) {
    return new CipherStream(new SegmentCipher(Cipher.ENCRYPT_MODE, key, header));
  }

  @Override
  public void seal(Job[] jobs, int count) {
    for (int i = 0; i < count; i++) {
      ((CipherStream) jobs[i].stream).seal(jobs[i]);
    }
  }

  private static final class CipherStream implements Stream {
    private final SegmentCipher cipher;
    private long next;
    private boolean ended;

    CipherStream(SegmentCipher cipher) {
      this.cipher = cipher;
    }

    void seal(Job job) {
      if (ended) {
        throw new IllegalStateException("segment " + next + ": behind the last one");
      }
      long index = next++; // before the cipher runs, so that a failure costs the nonce too
      ended = job.which == Piece.LAST;
      cipher.run(
          index, job.which, job.input, job.inputOffset, job.length, job.output, job.outputOffset);
    }

    @Override
    public void close() {
      ended = true;
      cipher.close();
    }
  }
}
