package dev.tapeseal.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Seals one recording in segments of AES-256-GCM while it is being made, and hands each sealed segment to a sink. The
 * header is the caller's to write before them.
 *
 * <p>A segment is sealed once it is known that more follows, since the last one is sealed otherwise. Writes are
 * gathered, but a write that starts on a segment's border and brings a whole segment in a heap array, and more, is
 * sealed from that array; where the plaintext's length was announced, it need not bring more. A write that completes
 * no segment allocates nothing, a completed segment less than 1 KiB. After an exception it must only be closed.
 * Confined to one thread.
 */
public final class SealedWriter implements AutoCloseable {
  private final GcmEncryptor encryptor;
  private final GcmEncryptor.Stream stream;
  private final GcmEncryptor.Job[] batch;
  private final int segmentBytes;
  private final long announcedBytes;
  private PieceSink sink;
  private final byte[] gathered;
  private int gatheredBytes;
  private PieceBuffer segment;
  private long segments;
  private long sealedPlaintextBytes;
  private long ciphertextBytes;

  /**
   * Readies the cipher.
   *
   * @param key the recording's session key; not used after this returns
   * @param plaintextBytes how much will be written, where that is known; the caller sees to it that it is
   * @param sink takes the segments, and stays the caller's to close
   */
  public SealedWriter(
      GcmEncryptor encryptor,
      ContentEncryptionKey key,
      SealedHeader header,
      OptionalLong plaintextBytes,
      PieceSink sink) {
    this.encryptor = encryptor;
    this.stream = encryptor.open(key, header);
    this.batch = new GcmEncryptor.Job[] {new GcmEncryptor.Job(stream)};
    this.segmentBytes = header.segmentBytes();
    this.announcedBytes = plaintextBytes.orElse(0);
    this.sink = sink;
    this.gathered = new byte[SegmentLayout.capacity(segmentBytes, 1)];
    this.segment = new PieceBuffer(segmentBytes);
  }

  /** Sends what is complete from now on to another sink. */
  public void redirect(PieceSink other) {
    sink = other;
  }

  /** How much was written. */
  public long plaintextBytes() {
    return sealedPlaintextBytes + gatheredBytes;
  }

  /** How much has been handed over, tags included. */
  public long ciphertextBytes() {
    return ciphertextBytes;
  }

  /** Takes all of the source. */
  public void write(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      int capacity = SegmentLayout.capacity(segmentBytes, segments);
      if (gatheredBytes == 0 && source.hasArray() && isFollowed(capacity, source.remaining())) {
        seal(source.array(), source.arrayOffset() + source.position(), capacity, Piece.MORE);
        source.position(source.position() + capacity);
        continue;
      }
      if (gatheredBytes == capacity) { // by what the source brings
        sealGathered(Piece.MORE);
        continue;
      }
      int taken = Math.min(source.remaining(), capacity - gatheredBytes);
      source.get(gathered, gatheredBytes, taken);
      gatheredBytes += taken;
      if (isFollowed(capacity, gatheredBytes)) {
        sealGathered(Piece.MORE);
      }
    }
  }

  /** Whether there is a whole segment, and more behind it. */
  private boolean isFollowed(int capacity, int present) {
    return present > capacity
        || (present == capacity && sealedPlaintextBytes + capacity < announcedBytes);
  }

  /** Seals the last segment. */
  public void finish() throws IOException {
    if (gatheredBytes == 0 && segments > 0) {
      throw new IllegalStateException("plaintext: " + sealedPlaintextBytes
          + " bytes (expected: the " + announcedBytes + " that were announced)");
    }
    sealGathered(Piece.LAST);
  }

  private void sealGathered(Piece which) throws IOException {
    int length = gatheredBytes;
    gatheredBytes = 0;
    seal(gathered, 0, length, which);
  }

  private void seal(byte[] plaintext, int offset, int length, Piece which) throws IOException {
    if (segments == SegmentCipher.MAX_SEGMENTS) {
      throw new IOException("recording: more than " + SegmentCipher.MAX_SEGMENTS + " segments of "
          + segmentBytes + " bytes (larger segments hold more)");
    }
    batch[0].fill(plaintext, offset, length, which, segment.octets(), 0);
    encryptor.seal(batch, batch.length);
    segments++;
    sealedPlaintextBytes += length;
    int sealed = length + GcmEncryptor.TAG_BYTES;
    ciphertextBytes += sealed;
    segment.grow(sealed);
    segment.complete(which);
    segment = sink.completed(segment, 0);
    segment.clear();
  }

  /** Wipes the plaintext that was gathered and forgets the key. */
  @Override
  public void close() {
    Arrays.fill(gathered, (byte) 0);
    stream.close();
  }
}
