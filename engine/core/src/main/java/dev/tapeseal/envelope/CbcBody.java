package dev.tapeseal.envelope;

import dev.tapeseal.content.CbcBatch;
import dev.tapeseal.content.CbcEncryptor;
import dev.tapeseal.content.CbcWriter;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.content.MacHeader;
import dev.tapeseal.content.MacWriter;
import dev.tapeseal.content.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes AES-256-CBC and its {@code .mac}: {@link RecordingFormat#PKCS7} into one envelope,
 * {@link RecordingFormat#PKCS7_DETACHED} beside it. Confined to one thread.
 */
final class CbcBody implements RecordingBody {
  private final RecordingFormat format;
  private final OpenObjects objects;
  private final OptionalLong expectedBytes;
  private final List<Recipient> recipients;
  private final @Nullable MacHeader macHeader;
  private final LengthForm form;
  private final EnvelopeOutput output;
  private final CbcWriter content;
  private @Nullable WriteBehind behind;

  private CbcBody(
      RecordingFormat format,
      OpenObjects objects,
      RecordingOptions options,
      List<Recipient> recipients,
      @Nullable MacHeader macHeader,
      LengthForm form,
      EnvelopeOutput output,
      CbcWriter content) {
    this.format = format;
    this.objects = objects;
    this.expectedBytes = options.plaintextBytes();
    this.recipients = recipients;
    this.macHeader = macHeader;
    this.form = form;
    this.output = output;
    this.content = content;
  }

  /** Opens the recording's objects and writes their headers; after a failure none is left open. */
  static CbcBody open(
      RecordingFormat format,
      WrappedSessionKey wrapped,
      RecordingDestination destination,
      RecordingOptions options,
      SecureRandom random)
      throws IOException {
    ContentEncryptionKey key =
        wrapped.take(format); // refuses another recording's before it is ours to close
    OpenObjects objects = new OpenObjects();
    objects.add(wrapped);
    try {
      byte[] iv = new byte[CbcEncryptor.BLOCK_BYTES];
      random.nextBytes(iv);

      WritableByteChannel media = objects.add(destination.create(RecordingPart.MEDIA));
      boolean detached = format == RecordingFormat.PKCS7_DETACHED;
      LengthForm form = detached ? LengthForm.DER : formOf(media, options.plaintextBytes());
      long ciphertextBytes = options.plaintextBytes().isPresent()
          ? CbcWriter.ciphertextBytes(options.plaintextBytes().getAsLong())
          : EnvelopeEncoder.MAX_PATCHED_CONTENT; // more than any recording has
      MacHeader macHeader =
          options.context() == null ? null : MacHeader.generate(options.context(), random);
      MacWriter mac = macHeader == null
          ? null
          : objects.add(MacWriter.open(
              key, iv, macHeader, objects.add(destination.create(RecordingPart.MAC))));
      EnvelopeEncoder encoder = new EnvelopeEncoder(wrapped.recipientInfos(), key.bits(), iv);
      if (detached) {
        writeWhole(encoder.encodeDetached(), destination.create(RecordingPart.ENVELOPE), objects);
      }
      EnvelopeOutput output = detached
          ? EnvelopeOutput.bare(media, mac)
          : EnvelopeOutput.open(encoder, form, ciphertextBytes, media, mac);
      CbcWriter content = objects.add(new CbcWriter(CbcEncryptor.jca(), key, iv, output));
      return new CbcBody(
          format, objects, options, wrapped.recipients(), macHeader, form, output, content);
    } catch (IOException | RuntimeException e) {
      objects.closeAfter(e);
      throw e;
    }
  }

  /** Writes an envelope; the channel is closed with the recording's others. */
  static void writeWhole(byte[] envelope, WritableByteChannel channel, OpenObjects objects)
      throws IOException {
    objects.add(channel);
    ByteBuffer bytes = ByteBuffer.wrap(envelope);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static LengthForm formOf(WritableByteChannel media, OptionalLong plaintextBytes) {
    if (plaintextBytes.isPresent()) {
      return LengthForm.DER;
    }
    return media instanceof SeekableByteChannel ? LengthForm.DEFINITE : LengthForm.INDEFINITE;
  }

  @Override
  public void write(ByteBuffer plaintext) throws IOException {
    long written = content.plaintextBytes() + plaintext.remaining();
    if (expectedBytes.isPresent() && written > expectedBytes.getAsLong()) {
      throw lengthDiffers(written + " bytes or more");
    }
    if (form == LengthForm.DEFINITE
        && CbcWriter.ciphertextBytes(written) > EnvelopeEncoder.MAX_PATCHED_CONTENT) {
      throw new IOException("recording: more than " + EnvelopeEncoder.MAX_PATCHED_CONTENT
          + " bytes, whose length has no room in the file's header");
    }
    content.write(plaintext);
  }

  private IOException lengthDiffers(String found) {
    return lengthDiffers(found, expectedBytes.orElseThrow());
  }

  static IOException lengthDiffers(String found, long expectedBytes) {
    return new IOException("plaintext: " + found + " (expected: the " + expectedBytes
        + " bytes that were announced); did the input change while it was read?");
  }

  @Override
  public void writeFinishedBlocks() throws IOException {
    if (behind == null) {
      content.handOverFinishedBlocks();
    }
  }

  @Override
  public void joinBatch(CbcBatch batch) {
    content.joinBatch(batch);
  }

  @Override
  public void leaveBatch() {
    content.leaveBatch();
  }

  @Override
  public void overlap() {
    if (behind == null) {
      behind = new WriteBehind(output, Piece.BYTES);
      content.redirect(behind);
    }
  }

  @Override
  public void finish() throws IOException {
    if (expectedBytes.isPresent() && content.plaintextBytes() != expectedBytes.getAsLong()) {
      throw lengthDiffers(content.plaintextBytes() + " bytes");
    }
    content.finish();
    if (behind != null) {
      behind.finish();
    }
    output.end();
  }

  @Override
  public RecordingFacts facts() {
    return new RecordingFacts(
        format,
        content.plaintextBytes(),
        content.ciphertextBytes(),
        output.mediaBytes(),
        macHeader == null ? null : macHeader.id(),
        null,
        null,
        recipients.stream().map(Recipient::identifier).toList());
  }

  @Override
  public void close() throws IOException {
    if (behind != null) {
      behind.close();
    }
    objects.close();
  }
}
