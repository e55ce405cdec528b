package dev.tapeseal.content;

/**
 * Seals segments of AES-256-GCM for many recordings at once, as {@link CbcEncryptor} does for CBC: whoever has
 * segments of several recordings brings them in one call. {@link #jca()} does one after the other.
 */
public interface GcmEncryptor {

  /** What sealing adds to a segment. */
  int TAG_BYTES = 16;

  /**
   * Readies one recording.
   *
   * @param key the session key, from which the segments' key is derived; not used after this returns
   * @param header what the recording begins with
   */
  Stream open(ContentEncryptionKey key, SealedHeader header);

  /**
   * Seals the input of the first {@code count} jobs into their output, as the next segment of each job's stream.
   * Allocates at most 1 KiB a segment, JCA's own.
   *
   * @param jobs of streams that this encryptor opened, no two of one stream
   */
  void seal(Job[] jobs, int count);

  /** The encryptor that every Java has. */
  static GcmEncryptor jca() {
    return JcaGcmEncryptor.INSTANCE;
  }

  /**
   * One recording's key and the number of its next segment, which only sealing moves: so no nonce serves twice.
   * Confined to one thread at a time.
   */
  interface Stream extends AutoCloseable {
    /** Forgets the key. */
    @Override
    void close();
  }

  /** What is to be sealed next in one recording; made once and filled anew for every batch. */
  final class Job {
    final Stream stream;
    byte[] input = {};
    int inputOffset;
    int length;
    Piece which = Piece.MORE;
    byte[] output = {};
    int outputOffset;

    public Job(Stream stream) {
      this.stream = stream;
    }

    /**
     * Takes one segment's plaintext; input and output are different arrays, and stay the caller's.
     *
     * @param which nothing follows the last one
     * @param output has room for {@link #TAG_BYTES} more than the input
     */
    public void fill(
        byte[] input, int inputOffset, int length, Piece which, byte[] output, int outputOffset) {
      if (output.length - outputOffset - TAG_BYTES < length) {
        throw new IllegalArgumentException("output: room for " + (output.length - outputOffset)
            + " bytes (expected: >= " + (length + (long) TAG_BYTES) + ")");
      }
      this.input = input;
      this.inputOffset = inputOffset;
      this.length = length;
      this.which = which;
      this.output = output;
      this.outputOffset = outputOffset;
    }
  }
}
