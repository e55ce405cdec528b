package dev.tapeseal.envelope;

import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.content.ContentReader;
import dev.tapeseal.content.SealedHeader;
import dev.tapeseal.content.SealedReader;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sealed recording. */
record OpenedSealed(SealedHeader header, KeyEnvelope envelope, SeekableByteChannel media)
    implements OpenedRecording {

  static OpenedSealed open(SeekableByteChannel media, SeekableByteChannel keyEnvelope)
      throws IOException {
    return new OpenedSealed(SealedHeader.read(media), KeyEnvelope.read(keyEnvelope), media);
  }

  /** Opens a file's key envelope, and sees that it is that file's; the caller closes the bundle. */
  static KeyBundle bundle(KeyEnvelope envelope, SealedHeader header, KeyUnwrapper unwrapper)
      throws EnvelopeException {
    KeyBundle bundle = envelope.open(unwrapper);
    try {
      bundle.requireFor(header);
      return bundle;
    } catch (EnvelopeException e) {
      bundle.close();
      throw e;
    }
  }

  @Override
  public RecordingFormat format() {
    return RecordingFormat.SEALED;
  }

  @Override
  public List<Recipient> recipients() {
    return envelope.recipients();
  }

  @Override
  public boolean isAuthenticated() {
    return true;
  }

  @Override
  public @Nullable String macId() {
    return null;
  }

  @Override
  public EnvelopeInfo info() throws IOException {
    long fileBytes = media.size();
    long segments = header.segments(fileBytes);
    return new EnvelopeInfo(
        RecordingFormat.SEALED,
        envelope.armour().toString(),
        envelope.form(),
        "AES-256-GCM",
        envelope.recipients(),
        SealedHeader.BYTES,
        fileBytes - SealedHeader.BYTES,
        header.segmentBytes(),
        null,
        new EnvelopeInfo.Sealed(
            header.fileId(),
            header.commitment(),
            header.contextDigest(),
            header.segmentBytes(),
            segments,
            header.plaintextBytes(fileBytes)));
  }

  @Override
  public void check(RecordingExpectation expectation) throws EnvelopeException.Damaged {
    expectation.check(header);
  }

  @Override
  public ContentReader content(KeyUnwrapper unwrapper, OpenObjects objects) throws IOException {
    try (KeyBundle bundle = bundle(envelope, header, unwrapper)) {
      return SealedReader.open(bundle.sessionKey(), header, media);
    }
  }

  @Override
  public RecordingPart rewrap(
      RecordingRewrap.Target target, KeyUnwrapper unwrapper, OpenObjects objects)
      throws IOException {
    try (KeyBundle bundle = bundle(envelope, header, unwrapper);
        ContentEncryptionKey fresh = ContentEncryptionKey.generate(target.random())) {
      SealedReader.open(bundle.sessionKey(), header, media).close();
      return target.write(
          RecordingPart.KEY_ENVELOPE,
          KeyEnvelope.seal(
              target.recipientsOf(RecordingFormat.SEALED, fresh), fresh, bundle, target.random()),
          null);
    }
  }
}
