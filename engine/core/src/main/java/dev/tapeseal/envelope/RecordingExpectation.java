package dev.tapeseal.envelope;

import dev.tapeseal.content.MacHeader;
import dev.tapeseal.content.RecordingContext;
import org.jspecify.annotations.Nullable;

/**
 * What a reader knows of a recording beforehand, from a catalog say, and refuses to do without: otherwise whoever
 * can write to a store could put one valid recording in the place of another, or take its tags away.
 *
 * @param authenticated whether a {@link RecordingPart#MAC} must be there
 * @param context what the recording must be bound to; null where anything will do
 * @param macId the id of its {@link RecordingPart#MAC}; null where any will do
 */
public record RecordingExpectation(
    boolean authenticated,
    @Nullable RecordingContext context,
    @Nullable String macId) {

  /** Refuses to expect something of a {@link RecordingPart#MAC} that may be absent. */
  public RecordingExpectation {
    if (!authenticated && (context != null || macId != null)) {
      throw new IllegalArgumentException(
          "expectation: a context or a MAC id (expected: only with authenticated)");
    }
  }

  /** Of a loose file: takes the context from it, verifies where there is something to verify by. */
  public static RecordingExpectation none() {
    return new RecordingExpectation(false, null, null);
  }

  /** Of a recording that was written {@link RecordingOptions#withMac}. */
  public static RecordingExpectation authenticated(RecordingContext context) {
    return new RecordingExpectation(true, context, null);
  }

  /** The same, of the very {@link RecordingPart#MAC} that {@link RecordingFacts} told of. */
  public RecordingExpectation withMacId(String macId) {
    return new RecordingExpectation(true, context, macId);
  }

  /** Checks what a {@code .mac} says of itself; a verified piece proves it. */
  void check(@Nullable MacHeader header) throws EnvelopeException.Damaged {
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
    if (context != null && !header.isBoundTo(context)) {
      throw new EnvelopeException.Damaged(
          "the recording is bound to another context than that of " + context);
    }
  }
}
