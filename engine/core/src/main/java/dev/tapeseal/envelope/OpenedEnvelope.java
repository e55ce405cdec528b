package dev.tapeseal.envelope;

import dev.tapeseal.content.MacReader;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A recording whose headers were read, and whose pieces were found: all that needs no key.
 *
 * @param message without its armour
 * @param map where the ciphertext's pieces lie in the message
 * @param mac null where there is none
 */
record OpenedEnvelope(
    Armour armour,
    SeekableByteChannel message,
    ParsedEnvelope envelope,
    PieceMap map,
    @Nullable MacReader mac) {

  /**
   * Walks through a recording; costs one short read for every piece.
   *
   * @param objects what is opened is closed with these
   */
  static OpenedEnvelope open(RecordingSource source, OpenObjects objects) throws IOException {
    SeekableByteChannel media =
        Objects.requireNonNull(source.open(RecordingPart.MEDIA), "a source always opens the media");
    Armour.Opened<SeekableByteChannel> opened = Armour.open(objects.add(media));
    SeekableByteChannel message = opened.message();
    BerInput in = new BerInput(message);
    ParsedEnvelope envelope = ParsedEnvelope.read(in);
    PieceMap map = PieceMapBuilder.map(message, in, envelope.pieces());
    envelope.finish();
    requireWhole(message, in);
    SeekableByteChannel mac = source.open(RecordingPart.MAC);
    return new OpenedEnvelope(
        opened.armour(),
        message,
        envelope,
        map,
        mac == null ? null : MacReader.open(objects.add(mac)));
  }

  /** Refuses a message that is shorter than its lengths say. */
  private static void requireWhole(SeekableByteChannel message, BerInput in) throws IOException {
    if (in.position() > message.size()) {
      throw new EnvelopeException.Malformed(
          message.size(),
          "the message ends here, " + (in.position() - message.size())
              + " bytes too early; was it cut short, or is it still being written?");
    }
  }
}
