package dev.tapeseal.envelope;

import dev.tapeseal.content.RecordingContext;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RecordingWriter} is told besides where and for whom.
 *
 * @param plaintextBytes the plaintext's length where it is known before; a file in DER results, which every reader
 *     takes. Otherwise lengths are patched at the end, or left indefinite on a forward-only destination
 * @param context what the {@link RecordingPart#MAC} binds the recording to; null where none is written and the
 *     recording stays unauthenticated
 */
public record RecordingOptions(
    OptionalLong plaintextBytes, @Nullable RecordingContext context) {

  /** Refuses a negative length. */
  public RecordingOptions {
    if (plaintextBytes.isPresent() && plaintextBytes.getAsLong() < 0) {
      throw new IllegalArgumentException(
          "plaintext: " + plaintextBytes.getAsLong() + " bytes (expected: >= 0)");
    }
  }

  /** Length unknown, as of a recording that is being made, and no {@link RecordingPart#MAC}. */
  public static RecordingOptions live() {
    return new RecordingOptions(OptionalLong.empty(), null);
  }

  /** The same, of a plaintext whose length is known. */
  public RecordingOptions withPlaintextBytes(long bytes) {
    return new RecordingOptions(OptionalLong.of(bytes), context);
  }

  /** The same, with a {@link RecordingPart#MAC} that binds the recording to a context. */
  public RecordingOptions withMac(RecordingContext context) {
    return new RecordingOptions(plaintextBytes, context);
  }
}
