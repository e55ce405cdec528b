package dev.tapeseal.envelope;

import dev.tapeseal.certificate.RecipientIdentifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be remembered of a recording that was written whole.
 *
 * @param format how it lies in the store
 * @param plaintextBytes the media's length
 * @param ciphertextBytes the encrypted content's length, padding or tags included
 * @param mediaBytes the length of the {@link RecordingPart#MEDIA} object
 * @param macId the id of its {@link RecordingPart#MAC}, in lower-case hexadecimal; null where there is none
 * @param fileId the id of a sealed recording, in lower-case hexadecimal; null in other formats
 * @param commitment a sealed recording's to its session key, in lower-case hexadecimal; null in other formats
 * @param recipients the certificates it is encrypted under, in the order they were given
 */
public record RecordingFacts(
    RecordingFormat format,
    long plaintextBytes,
    long ciphertextBytes,
    long mediaBytes,
    @Nullable String macId,
    @Nullable String fileId,
    @Nullable String commitment,
    List<RecipientIdentifier> recipients) {

  /** Takes a copy of the list. */
  public RecordingFacts {
    recipients = List.copyOf(recipients);
  }
}
