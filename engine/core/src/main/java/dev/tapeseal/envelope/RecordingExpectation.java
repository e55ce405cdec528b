package dev.tapeseal.envelope;

import dev.tapeseal.content.MacHeader;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.content.SealedHeader;
import org.jspecify.annotations.Nullable;

/**
 * What a reader knows of a recording beforehand, from a catalog say, and refuses to do without: otherwise whoever
 * can write to a store could put one valid recording in the place of another, or take its tags away.
 *
 * @param authenticated whether it must be sealed, or have a {@link RecordingPart#MAC}
 * @param context what the recording must be bound to; null where anything will do
 * @param macId the id of its {@link RecordingPart#MAC}; null where any will do, or a sealed recording
 * @param sealed the ids of a sealed recording; null where any will do, or one of another format
 */
public record RecordingExpectation(
    boolean authenticated,
    @Nullable RecordingContext context,
    @Nullable String macId,
    @Nullable Sealed sealed) {

  /** The file id and the commitment of a sealed recording, in lower-case hexadecimal, as {@link RecordingFacts} has them. */
  public record Sealed(String fileId, String commitment) {}

  /** Refuses to expect something of what may be absent. */
  public RecordingExpectation {
    if (!authenticated && (context != null || macId != null || sealed != null)) {
      throw new IllegalArgumentException(
          "expectation: a context or an id (expected: only with authenticated)");
    }
    if (macId != null && sealed != null) {
      throw new IllegalArgumentException(
          "expectation: a MAC and a sealed file (expected: one of them)");
    }
  }

  /** Of a loose file: takes the context from it, verifies where there is something to verify by. */
  public static RecordingExpectation none() {
    return new RecordingExpectation(false, null, null, null);
  }

  /** Of a recording that was written {@link RecordingOptions#withMac}. */
  public static RecordingExpectation authenticated(RecordingContext context) {
    return new RecordingExpectation(true, context, null, null);
  }

  /**
   * Of a recording that a catalog knows: what {@link RecordingFacts} told of it when it was written.
   *
   * @param context null where anything will do
   * @param macId null where it has no {@link RecordingPart#MAC}
   * @param fileId null where it is not sealed; so is its commitment
   * @return {@link #none} of one that has neither, and is unauthenticated
   */
  public static RecordingExpectation ofCatalog(
      @Nullable RecordingContext context,
      @Nullable String macId,
      @Nullable String fileId,
      @Nullable String commitment) {
    if (fileId != null && commitment != null) {
      return new RecordingExpectation(true, context, null, new Sealed(fileId, commitment));
    }
    return macId == null ? none() : new RecordingExpectation(true, context, macId, null);
  }

  /** The same, of the very {@link RecordingPart#MAC} that {@link RecordingFacts} told of. */
  public RecordingExpectation withMacId(String macId) {
    return new RecordingExpectation(true, context, macId, null);
  }

  /** The same, of the very sealed file that {@link RecordingFacts} told of. */
  public RecordingExpectation withSealed(String fileId, String commitment) {
    return new RecordingExpectation(true, context, null, new Sealed(fileId, commitment));
  }

  /** Checks what a sealed file says of itself; its last segment proves it. */
  void check(SealedHeader header) throws EnvelopeException.Damaged {
    if (macId != null) {
      throw new EnvelopeException.Damaged(
          "the recording is sealed (expected: one with the .mac of id " + macId + ")");
    }
    if (sealed != null
        && !(sealed.fileId.equals(header.fileId())
            && sealed.commitment.equals(header.commitment()))) {
      throw new EnvelopeException.Damaged("sealed recording: file id " + header.fileId()
          + " (expected: " + sealed.fileId + ", with its commitment)");
    }
    checkContext(context == null || header.isBoundTo(context));
  }

  private void checkContext(boolean bound) throws EnvelopeException.Damaged {
    if (!bound) {
      throw new EnvelopeException.Damaged(
          "the recording is bound to another context than that of " + context);
    }
  }

  /** Checks what a {@code .mac} says of itself; a verified piece proves it. */
  void check(@Nullable MacHeader header) throws EnvelopeException.Damaged {
    if (sealed != null) {
      throw new EnvelopeException.Damaged(
          "the recording is not sealed (expected: the sealed one of id " + sealed.fileId + ")");
    }
    if (header == null) {
      if (authenticated) {
        throw new EnvelopeException.Damaged(
            "the recording's .mac file is missing (expected: one, it was written with it)");
      }
      return;
    }
    if (macId != null && !macId.equals(header.id())) {
      throw new EnvelopeException.Damaged(
          ".mac file: id " + header.id() + " (expected: " + macId + ")");
    }
    checkContext(context == null || header.isBoundTo(context));
  }
}
