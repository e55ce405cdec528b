package dev.tapeseal.envelope;

import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.content.SealedHeader;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RecordingWriter} is told besides where and for whom.
 *
 * @param plaintextBytes the plaintext's length where it is known before; a file in DER results, which every reader
 *     takes. Otherwise lengths are patched at the end, or left indefinite on a forward-only destination
 * @param context what the {@link RecordingPart#MAC} binds the recording to; null where none is written and the
 *     recording stays unauthenticated. A sealed recording has no {@code .mac}, is always authenticated, and is bound to
 *     the context where there is one
 * @param segmentBytes a sealed recording's segments: a power of two, 4 KiB to 1 MiB
 */
public record RecordingOptions(
    OptionalLong plaintextBytes, @Nullable RecordingContext context, int segmentBytes) {

  /** Refuses a negative length, and segments that no recording has. */
  public RecordingOptions {
    if (plaintextBytes.isPresent() && plaintextBytes.getAsLong() < 0) {
      throw new IllegalArgumentException(
          "plaintext: " + plaintextBytes.getAsLong() + " bytes (expected: >= 0)");
    }
    SealedHeader.requireSegmentBytes(segmentBytes);
  }

  /** Length unknown, as of a recording that is being made, and no {@link RecordingPart#MAC}. */
  public static RecordingOptions live() {
    return new RecordingOptions(OptionalLong.empty(), null, SealedHeader.SEGMENT_BYTES);
  }

  /** The same, of a plaintext whose length is known. */
  public RecordingOptions withPlaintextBytes(long bytes) {
    return new RecordingOptions(OptionalLong.of(bytes), context, segmentBytes);
  }

  /** The same, with a {@link RecordingPart#MAC} that binds the recording to a context. */
  public RecordingOptions withMac(RecordingContext context) {
    return new RecordingOptions(plaintextBytes, context, segmentBytes);
  }

  /** The same, of which a crash loses little: a sealed recording's segments are as small as live audio needs. */
  public RecordingOptions withLiveSegments() {
    return new RecordingOptions(plaintextBytes, context, SealedHeader.LIVE_SEGMENT_BYTES);
  }
}
