package dev.tapeseal.envelope;

import dev.tapeseal.content.CbcBatch;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.content.GcmEncryptor;
import dev.tapeseal.content.PieceBuffer;
import dev.tapeseal.content.PieceSink;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.content.SealedHeader;
import dev.tapeseal.content.SealedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@link RecordingFormat#SEALED}: segments of AES-256-GCM, and the key envelope before them, since only that can
 * bring back what was recorded before a crash. Confined to one thread.
 */
final class SealedBody implements RecordingBody {
  private final OpenObjects objects;
  private final OptionalLong expectedBytes;
  private final List<Recipient> recipients;
  private final SealedHeader header;
  private final Segments output;
  private final SealedWriter content;
  private @Nullable WriteBehind behind;

  private SealedBody(
      OpenObjects objects,
      RecordingOptions options,
      List<Recipient> recipients,
      SealedHeader header,
      Segments output,
      SealedWriter content) {
    this.objects = objects;
    this.expectedBytes = options.plaintextBytes();
    this.recipients = recipients;
    this.header = header;
    this.output = output;
    this.content = content;
  }

  /** Opens the recording's objects and writes their headers; after a failure none is left open. */
  static SealedBody open(
      WrappedSessionKey wrapped,
      RecordingDestination destination,
      RecordingOptions options,
      SecureRandom random)
      throws IOException {
    ContentEncryptionKey key = wrapped.take(RecordingFormat.SEALED);
    OpenObjects objects = new OpenObjects();
    objects.add(wrapped);
    try {
      RecordingContext context =
          options.context() == null ? RecordingContext.UNKNOWN : options.context();
      SealedHeader header = SealedHeader.generate(key, context, options.segmentBytes(), random);
      Segments output = new Segments(objects.add(destination.create(RecordingPart.MEDIA)));
      KeyBundle bundle = KeyBundle.of(key, header, context, Clock.systemUTC().instant());
      CbcBody.writeWhole(
          KeyEnvelope.seal(wrapped.recipientInfos(), wrapped.transportedKey(), bundle, random),
          destination.create(RecordingPart.KEY_ENVELOPE),
          objects);
      output.write(ByteBuffer.wrap(header.encoded()));
      SealedWriter content = objects.add(
          new SealedWriter(GcmEncryptor.jca(), key, header, options.plaintextBytes(), output));
      return new SealedBody(objects, options, wrapped.recipients(), header, output, content);
    } catch (IOException | RuntimeException e) {
      objects.closeAfter(e);
      throw e;
    }
  }

  /** Puts segments onto the media object, one behind the other. */
  private static final class Segments implements PieceSink {
    private final WritableByteChannel media;
    private long mediaBytes;

    Segments(WritableByteChannel media) {
      this.media = media;
    }

    @Override
    public void grown(PieceBuffer piece, int from) {
      throw new IllegalStateException("a segment is handed over whole");
    }

    @Override
    public PieceBuffer completed(PieceBuffer piece, int from) throws IOException {
      write(piece.from(from));
      return piece;
    }

    void write(ByteBuffer bytes) throws IOException {
      mediaBytes += bytes.remaining();
      while (bytes.hasRemaining()) {
        media.write(bytes);
      }
    }
  }

  @Override
  public void write(ByteBuffer plaintext) throws IOException {
    long written = content.plaintextBytes() + plaintext.remaining();
    if (expectedBytes.isPresent() && written > expectedBytes.getAsLong()) {
      throw CbcBody.lengthDiffers(written + " bytes or more", expectedBytes.getAsLong());
    }
    content.write(plaintext);
  }

  /** Every segment was handed over as soon as it was whole, and less than one cannot be opened. */
  @Override
  public void writeFinishedBlocks() {}

  /** Has nothing to gain: one call of JCA seals a whole segment, at its full speed. */
  @Override
  public void joinBatch(CbcBatch batch) {}

  @Override
  public void leaveBatch() {}

  @Override
  public void overlap() {
    if (behind == null) {
      behind = new WriteBehind(output, header.segmentBytes());
      content.redirect(behind);
    }
  }

  @Override
  public void finish() throws IOException {
    if (expectedBytes.isPresent() && content.plaintextBytes() != expectedBytes.getAsLong()) {
      throw CbcBody.lengthDiffers(content.plaintextBytes() + " bytes", expectedBytes.getAsLong());
    }
    content.finish();
    if (behind != null) {
      behind.finish();
    }
  }

  @Override
  public RecordingFacts facts() {
    return new RecordingFacts(
        RecordingFormat.SEALED,
        content.plaintextBytes(),
        content.ciphertextBytes(),
        output.mediaBytes,
        null,
        header.fileId(),
        header.commitment(),
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
