package dev.tapeseal.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads AES-CBC content with PKCS#7 padding at random, a piece of {@link Piece#BYTES} octets at a time.
 *
 * <p>With a {@code .mac}, a piece is verified before it is decrypted, and so is the piece before it, because its
 * last block is this one's IV; the last piece is verified first, which proves the length. Without one, nothing is
 * verified but the padding.
 *
 * <p>Memory is constant, some 130 KiB: the last piece read is kept, as ciphertext and as plaintext. A read of whole
 * pieces decrypts straight into the caller's array. Confined to one thread.
 */
public final class CbcReader implements ContentReader {
  private static final int BLOCK_BYTES = CbcEncryptor.BLOCK_BYTES;
  private static final long NONE = -2; // one before it is no piece either

  private final SeekableByteChannel ciphertext;
  private final long ciphertextBytes;
  private final long pieces;
  private final byte[] iv;
  private final PieceOpener opener;
  private final byte[] octets =
      new byte[BLOCK_BYTES + Piece.BYTES]; // the block before the piece, then the piece
  private final ByteBuffer octetsView = ByteBuffer.wrap(octets);
  private final byte[] plaintext = new byte[Piece.BYTES];
  private long loaded = NONE;
  private long decrypted = NONE;
  private long plaintextBytes;

  private CbcReader(
      SeekableByteChannel ciphertext, long ciphertextBytes, byte[] iv, PieceOpener opener) {
    this.ciphertext = ciphertext;
    this.ciphertextBytes = ciphertextBytes;
    this.pieces = Piece.count(ciphertextBytes);
    this.iv = iv.clone();
    this.opener = opener;
  }

  /**
   * Opens content and reads its last piece, whose padding tells the plaintext's length.
   *
   * @param key stays the caller's to close, after this reader
   * @param ciphertext the octets of the content and nothing else; stays the caller's to close
   * @throws DamagedContentException where the last piece is not what was encrypted
   */
  public static CbcReader open(
      ContentEncryptionKey key, byte[] iv, SeekableByteChannel ciphertext, @Nullable MacReader mac)
      throws IOException {
    long ciphertextBytes = ciphertext.size();
    if (ciphertextBytes == 0 || ciphertextBytes % BLOCK_BYTES != 0) {
      throw new DamagedContentException("content: " + ciphertextBytes
          + " bytes of ciphertext (expected: a multiple of " + BLOCK_BYTES + ", at least one)");
    }
    CbcReader reader =
        new CbcReader(ciphertext, ciphertextBytes, iv, new PieceOpener(key, iv, mac));
    try {
      if (mac != null && mac.pieces() != reader.pieces) {
        throw new DamagedContentException(
            ".mac file: " + mac.pieces() + " tags (expected: " + reader.pieces + ", one a piece)");
      }
      reader.openLastPiece();
      return reader;
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private void openLastPiece() throws IOException {
    long last = pieces - 1;
    load(last);
    int length = decrypt(last, plaintext, 0);
    decrypted = last;
    plaintextBytes = ciphertextBytes - PieceOpener.paddingBytes(plaintext, length);
  }

  @Override
  public long size() {
    return plaintextBytes;
  }

  @Override
  public int read(long position, byte[] target, int offset, int length) throws IOException {
    if (position >= plaintextBytes) {
      return -1;
    }
    int wanted = (int) Math.min(length, plaintextBytes - position);
    int done = 0;
    while (done < wanted) {
      try {
        done += readPiece(position + done, target, offset + done, wanted - done);
      } catch (DamagedContentException e) {
        if (done == 0) {
          throw e;
        }
        return done; // the pieces before it are sound; the next read throws
      }
    }
    return done;
  }

  private int readPiece(long position, byte[] target, int offset, int wanted) throws IOException {
    long index = position / Piece.BYTES;
    int within = (int) (position % Piece.BYTES);
    if (within == 0 && wanted >= Piece.BYTES && index != decrypted && index < pieces - 1) {
      load(index);
      return decrypt(index, target, offset);
    }
    int part = Math.min(wanted, Piece.BYTES - within);
    keep(index);
    System.arraycopy(plaintext, within, target, offset, part);
    return part;
  }

  /** Keeps the plaintext of a piece. */
  private void keep(long index) throws IOException {
    if (index != decrypted) {
      decrypted = NONE;
      load(index);
      decrypt(index, plaintext, 0);
      decrypted = index;
    }
  }

  private int decrypt(long index, byte[] target, int offset) {
    int length = pieceBytes(index);
    opener.decrypt(octets, 0, length, target, offset);
    return length;
  }

  /** Has a verified piece in {@link #octets}, behind the verified block that it is chained to. */
  private void load(long index) throws IOException {
    if (index == loaded) {
      return;
    }
    boolean next = index == loaded + 1;
    loaded = NONE;
    if (index == 0) {
      System.arraycopy(iv, 0, octets, 0, BLOCK_BYTES);
    } else {
      if (!next) {
        loadBlockBefore(index);
      }
      System.arraycopy(octets, Piece.BYTES, octets, 0, BLOCK_BYTES);
    }
    fetchVerified(index);
    loaded = index;
  }

  /** Has the last block of the piece before in its place; unverified it would let an attacker choose plaintext. */
  private void loadBlockBefore(long index) throws IOException {
    if (opener.verifies()) {
      fetchVerified(index - 1);
    } else {
      fetch(index * Piece.BYTES - BLOCK_BYTES, Piece.BYTES, BLOCK_BYTES);
    }
  }

  private void fetchVerified(long index) throws IOException {
    int length = pieceBytes(index);
    fetch(index * Piece.BYTES, BLOCK_BYTES, length);
    opener.verify(index, index == pieces - 1 ? Piece.LAST : Piece.MORE, octets, length);
  }

  private void fetch(long position, int at, int length) throws IOException {
    ciphertext.position(position);
    octetsView.limit(at + length).position(at);
    while (octetsView.hasRemaining()) {
      if (ciphertext.read(octetsView) < 0) {
        throw new DamagedContentException(
            "content: ends " + octetsView.remaining() + " bytes early");
      }
    }
  }

  private int pieceBytes(long index) {
    return (int) Math.min(Piece.BYTES, ciphertextBytes - index * Piece.BYTES);
  }

  /** Wipes the plaintext that was kept, and forgets the keys. */
  @Override
  public void close() {
    Arrays.fill(plaintext, (byte) 0);
    loaded = NONE;
    decrypted = NONE;
    plaintextBytes = 0;
    opener.close();
  }
}
