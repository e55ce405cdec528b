package dev.tapeseal.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts one recording in AES-CBC with PKCS#7 padding while it is being made, and hands the ciphertext to a sink
 * in pieces of {@link Piece#BYTES} octets.
 *
 * <p>Small writes are gathered; a write that brings {@value #GATHERED_BYTES} bytes or more in a heap array is
 * encrypted from that array. {@link #write} allocates nothing, also where it completes a piece. After an exception
 * it must only be closed. Confined to one thread.
 *
 * <p>By itself it encrypts as soon as it has gathered enough. In a {@link CbcBatch} it waits for the batch: what the
 * sink throws then comes out of the next call.
 */
public final class CbcWriter implements AutoCloseable {
  private static final int BLOCK_BYTES = CbcEncryptor.BLOCK_BYTES;
  private static final int GATHERED_BYTES = 16 * 1024;

  private final CbcEncryptor encryptor;
  private final CbcEncryptor.Stream stream;
  private final CbcEncryptor.Job job;
  private CbcBatch batch;
  private PieceSink sink;
  private final byte[] gathered = new byte[GATHERED_BYTES];
  private int gatheredBytes;
  private int waitingBytes; // of the job that the batch has; 0 where it has none
  private boolean handingOver; // what is finished, once the job is done
  private Piece which = Piece.MORE;
  private PieceBuffer piece = new PieceBuffer(Piece.BYTES);
  private int handedOver;
  private long plaintextBytes;
  private long ciphertextBytes;
  private @Nullable Exception failure;

  /** Readies the cipher; what it has encrypted goes to the sink, which stays the caller's to close. */
  public CbcWriter(CbcEncryptor encryptor, ContentEncryptionKey key, byte[] iv, PieceSink sink) {
    this.encryptor = encryptor;
    this.stream = encryptor.open(key, iv);
    this.job = new CbcEncryptor.Job(stream);
    this.batch = new CbcBatch(encryptor, 1);
    this.sink = sink;
  }

  /** The ciphertext's length for so much plaintext: padding adds 1 to 16 bytes. */
  public static long ciphertextBytes(long plaintextBytes) {
    return plaintextBytes - plaintextBytes % BLOCK_BYTES + BLOCK_BYTES;
  }

  /** Sends what is complete from now on to another sink. */
  public void redirect(PieceSink other) {
    settle();
    sink = other;
  }

  /**
   * Encrypts together with others from now on, until {@link #leaveBatch}.
   *
   * @param shared of the encryptor that this writer was made with
   */
  public void joinBatch(CbcBatch shared) {
    if (!shared.encryptor().equals(encryptor)) {
      throw new IllegalArgumentException(
          "batch of another encryptor (expected: of the one that the writer was made with)");
    }
    settle();
    batch = shared;
  }

  /** Encrypts by itself again; what waited is encrypted with the batch. */
  public void leaveBatch() {
    settle();
    batch = new CbcBatch(encryptor, 1);
  }

  /** How much was written. */
  public long plaintextBytes() {
    return plaintextBytes;
  }

  /** How much has been encrypted. */
  public long ciphertextBytes() {
    return ciphertextBytes;
  }

  /** Takes all of the source. */
  public void write(ByteBuffer source) throws IOException {
    rethrow();
    plaintextBytes += source.remaining();
    while (source.hasRemaining()) {
      int room = Piece.BYTES - piece.length();
      int direct = Math.min(source.remaining(), room);
      if (gatheredBytes == 0 && direct >= GATHERED_BYTES && source.hasArray()) {
        direct -= direct % BLOCK_BYTES;
        encrypt(source.array(), source.arrayOffset() + source.position(), direct);
        settle(); // the array is the caller's again
        rethrow();
        source.position(source.position() + direct);
      } else {
        gather(source, room);
      }
    }
  }

  private void gather(ByteBuffer source, int room) throws IOException {
    int limit = Math.min(GATHERED_BYTES, room); // room without what waits, which still stands here
    int taken = Math.min(source.remaining(), limit - gatheredBytes);
    source.get(gathered, gatheredBytes, taken);
    gatheredBytes += taken;
    if (gatheredBytes < limit) {
      return;
    }
    if (waitingBytes == 0) {
      encrypt(gathered, 0, gatheredBytes);
    } else if (source.hasRemaining() || waitingBytes < gatheredBytes) {
      settle();
      rethrow();
    }
  }

  /** Hands the blocks that are finished to the sink; at most 15 bytes stay behind. Allocates nothing. */
  public void handOverFinishedBlocks() throws IOException {
    settle();
    rethrow();
    int finished = gatheredBytes - gatheredBytes % BLOCK_BYTES;
    if (finished > 0) {
      handingOver = true;
      encrypt(gathered, 0, finished);
    } else {
      handOver();
    }
  }

  /** Pads, and hands over the last piece. */
  public void finish() throws IOException {
    settle();
    rethrow();
    int padding = BLOCK_BYTES - gatheredBytes % BLOCK_BYTES;
    if (gatheredBytes + padding > GATHERED_BYTES) {
      throw new IllegalStateException("a full buffer is encrypted at once");
    }
    Arrays.fill(gathered, gatheredBytes, gatheredBytes + padding, (byte) padding);
    gatheredBytes += padding;
    which = Piece.LAST;
    encrypt(gathered, 0, gatheredBytes);
    settle();
    rethrow();
  }

  private void encrypt(byte[] plaintext, int offset, int length) throws IOException {
    job.fill(plaintext, offset, length, piece.octets(), piece.length());
    waitingBytes = length;
    batch.add(this, job);
    rethrow();
  }

  /** Has the batch do what it has of this writer. */
  private void settle() {
    if (waitingBytes > 0) {
      batch.run();
    }
  }

  /** Called by the batch, when it has done this writer's job, or failed at it. */
  void encrypted(@Nullable RuntimeException failed) {
    int length = waitingBytes;
    waitingBytes = 0;
    if (failed != null) {
      failure = failed;
      return;
    }
    piece.grow(length);
    ciphertextBytes += length;
    if (gatheredBytes > 0) { // it was not taken from a caller's array
      gatheredBytes -= length;
      System.arraycopy(gathered, length, gathered, 0, gatheredBytes);
    }
    try {
      if (which == Piece.LAST || piece.length() == Piece.BYTES) { // padding follows a full piece
        complete();
      }
      if (handingOver) {
        handingOver = false;
        handOver();
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  private void complete() throws IOException {
    piece.complete(which);
    piece = sink.completed(piece, handedOver);
    piece.clear();
    handedOver = 0;
  }

  private void handOver() throws IOException {
    sink.grown(piece, handedOver);
    handedOver = piece.length();
  }

  private void rethrow() throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
  }

  /** Wipes the plaintext that was gathered and forgets the key; what waits in a batch is left out of it. */
  @Override
  public void close() {
    if (waitingBytes > 0) {
      waitingBytes = 0;
      batch.remove(this);
    }
    Arrays.fill(gathered, (byte) 0);
    stream.close();
  }
}
