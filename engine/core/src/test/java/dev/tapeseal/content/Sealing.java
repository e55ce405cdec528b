package dev.tapeseal.content;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;

/** Seals content in memory, and opens it again by either reader. */
final class Sealing {
  static final SecureRandom RANDOM = new SecureRandom();
  static final RecordingContext CONTEXT =
      new RecordingContext("Environment", "recording-1", "audio/mp3", "call");

  private Sealing() {}

  /** The same bytes for the same length. */
  static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  static SealedHeader header(ContentEncryptionKey key, int segmentBytes) {
    return SealedHeader.generate(key, CONTEXT, segmentBytes, RANDOM);
  }

  static byte[] seal(ContentEncryptionKey key, int segmentBytes, byte[] plaintext)
      throws IOException {
    return seal(
        key, header(key, segmentBytes), OptionalLong.empty(), plaintext, plaintext.length + 1);
  }

  /** A whole file, written in writes of {@code step} bytes. */
  static byte[] seal(
      ContentEncryptionKey key,
      SealedHeader header,
      OptionalLong announced,
      byte[] plaintext,
      int step)
      throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(header.encoded());
    try (SealedWriter writer =
        new SealedWriter(GcmEncryptor.jca(), key, header, announced, sinkTo(file))) {
      for (int done = 0; done < plaintext.length; done += step) {
        writer.write(ByteBuffer.wrap(plaintext, done, Math.min(step, plaintext.length - done)));
      }
      writer.finish();
    }
    return file.toByteArray();
  }

  static PieceSink sinkTo(ByteArrayOutputStream file) {
    return new PieceSink() {
      @Override
      public void grown(PieceBuffer piece, int from) {
        throw new IllegalStateException("a segment is handed over whole");
      }

      @Override
      public PieceBuffer completed(PieceBuffer piece, int from) {
        file.write(piece.octets(), from, piece.length());
        return piece;
      }
    };
  }

  static SealedReader open(ContentEncryptionKey key, byte[] file) throws IOException {
    BytesChannel channel = new BytesChannel(file);
    return SealedReader.open(key, SealedHeader.read(channel), channel);
  }

  static SealedStreamReader openStream(ContentEncryptionKey key, byte[] file) throws IOException {
    BytesChannel channel = new BytesChannel(file);
    return new SealedStreamReader(key, SealedHeader.read(channel), channel);
  }

  /** All of the plaintext, in reads of {@code step} bytes. */
  static byte[] readAll(ContentEncryptionKey key, byte[] file, int step) throws IOException {
    try (SealedReader reader = open(key, file)) {
      byte[] target = new byte[(int) reader.size()];
      int done = 0;
      while (done < target.length) {
        done += reader.read(done, target, done, Math.min(step, target.length - done));
      }
      return target;
    }
  }

  static byte[] streamAll(ContentEncryptionKey key, byte[] file, int step) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(file.length + step);
    try (SealedStreamReader stream = openStream(key, file)) {
      int read = 0;
      while (read >= 0) {
        read = stream.read(target.limit(Math.min(target.position() + step, target.capacity())));
      }
    }
    return Arrays.copyOf(target.array(), target.position());
  }
}
