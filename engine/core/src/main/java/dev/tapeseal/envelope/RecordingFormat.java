package dev.tapeseal.envelope;

import org.jspecify.annotations.Nullable;

/** How an encrypted recording lies in a store. */
public enum RecordingFormat {
  /**
   * One CMS EnvelopedData file, AES-256-CBC, RSAES-PKCS1-v1_5: any PKCS#7 library reads it. CBC has no integrity,
   * so a {@link RecordingPart#MAC} belongs beside it.
   */
  PKCS7("pkcs7", null),

  /**
   * The same, but the ciphertext is the media and the envelope a small file beside it, {@link RecordingPart#ENVELOPE}:
   * OpenSSL reads it at any size.
   */
  PKCS7_DETACHED("pkcs7-detached", RecordingPart.ENVELOPE),

  /**
   * AES-256-GCM in segments, each of which authenticates itself, and a {@link RecordingPart#KEY_ENVELOPE} beside it:
   * any change is refused, from wherever it is read.
   */
  SEALED("sealed", RecordingPart.KEY_ENVELOPE);

  private final String label;
  private final @Nullable RecordingPart envelope;

  RecordingFormat(String label, @Nullable RecordingPart envelope) {
    this.label = label;
    this.envelope = envelope;
  }

  /** The format's name in commands, settings and metadata. */
  public String label() {
    return label;
  }

  /** Which part has the recipients; null where the media have them. */
  public @Nullable RecordingPart envelope() {
    return envelope;
  }

  /** Whether the content is AES-CBC, which only a {@link RecordingPart#MAC} authenticates. */
  public boolean isCbc() {
    return this != SEALED;
  }
}
