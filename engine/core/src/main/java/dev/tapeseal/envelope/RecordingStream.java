package dev.tapeseal.envelope;

import static java.util.Objects.requireNonNull;

import dev.tapeseal.content.CbcStreamReader;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.content.ContentStream;
import dev.tapeseal.content.DamagedContentException;
import dev.tapeseal.content.MacReader;
import dev.tapeseal.content.SealedHeader;
import dev.tapeseal.content.SealedStreamReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts one recording as it comes, from a pipe: the same messages as {@link RecordingReader}.
 *
 * <p>Pieces are verified in their order, each before anything of it is returned, in a sealed recording and where there
 * is a {@link RecordingPart#MAC}. That the recording is whole is known at its end only: what was returned before an
 * exception is then a beginning of it, and must not pass for all of it. Memory is constant, some 220 KiB. Confined to
 * one thread.
 */
public final class RecordingStream implements ReadableByteChannel {
  private final OpenObjects objects;
  private final ContentStream content;
  private final boolean authenticated;
  private boolean open = true;

  private RecordingStream(OpenObjects objects, ContentStream content, boolean authenticated) {
    this.objects = objects;
    this.content = content;
    this.authenticated = authenticated;
  }

  static RecordingStream open(
      ReadableByteChannel media,
      RecordingSource companions,
      KeyUnwrapper unwrapper,
      RecordingExpectation expectation)
      throws IOException {
    OpenObjects objects = new OpenObjects();
    objects.add(media);
    try {
      ByteBuffer start = ByteBuffer.allocate(OpenedRecording.START_BYTES);
      while (start.hasRemaining() && media.read(start) >= 0) {
        // a channel may give less than it is asked for
      }
      ReadableByteChannel whole = new PrefixedChannel(start.flip(), media);
      OpenedRecording.Found found = OpenedRecording.find(start.duplicate(), companions, objects);
      return found.format() == RecordingFormat.SEALED
          ? openSealed(whole, found.envelope(), unwrapper, expectation, objects)
          : openCbc(whole, found, companions, unwrapper, expectation, objects);
    } catch (DamagedContentException e) {
      EnvelopeException.Damaged damaged = RecordingReader.damaged(e);
      objects.closeAfter(damaged);
      throw damaged;
    } catch (IOException | RuntimeException e) {
      objects.closeAfter(e);
      throw e;
    }
  }

  private static RecordingStream openSealed(
      ReadableByteChannel media,
      @Nullable SeekableByteChannel keyEnvelope,
      KeyUnwrapper unwrapper,
      RecordingExpectation expectation,
      OpenObjects objects)
      throws IOException {
    SealedHeader header = SealedHeader.read(media);
    expectation.check(header);
    try (KeyBundle bundle =
        OpenedSealed.bundle(KeyEnvelope.read(requireNonNull(keyEnvelope)), header, unwrapper)) {
      ContentStream content =
          objects.add(new SealedStreamReader(bundle.sessionKey(), header, media));
      return new RecordingStream(objects, content, true);
    }
  }

  private static RecordingStream openCbc(
      ReadableByteChannel media,
      OpenedRecording.Found found,
      RecordingSource companions,
      KeyUnwrapper unwrapper,
      RecordingExpectation expectation,
      OpenObjects objects)
      throws IOException {
    ReadableByteChannel octets = media;
    ParsedEnvelope envelope;
    if (found.envelope() == null) {
      BerInput in = new BerInput(Armour.open(media).message());
      envelope = ParsedEnvelope.read(in);
      octets = new OctetPipe(in, envelope);
    } else {
      envelope = OpenedCbc.readDetached(Armour.open(found.envelope()));
    }
    SeekableByteChannel macSource = companions.open(RecordingPart.MAC);
    MacReader mac = macSource == null ? null : MacReader.open(objects.add(macSource));
    expectation.check(mac == null ? null : mac.header());
    ContentEncryptionKey key = objects.add(envelope.unwrap(unwrapper));
    ContentStream content = objects.add(new CbcStreamReader(key, envelope.iv(), octets, mac));
    return new RecordingStream(objects, content, mac != null);
  }

  /** Whether every byte that is read is verified first. */
  public boolean isAuthenticated() {
    return authenticated;
  }

  /**
   * Reads what comes next; -1 once the recording has ended as it should.
   *
   * @throws EnvelopeException where a piece is not what was encrypted, or the message ends too early
   */
  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    try {
      return content.read(target);
    } catch (DamagedContentException e) {
      throw RecordingReader.damaged(e);
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** Wipes the session key and what was decrypted, and closes the source. */
  @Override
  public void close() throws IOException {
    open = false;
    objects.close();
  }

  /** The octets of the content as they come; at their end the rest of the envelope must be there too. */
  private static final class OctetPipe implements ReadableByteChannel {
    private final BerInput in;
    private final ParsedEnvelope envelope;
    private final OctetPieces pieces;
    private long left;
    private boolean ended;

    OctetPipe(BerInput in, ParsedEnvelope envelope) throws EnvelopeException {
      this.in = in;
      this.envelope = envelope;
      this.pieces = envelope.pieces();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (left == 0) {
        if (ended) {
          return -1;
        }
        if (!pieces.next()) {
          envelope.finish();
          ended = true;
          return -1;
        }
        left = pieces.length();
      }
      int part = (int) Math.min(left, target.remaining());
      in.readFully(target.array(), target.arrayOffset() + target.position(), part);
      target.position(target.position() + part);
      left -= part;
      return part;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    /** The input is the stream's to close. */
    @Override
    public void close() {}
  }
}
