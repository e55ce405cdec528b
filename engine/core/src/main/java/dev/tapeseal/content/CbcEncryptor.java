package dev.tapeseal.content;

/**
 * Encrypts AES-CBC for many recordings at once.
 *
 * <p>CBC is serial within a recording but not across recordings, so whoever has several takes them together: one
 * call brings a batch of jobs, each of another recording. {@link #jca()} does one after the other; an
 * implementation in native code may interleave them.
 */
public interface CbcEncryptor {

  /** AES's block, and the length of an IV. */
  int BLOCK_BYTES = 16;

  /**
   * Readies one recording.
   *
   * @param key used until the stream is closed
   * @param iv {@value #BLOCK_BYTES} bytes
   */
  Stream open(ContentEncryptionKey key, byte[] iv);

  /**
   * Encrypts the input of the first {@code count} jobs into their output. Allocates nothing.
   *
   * @param jobs of streams that this encryptor opened, no two of one stream
   */
  void encrypt(Job[] jobs, int count);

  /** The encryptor that every Java has. */
  static CbcEncryptor jca() {
    return JcaCbcEncryptor.INSTANCE;
  }

  /** One recording's key and the block that its next one is chained to. Confined to one thread at a time. */
  interface Stream extends AutoCloseable {
    /** Forgets the key. */
    @Override
    void close();
  }

  /** What is to be encrypted next in one recording; made once and filled anew for every batch. */
  final class Job {
    final Stream stream;
    byte[] input = {};
    int inputOffset;
    int length;
    byte[] output = {};
    int outputOffset;

    public Job(Stream stream) {
      this.stream = stream;
    }

    /** Takes whole blocks of input; input and output are different arrays, and stay the caller's. */
    public void fill(byte[] input, int inputOffset, int length, byte[] output, int outputOffset) {
      if (length % BLOCK_BYTES != 0) {
        throw new IllegalArgumentException(
            "input: " + length + " bytes (expected: a multiple of " + BLOCK_BYTES + ")");
      }
      this.input = input;
      this.inputOffset = inputOffset;
      this.length = length;
      this.output = output;
      this.outputOffset = outputOffset;
    }
  }
}
