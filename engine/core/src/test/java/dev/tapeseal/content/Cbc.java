package dev.tapeseal.content;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.security.SecureRandom;

/** Encrypts content in memory, and makes its tags. */
final class Cbc {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Cbc() {}

  static byte[] encrypt(ContentEncryptionKey key, byte[] iv, byte[] plaintext) throws IOException {
    ByteArrayOutputStream ciphertext = new ByteArrayOutputStream();
    PieceSink sink = new PieceSink() {
      @Override
      public void grown(PieceBuffer piece, int from) {
        throw new IllegalStateException("nobody asked for unfinished pieces");
      }

      @Override
      public PieceBuffer completed(PieceBuffer piece, int from) {
        ciphertext.write(piece.octets(), 0, piece.length());
        return piece;
      }
    };
    try (CbcWriter writer = new CbcWriter(CbcEncryptor.jca(), key, iv, sink)) {
      writer.write(ByteBuffer.wrap(plaintext));
      writer.finish();
    }
    return ciphertext.toByteArray();
  }

  /** The {@code .mac} of a ciphertext. */
  static byte[] mac(ContentEncryptionKey key, byte[] iv, byte[] ciphertext) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    MacHeader header = MacHeader.generate(RecordingContext.UNKNOWN, RANDOM);
    try (MacWriter writer = MacWriter.open(key, iv, header, Channels.newChannel(file))) {
      for (int at = 0; at < ciphertext.length; at += Piece.BYTES) {
        int length = Math.min(Piece.BYTES, ciphertext.length - at);
        writer.add(
            ciphertext, at, length, at + length == ciphertext.length ? Piece.LAST : Piece.MORE);
      }
      writer.flush();
    }
    return file.toByteArray();
  }
}
