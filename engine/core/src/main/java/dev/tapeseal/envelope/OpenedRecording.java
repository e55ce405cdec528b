package dev.tapeseal.envelope;

import dev.tapeseal.content.ContentReader;
import dev.tapeseal.content.SealedHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A recording whose headers were read: all that needs no key. Each format, or two that are alike, has its own. */
interface OpenedRecording {
  /** As much of the media as tells a sealed recording. */
  int START_BYTES = 4;

  RecordingFormat format();

  List<Recipient> recipients();

  boolean isAuthenticated();

  @Nullable
  String macId();

  EnvelopeInfo info() throws IOException;

  /** Refuses a recording that is not the one that is expected. */
  void check(RecordingExpectation expectation) throws EnvelopeException.Damaged;

  /**
   * Decrypts the session key, and opens the content by it.
   *
   * @param objects what the content hangs on is closed with these
   */
  ContentReader content(KeyUnwrapper unwrapper, OpenObjects objects) throws IOException;

  /**
   * Encrypts the session key under other certificates, once it was seen to open the recording.
   *
   * @param objects what is opened is closed with these
   * @return the part that was written anew
   */
  RecordingPart rewrap(RecordingRewrap.Target target, KeyUnwrapper unwrapper, OpenObjects objects)
      throws IOException;

  /**
   * Finds out what there is, and reads its headers.
   *
   * @param objects what is opened is closed with these
   */
  static OpenedRecording open(RecordingSource source, OpenObjects objects) throws IOException {
    SeekableByteChannel media = objects.add(Objects.requireNonNull(
        source.open(RecordingPart.MEDIA), "a source always opens the media"));
    ByteBuffer start = ByteBuffer.allocate(START_BYTES);
    while (start.hasRemaining() && media.read(start) >= 0) {
      // a channel may give less than it is asked for
    }
    media.position(0);
    Found found = find(start.flip(), source, objects);
    return switch (found.format) {
      case PKCS7 -> OpenedCbc.attached(media, source, objects);
      case PKCS7_DETACHED ->
        OpenedCbc.detached(media, Objects.requireNonNull(found.envelope), source, objects);
      case SEALED -> OpenedSealed.open(media, Objects.requireNonNull(found.envelope));
    };
  }

  /** A recording's format, and its envelope where that is a file of its own. */
  record Found(RecordingFormat format, @Nullable SeekableByteChannel envelope) {}

  /** Tells a recording's format by how its media begin, and by what stands beside them. */
  static Found find(ByteBuffer start, RecordingSource companions, OpenObjects objects)
      throws IOException {
    boolean looksSealed = SealedHeader.startsWithMagic(start);
    if (looksSealed) {
      SeekableByteChannel keyEnvelope = companions.open(RecordingPart.KEY_ENVELOPE);
      if (keyEnvelope != null) {
        return new Found(RecordingFormat.SEALED, objects.add(keyEnvelope));
      }
    }
    SeekableByteChannel envelope = companions.open(RecordingPart.ENVELOPE);
    if (envelope != null) {
      return new Found(RecordingFormat.PKCS7_DETACHED, objects.add(envelope));
    }
    if (looksSealed) {
      throw new EnvelopeException.Damaged("the recording is sealed, and its key envelope, the .p7k"
          + " file, is missing (expected: one, it was written with it)");
    }
    return new Found(RecordingFormat.PKCS7, null);
  }
}
