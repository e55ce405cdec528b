package dev.tapeseal.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads AES-CBC content with PKCS#7 padding as it comes, piece after piece, each verified before anything of it is
 * returned where there is a {@code .mac}.
 *
 * <p>One piece is held back until it is known whether another follows, so memory is constant, some 200 KiB.
 * Confined to one thread.
 */
public final class CbcStreamReader implements ContentStream {
  private static final int BLOCK_BYTES = CbcEncryptor.BLOCK_BYTES;

  private final ReadableByteChannel ciphertext;
  private final @Nullable MacReader mac;
  private final PieceOpener opener;
  private HeldPiece current = new HeldPiece();
  private HeldPiece next = new HeldPiece();
  private final byte[] plaintext = new byte[Piece.BYTES];
  private int returned;
  private int decrypted;
  private long index;
  private boolean started;
  private boolean ended;
  private @Nullable IOException failure;

  /**
   * Readies the reading; nothing is read yet.
   *
   * @param key stays the caller's to close, after this reader
   * @param ciphertext the octets of the content and nothing else; stays the caller's to close
   */
  public CbcStreamReader(
      ContentEncryptionKey key,
      byte[] iv,
      ReadableByteChannel ciphertext,
      @Nullable MacReader mac) {
    this.ciphertext = ciphertext;
    this.mac = mac;
    this.opener = new PieceOpener(key, iv, mac);
    System.arraycopy(iv, 0, current.octets, 0, BLOCK_BYTES);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    while (returned == decrypted) {
      if (ended) {
        return -1;
      }
      try {
        openPiece();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
    int part = Math.min(target.remaining(), decrypted - returned);
    target.put(plaintext, returned, part);
    returned += part;
    return part;
  }

  private void openPiece() throws IOException {
    if (!started) {
      current.fill(ciphertext);
      started = true;
    }
    next.fill(ciphertext);
    Piece which = next.length() == 0 ? Piece.LAST : Piece.MORE;
    int length = current.length();
    if (length == 0 || length % BLOCK_BYTES != 0) {
      throw new DamagedContentException("content: " + (index * Piece.BYTES + length)
          + " bytes of ciphertext (expected: a multiple of " + BLOCK_BYTES + ", at least one)");
    }
    opener.verify(index, which, current.octets, length);
    opener.decrypt(current.octets, 0, length, plaintext, 0);
    int padding = 0;
    if (which == Piece.LAST) {
      requireAllTags();
      padding = PieceOpener.paddingBytes(plaintext, length);
      ended = true;
    } else {
      advance();
    }
    decrypted = length - padding;
    returned = 0;
  }

  private void advance() {
    HeldPiece opened = current;
    current = next;
    next = opened;
    System.arraycopy(opened.octets, Piece.BYTES, current.octets, 0, BLOCK_BYTES);
    index++;
  }

  private void requireAllTags() throws DamagedContentException {
    if (mac != null && mac.pieces() != index + 1) {
      throw new DamagedContentException(
          ".mac file: " + mac.pieces() + " tags (expected: " + (index + 1) + ", one a piece)");
    }
  }

  /** Wipes the plaintext that was held, and forgets the keys. */
  @Override
  public void close() {
    Arrays.fill(plaintext, (byte) 0);
    returned = decrypted;
    ended = true;
    opener.close();
  }

  /** A piece of ciphertext behind the block that it is chained to. */
  private static final class HeldPiece {
    private final byte[] octets = new byte[BLOCK_BYTES + Piece.BYTES];
    private final ByteBuffer view = ByteBuffer.wrap(octets);

    void fill(ReadableByteChannel source) throws IOException {
      view.clear().position(BLOCK_BYTES);
      while (view.hasRemaining() && source.read(view) >= 0) {
        // a channel may give less than it is asked for
      }
    }

    int length() {
      return view.position() - BLOCK_BYTES;
    }
  }
}
