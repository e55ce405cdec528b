package dev.tapeseal.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Encrypts one recording in AES-CBC with PKCS#7 padding while it is being made, and hands the ciphertext to a sink
 * in pieces of {@link Piece#BYTES} octets.
 *
 * <p>Small writes are gathered; a write that brings {@value #GATHERED_BYTES} bytes or more in a heap array is
 * encrypted from that array. {@link #write} allocates nothing, also where it completes a piece. After an exception
 * it must only be closed. Confined to one thread.
 */
public final class CbcWriter implements AutoCloseable {
  private static final int BLOCK_BYTES = CbcEncryptor.BLOCK_BYTES;
  private static final int GATHERED_BYTES = 16 * 1024;

  private final CbcEncryptor encryptor;
  private final CbcEncryptor.Stream stream;
  private final CbcEncryptor.Job[] batch;
  private PieceSink sink;
  private final byte[] gathered = new byte[GATHERED_BYTES];
  private int gatheredBytes;
  private PieceBuffer piece = new PieceBuffer(Piece.BYTES);
  private int handedOver;
  private long plaintextBytes;
  private long ciphertextBytes;

  /** Readies the cipher; what it has encrypted goes to the sink, which stays the caller's to close. */
  public CbcWriter(CbcEncryptor encryptor, ContentEncryptionKey key, byte[] iv, PieceSink sink) {
    this.encryptor = encryptor;
    this.stream = encryptor.open(key, iv);
    this.batch = new CbcEncryptor.Job[] {new CbcEncryptor.Job(stream)};
    this.sink = sink;
  }

  /** The ciphertext's length for so much plaintext: padding adds 1 to 16 bytes. */
  public static long ciphertextBytes(long plaintextBytes) {
    return plaintextBytes - plaintextBytes % BLOCK_BYTES + BLOCK_BYTES;
  }

  /** Sends what is complete from now on to another sink. */
  public void redirect(PieceSink other) {
    sink = other;
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
    plaintextBytes += source.remaining();
    while (source.hasRemaining()) {
      int room = Piece.BYTES - piece.length();
      int direct = Math.min(source.remaining(), room);
      if (gatheredBytes == 0 && direct >= GATHERED_BYTES && source.hasArray()) {
        direct -= direct % BLOCK_BYTES;
        encrypt(source.array(), source.arrayOffset() + source.position(), direct);
        source.position(source.position() + direct);
      } else {
        gather(source, room);
      }
    }
  }

  private void gather(ByteBuffer source, int room) throws IOException {
    int limit = Math.min(GATHERED_BYTES, room);
    int taken = Math.min(source.remaining(), limit - gatheredBytes);
    source.get(gathered, gatheredBytes, taken);
    gatheredBytes += taken;
    if (gatheredBytes == limit) {
      encrypt(gathered, 0, gatheredBytes);
      gatheredBytes = 0;
    }
  }

  /** Hands the blocks that are finished to the sink; at most 15 bytes stay behind. Allocates nothing. */
  public void handOverFinishedBlocks() throws IOException {
    int finished = gatheredBytes - gatheredBytes % BLOCK_BYTES;
    if (finished > 0) {
      encrypt(gathered, 0, finished);
      System.arraycopy(gathered, finished, gathered, 0, gatheredBytes - finished);
      gatheredBytes -= finished;
    }
    if (handedOver < piece.length()) {
      sink.grown(piece, handedOver);
      handedOver = piece.length();
    }
  }

  /** Pads, and hands over the last piece. */
  public void finish() throws IOException {
    int padding = BLOCK_BYTES - gatheredBytes % BLOCK_BYTES;
    if (gatheredBytes + padding > GATHERED_BYTES) {
      throw new IllegalStateException("a full buffer is encrypted at once");
    }
    Arrays.fill(gathered, gatheredBytes, gatheredBytes + padding, (byte) padding);
    encryptBlocks(gathered, 0, gatheredBytes + padding);
    gatheredBytes = 0;
    complete(Piece.LAST);
  }

  /** A full piece is never the last: padding always follows it. */
  private void encrypt(byte[] plaintext, int offset, int length) throws IOException {
    encryptBlocks(plaintext, offset, length);
    if (piece.length() == Piece.BYTES) {
      complete(Piece.MORE);
    }
  }

  private void encryptBlocks(byte[] plaintext, int offset, int length) {
    batch[0].fill(plaintext, offset, length, piece.octets(), piece.length());
    encryptor.encrypt(batch, batch.length);
    piece.grow(length);
    ciphertextBytes += length;
  }

  private void complete(Piece which) throws IOException {
    piece.complete(which);
    piece = sink.completed(piece, handedOver);
    piece.clear();
    handedOver = 0;
  }

  /** Wipes the plaintext that was gathered and forgets the key. */
  @Override
  public void close() {
    Arrays.fill(gathered, (byte) 0);
    stream.close();
  }
}
