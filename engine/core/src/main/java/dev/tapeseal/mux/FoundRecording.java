package dev.tapeseal.mux;

import dev.tapeseal.envelope.EncryptionMark;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.media.MediaException;
import dev.tapeseal.media.MediaType;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A recording of which is known whether it is encrypted: by its own first 64 KiB, and by whether an envelope stands
 * beside it, whatever metadata claim.
 */
public abstract sealed class FoundRecording {
  private final String name;
  private final RecordingSource source;

  private FoundRecording(String name, RecordingSource source) {
    this.name = name;
    this.source = source;
  }

  /**
   * Looks at a recording; nothing is decrypted.
   *
   * @param name what messages call it
   * @throws MediaException.Malformed where it is neither encrypted nor media
   */
  public static FoundRecording of(String name, RecordingSource source) throws IOException {
    ByteBuffer head = EncryptionMark.head(source);
    if (EncryptionMark.isIn(head)) {
      return new Encrypted(name, source);
    }
    if (MediaType.ofHead(head).isPresent()) {
      return new Clear(name, source);
    }
    if (EncryptionMark.isBeside(source)) {
      return new Encrypted(name, source);
    }
    throw new MediaException.Malformed(
            0,
            "neither an encrypted recording nor WAV, MP3 or MP4 (a bare ciphertext needs its envelope"
                + " beside it)")
        .in(name);
  }

  /** What messages call it. */
  public String name() {
    return name;
  }

  /** Where it comes from. */
  public RecordingSource source() {
    return source;
  }

  @Override
  public String toString() {
    return name;
  }

  /** An encrypted recording. */
  public static final class Encrypted extends FoundRecording {
    private Encrypted(String name, RecordingSource source) {
      super(name, source);
    }
  }

  /** A recording in clear. */
  public static final class Clear extends FoundRecording {
    private Clear(String name, RecordingSource source) {
      super(name, source);
    }
  }
}
