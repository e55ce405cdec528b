package dev.tapeseal.envelope;

import dev.tapeseal.content.MacWriter;
import dev.tapeseal.content.PieceBuffer;
import dev.tapeseal.content.PieceSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Puts pieces of ciphertext into an envelope in one of its three forms, or into a file of their own, and their tags
 * into the {@code .mac}.
 * Allocates nothing per piece. Confined to one thread at a time.
 */
final class EnvelopeOutput implements PieceSink {
  private static final byte OCTET_STRING = 0x04;
  private static final byte LENGTH_OF_FOUR_OCTETS = (byte) 0x84;

  private final @Nullable EnvelopeEncoder encoder;
  private final LengthForm form;
  private final WritableByteChannel media;
  private final @Nullable MacWriter mac;
  private final long start;
  private final ByteBuffer octetString = ByteBuffer.allocate(2 + Integer.BYTES);
  private long mediaBytes;
  private long ciphertextBytes;

  private EnvelopeOutput(
      @Nullable EnvelopeEncoder encoder,
      LengthForm form,
      WritableByteChannel media,
      @Nullable MacWriter mac,
      long start) {
    this.encoder = encoder;
    this.form = form;
    this.media = media;
    this.mac = mac;
    this.start = start;
  }

  /**
   * Writes the header.
   *
   * @param ciphertextBytes the content's length, for {@link LengthForm#DER}; otherwise a length that no recording
   *     reaches, so that one whose lengths were never patched is seen to be cut short
   */
  static EnvelopeOutput open(
      EnvelopeEncoder encoder,
      LengthForm form,
      long ciphertextBytes,
      WritableByteChannel media,
      @Nullable MacWriter mac)
      throws IOException {
    long start = form == LengthForm.DEFINITE ? ((SeekableByteChannel) media).position() : 0;
    EnvelopeOutput output = new EnvelopeOutput(encoder, form, media, mac, start);
    output.write(ByteBuffer.wrap(encoder.encode(form, ciphertextBytes)));
    return output;
  }

  /** Puts pieces where nothing stands around them. */
  static EnvelopeOutput bare(WritableByteChannel media, @Nullable MacWriter mac) {
    return new EnvelopeOutput(null, LengthForm.DER, media, mac, 0);
  }

  @Override
  public void grown(PieceBuffer piece, int from) throws IOException {
    if (form != LengthForm.INDEFINITE) {
      write(piece.from(from));
    }
    flushMac(); // the tags of what was completed
  }

  @Override
  public PieceBuffer completed(PieceBuffer piece, int from) throws IOException {
    ciphertextBytes += piece.length();
    if (form == LengthForm.INDEFINITE) {
      write(octetString
          .clear()
          .put(OCTET_STRING)
          .put(LENGTH_OF_FOUR_OCTETS)
          .putInt(piece.length())
          .flip());
      write(piece.from(0));
    } else {
      write(piece.from(from));
    }
    if (mac != null) {
      mac.add(piece.octets(), 0, piece.length(), piece.which());
    }
    return piece;
  }

  /** Writes tags that were gathered, beside the octets that they are for. */
  private void flushMac() throws IOException {
    if (mac != null) {
      mac.flush();
    }
  }

  /** Ends the envelope: with the marks of its end, or by patching its lengths. */
  void end() throws IOException {
    switch (form) {
      case DER -> {}
      case DEFINITE -> patchLengths();
      case INDEFINITE -> write(ByteBuffer.wrap(EnvelopeEncoder.END_OF_ENVELOPE));
    }
    flushMac();
  }

  private void patchLengths() throws IOException {
    if (encoder == null) {
      throw new IllegalStateException("bare ciphertext states no lengths");
    }
    SeekableByteChannel file = (SeekableByteChannel) media;
    long end = file.position();
    ByteBuffer header = ByteBuffer.wrap(encoder.encode(form, ciphertextBytes));
    file.position(start);
    while (header.hasRemaining()) {
      file.write(header);
    }
    file.position(end);
  }

  /** How much was written to the media object. */
  long mediaBytes() {
    return mediaBytes;
  }

  private void write(ByteBuffer bytes) throws IOException {
    mediaBytes += bytes.remaining();
    while (bytes.hasRemaining()) {
      media.write(bytes);
    }
  }
}
