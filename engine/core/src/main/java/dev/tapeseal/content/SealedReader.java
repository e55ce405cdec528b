package dev.tapeseal.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import javax.crypto.Cipher;

/**
 * Reads a sealed recording at random, a segment at a time. The last segment is opened first, which proves the length;
 * every segment is verified before a byte of it is returned.
 *
 * <p>Memory is constant: the last segments read are kept, 256 KiB of plaintext or two segments. A read of a whole
 * segment decrypts straight into the caller's array. Confined to one thread.
 */
public final class SealedReader implements ContentReader {
  private final SeekableByteChannel file;
  private final SegmentLayout layout;
  private final SegmentCipher cipher;
  private final SegmentCache cache;
  private final byte[] sealed;
  private final ByteBuffer sealedView;
  private long plaintextBytes;

  private SealedReader(SeekableByteChannel file, SegmentLayout layout, SegmentCipher cipher) {
    this.file = file;
    this.layout = layout;
    this.cipher = cipher;
    this.cache = new SegmentCache(layout.segmentBytes());
    this.sealed = new byte[layout.segmentBytes()];
    this.sealedView = ByteBuffer.wrap(sealed);
    this.plaintextBytes = layout.plaintextBytes();
  }

  /**
   * Opens content, and its last segment.
   *
   * @param key the session key; not used after this returns
   * @param header what the file begins with, whose context the caller has checked
   * @param file all of it, header included; stays the caller's to close
   * @throws DamagedContentException where the key is not the file's, or the file ends otherwise than it was sealed
   */
  public static SealedReader open(
      ContentEncryptionKey key, SealedHeader header, SeekableByteChannel file) throws IOException {
    requireCommitted(key, header);
    SegmentLayout layout = SegmentLayout.of(header.segmentBytes(), file.size());
    SealedReader reader =
        new SealedReader(file, layout, new SegmentCipher(Cipher.DECRYPT_MODE, key, header));
    try {
      reader.kept(layout.segments() - 1);
      return reader;
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  static void requireCommitted(ContentEncryptionKey key, SealedHeader header)
      throws DamagedContentException {
    if (!header.commitsTo(key)) {
      throw new DamagedContentException("sealed recording: its header does not commit to the"
          + " session key: the header was changed, or the key is another recording's");
    }
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
        done += readSegment(position + done, target, offset + done, wanted - done);
      } catch (DamagedContentException e) {
        if (done == 0) {
          throw e;
        }
        return done; // the segments before it are sound; the next read throws
      }
    }
    return done;
  }

  private int readSegment(long position, byte[] target, int offset, int wanted) throws IOException {
    long index = layout.segmentOf(position);
    int within = (int) (position - layout.start(index));
    int length = layout.sealedBytes(index) - GcmEncryptor.TAG_BYTES;
    if (within == 0 && wanted >= length && cache.find(index) == null) {
      open(index, target, offset);
      return length;
    }
    int part = Math.min(wanted, length - within);
    System.arraycopy(kept(index), within, target, offset, part);
    return part;
  }

  private byte[] kept(long index) throws IOException {
    byte[] plaintext = cache.find(index);
    if (plaintext == null) {
      plaintext = cache.claim();
      open(index, plaintext, 0);
      cache.keep(index);
    }
    return plaintext;
  }

  private void open(long index, byte[] target, int offset) throws IOException {
    int length = layout.sealedBytes(index);
    fetch(layout.offset(index), length);
    if (cipher.run(index, layout.which(index), sealed, 0, length, target, offset) < 0) {
      throw changed(index);
    }
  }

  static DamagedContentException changed(long index) {
    return new DamagedContentException("segment " + index + " is not what was sealed: it or the"
        + " header was changed, moved or cut short");
  }

  private void fetch(long position, int length) throws IOException {
    file.position(position);
    sealedView.clear().limit(length);
    while (sealedView.hasRemaining()) {
      if (file.read(sealedView) < 0) {
        throw new DamagedContentException(
            "sealed recording: ends " + sealedView.remaining() + " bytes early");
      }
    }
  }

  /** Wipes the plaintext that was kept, and forgets the keys. */
  @Override
  public void close() {
    cache.wipe();
    plaintextBytes = 0;
    cipher.close();
  }
}
