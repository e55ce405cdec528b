package dev.tapeseal.envelope;

import dev.tapeseal.content.DamagedContentException;
import dev.tapeseal.content.MacReader;
import dev.tapeseal.content.Piece;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an encrypted recording tells to whoever has no key: nothing in it is proven.
 *
 * @param format how it lies in the store
 * @param armour {@code none}, {@code PEM} or {@code S/MIME}
 * @param form how its lengths are stated
 * @param contentCipher for example {@code AES-256-CBC}
 * @param recipients those with RSA key transport, as the header lists them
 * @param headerBytes what stands before the content
 * @param ciphertextBytes the content's length, padding included
 * @param pieceBytes the octets of the first piece, where the content is a series of them; otherwise 0
 * @param mac what its {@link RecordingPart#MAC} says; null where there is none and a change goes unseen
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
    @Nullable Mac mac) {

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
      OpenedEnvelope opened = OpenedEnvelope.open(source, objects);
      ParsedEnvelope envelope = opened.envelope();
      PieceMap map = opened.map();
      return new EnvelopeInfo(
          RecordingFormat.PKCS7,
          opened.armour().toString(),
          envelope.form(),
          "AES-" + envelope.keyBits() + "-CBC",
          envelope.recipients(),
          envelope.headerBytes(),
          map.octets(),
          envelope.form() == LengthForm.INDEFINITE ? firstPieceBytes(map) : 0,
          opened.mac() == null ? null : mac(opened.mac(), map.octets()));
    } catch (DamagedContentException e) {
      throw RecordingReader.damaged(e);
    }
  }

  private static long firstPieceBytes(PieceMap map) throws IOException {
    if (map.octets() == 0) {
      return 0;
    }
    PieceMap.Run first = new PieceMap.Run();
    map.locate(0, first);
    return first.length;
  }

  private static Mac mac(MacReader mac, long octets) {
    return new Mac(
        mac.header().id(),
        mac.header().contextDigest(),
        mac.pieces(),
        mac.pieces() == Piece.count(octets));
  }

  /** The least that the plaintext can have: padding is 1 to 16 bytes. */
  public long minPlaintextBytes() {
    return Math.max(0, ciphertextBytes - BLOCK_BYTES);
  }

  /** The most that the plaintext can have. */
  public long maxPlaintextBytes() {
    return Math.max(0, ciphertextBytes - 1);
  }
}
