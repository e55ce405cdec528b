package dev.tapeseal.envelope;

import dev.tapeseal.content.CbcReader;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.content.ContentReader;
import dev.tapeseal.content.MacReader;
import dev.tapeseal.content.Piece;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recording in AES-CBC: in its envelope, or beside it.
 *
 * @param octets the ciphertext, and nothing of a message around it
 * @param pieceBytes the octets of the first piece, where the content is a series of them; otherwise 0
 * @param mac null where there is none
 */
record OpenedCbc(
    RecordingFormat format,
    Armour armour,
    ParsedEnvelope envelope,
    SeekableByteChannel octets,
    long pieceBytes,
    @Nullable MacReader mac)
    implements OpenedRecording {

  /** Walks through an attached recording; costs one short read for every piece. */
  static OpenedCbc attached(SeekableByteChannel media, RecordingSource source, OpenObjects objects)
      throws IOException {
    Armour.Opened<SeekableByteChannel> opened = Armour.open(media);
    SeekableByteChannel message = opened.message();
    BerInput in = new BerInput(message);
    ParsedEnvelope envelope = ParsedEnvelope.read(in);
    PieceMap map = PieceMapBuilder.map(message, in, envelope.pieces());
    envelope.finish();
    requireWhole(message, in);
    return new OpenedCbc(
        RecordingFormat.PKCS7,
        opened.armour(),
        envelope,
        new OctetChannel(message, map),
        envelope.form() == LengthForm.INDEFINITE ? firstPieceBytes(map) : 0,
        mac(source, objects));
  }

  /** Reads a detached recording's envelope. */
  static OpenedCbc detached(
      SeekableByteChannel media,
      SeekableByteChannel envelopeFile,
      RecordingSource source,
      OpenObjects objects)
      throws IOException {
    Armour.Opened<SeekableByteChannel> opened = Armour.open(envelopeFile);
    return new OpenedCbc(
        RecordingFormat.PKCS7_DETACHED,
        opened.armour(),
        readDetached(opened),
        media,
        0,
        mac(source, objects));
  }

  static ParsedEnvelope readDetached(Armour.Opened<SeekableByteChannel> opened) throws IOException {
    BerInput in = new BerInput(opened.message());
    ParsedEnvelope envelope = ParsedEnvelope.read(in);
    if (!envelope.isDetached()) {
      throw new EnvelopeException.Unsupported("envelope: has content of its own"
          + " (expected: one without, whose content is the recording's file)");
    }
    envelope.finish();
    return envelope;
  }

  private static @Nullable MacReader mac(RecordingSource source, OpenObjects objects)
      throws IOException {
    SeekableByteChannel mac = source.open(RecordingPart.MAC);
    return mac == null ? null : MacReader.open(objects.add(mac));
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

  private static long firstPieceBytes(PieceMap map) throws IOException {
    if (map.octets() == 0) {
      return 0;
    }
    PieceMap.Run first = new PieceMap.Run();
    map.locate(0, first);
    return first.length;
  }

  @Override
  public List<Recipient> recipients() {
    return envelope.recipients();
  }

  @Override
  public boolean isAuthenticated() {
    return mac != null;
  }

  @Override
  public @Nullable String macId() {
    return mac == null ? null : mac.header().id();
  }

  @Override
  public EnvelopeInfo info() throws IOException {
    long ciphertextBytes = octets.size();
    return new EnvelopeInfo(
        format,
        armour.toString(),
        envelope.form(),
        "AES-" + envelope.keyBits() + "-CBC",
        envelope.recipients(),
        format == RecordingFormat.PKCS7 ? envelope.headerBytes() : 0,
        ciphertextBytes,
        pieceBytes,
        mac == null
            ? null
            : new EnvelopeInfo.Mac(
                mac.header().id(),
                mac.header().contextDigest(),
                mac.pieces(),
                mac.pieces() == Piece.count(ciphertextBytes)),
        null);
  }

  @Override
  public void check(RecordingExpectation expectation) throws EnvelopeException.Damaged {
    expectation.check(mac == null ? null : mac.header());
  }

  @Override
  public ContentReader content(KeyUnwrapper unwrapper, OpenObjects objects) throws IOException {
    ContentEncryptionKey key = objects.add(envelope.unwrap(unwrapper));
    return CbcReader.open(key, envelope.iv(), octets, mac);
  }

  @Override
  public RecordingPart rewrap(
      RecordingRewrap.Target target, KeyUnwrapper unwrapper, OpenObjects objects)
      throws IOException {
    ContentEncryptionKey key = objects.add(envelope.unwrap(unwrapper));
    CbcReader.open(key, envelope.iv(), octets, mac).close();
    EnvelopeEncoder encoder =
        new EnvelopeEncoder(target.recipientsOf(format, key), envelope.keyBits(), envelope.iv());
    if (format == RecordingFormat.PKCS7_DETACHED) {
      return target.write(RecordingPart.ENVELOPE, encoder.encodeDetached(), null);
    }
    return target.write(RecordingPart.MEDIA, encoder.encode(LengthForm.DER, octets.size()), octets);
  }
}
