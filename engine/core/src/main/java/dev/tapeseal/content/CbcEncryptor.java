package dev.tapeseal.content;

import java.util.Objects;

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
    private final Stream stream;
    private byte[] input = {};
    private int inputOffset;
    private int length;
    private byte[] output = {};
    private int outputOffset;

    public Job(Stream stream) {
      this.stream = stream;
    }

    /**
     * Takes whole blocks of input; input and output are different arrays, and stay the caller's.
     *
     * @param length 0 or more bytes, a multiple of {@value #BLOCK_BYTES}, for which both arrays have room
     */
    public void fill(byte[] input, int inputOffset, int length, byte[] output, int outputOffset) {
      if (length < 0 || length % BLOCK_BYTES != 0) {
        throw new IllegalArgumentException(
            "input: " + length + " bytes (expected: a multiple of " + BLOCK_BYTES + ")");
      }
      Objects.checkFromIndexSize(inputOffset, length, input.length);
      Objects.checkFromIndexSize(outputOffset, length, output.length);
      this.input = input;
      this.inputOffset = inputOffset;
      this.length = length;
      this.output = output;
      this.outputOffset = outputOffset;
    }

    /** Whose it is. */
    public Stream stream() {
      return stream;
    }

    /** The array that has the plaintext. */
    public byte[] input() {
      return input;
    }

    /** Where in {@link #input} the plaintext begins. */
    public int inputOffset() {
      return inputOffset;
    }

    /** How much there is to encrypt, in bytes: whole blocks, which may be none. */
    public int length() {
      return length;
    }

    /** The array that takes the ciphertext. */
    public byte[] output() {
      return output;
    }

    /** Where in {@link #output} the ciphertext begins. */
    public int outputOffset() {
      return outputOffset;
    }
  }
}
