package dev.tapeseal.envelope;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.DamagedContentException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an encrypted recording tells to whoever has no key: nothing in it is proven.
 *
 * @param format how it lies in the store
 * @param armour of the envelope: {@code none}, {@code PEM} or {@code S/MIME}
 * @param form how the envelope's lengths are stated
 * @param contentCipher for example {@code AES-256-CBC}
 * @param recipients those with RSA key transport, as the header lists them
 * @param headerBytes what stands before the content in the media's file
 * @param ciphertextBytes the content's length, padding or tags included
 * @param pieceBytes the octets of the first piece, where the content is a series of them; otherwise 0
 * @param mac what its {@link RecordingPart#MAC} says; null where there is none
 * @param sealed what a sealed recording says; null where it is none, and without a MAC a change goes unseen
 */
public record EnvelopeInfo(
    RecordingFormat format,
    String armour,
    LengthForm form,
    String contentCipher,
    List<Recipient> recipients,
    long headerBytes,
    long ciphertextBytes,
    long pieceBytes,
    @Nullable Mac mac,
    @Nullable Sealed sealed) {

  private static final int BLOCK_BYTES = 16;

  /**
   * What a {@link RecordingPart#MAC} says without a key.
   *
   * @param id its id in lower-case hexadecimal
   * @param contextDigest the SHA-256 of what the recording is bound to, in lower-case hexadecimal
   * @param tags how many pieces it has tags for
   * @param fits whether that is as many as the content has
   */
  public record Mac(String id, String contextDigest, long tags, boolean fits) {}

  /**
   * What a sealed recording says without a key.
   *
   * @param fileId its id in lower-case hexadecimal
   * @param commitment to its session key, in lower-case hexadecimal
   * @param contextDigest the SHA-256 of what the recording is bound to, in lower-case hexadecimal
   * @param segmentBytes the bytes of every segment but the last
   * @param segments how many there are
   * @param plaintextBytes the plaintext's length
   */
  public record Sealed(
      String fileId,
      String commitment,
      String contextDigest,
      int segmentBytes,
      long segments,
      long plaintextBytes) {}

  /** Takes a copy of the list. */
  public EnvelopeInfo {
    recipients = List.copyOf(recipients);
  }

  /**
   * Reads a recording's headers and lengths; costs one short read for every piece, and no key.
   *
   * @param source whose channels are closed at the end
   * @throws EnvelopeException as {@link RecordingReader#open} throws
   */
  public static EnvelopeInfo of(RecordingSource source) throws IOException {
    OpenObjects objects = new OpenObjects();
    try (objects) {
      return OpenedRecording.open(source, objects).info();
    } catch (DamagedContentException e) {
      throw RecordingReader.damaged(e);
    }
  }

  /** Whether its recipients are these certificates and no others. */
  public boolean isFor(List<RecordingCertificate> certificates) {
    return recipients.size() == certificates.size()
        && recipients.stream()
            .map(Recipient::identifier)
            .collect(Collectors.<Object>toSet())
            .equals(certificates.stream()
                .map(RecordingCertificate::identifier)
                .collect(Collectors.<Object>toSet()));
  }

  /** Whether a change would be seen. */
  public boolean isAuthenticated() {
    return sealed != null || (mac != null && mac.fits());
  }

  /** The least that the plaintext can have: padding is 1 to 16 bytes. */
  public long minPlaintextBytes() {
    return sealed != null ? sealed.plaintextBytes : Math.max(0, ciphertextBytes - BLOCK_BYTES);
  }

  /** The most that the plaintext can have. */
  public long maxPlaintextBytes() {
    return sealed != null ? sealed.plaintextBytes : Math.max(0, ciphertextBytes - 1);
  }
}
