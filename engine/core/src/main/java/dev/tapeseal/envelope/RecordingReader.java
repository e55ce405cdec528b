package dev.tapeseal.envelope;

import dev.tapeseal.content.ContentReader;
import dev.tapeseal.content.DamagedContentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts one recording, at random, as if it were a file of plaintext.
 *
 * <p>Which {@link RecordingFormat} it is shows from what there is. Reads what we write and what others do: DER and BER,
 * definite and indefinite lengths, pieces of any size, PEM and S/MIME, AES-128, -192 and -256-CBC, RSAES-PKCS1-v1_5 and
 * RSAES-OAEP. Opening walks through the envelope's headers and decrypts the last piece, which tells the {@link #size}.
 * In a sealed recording, and with a {@link RecordingPart#MAC}, every piece is verified before anything of it is
 * returned; otherwise {@link #isAuthenticated} is false, and a change goes unseen.
 *
 * <p>Memory is constant, some 300 KiB (with segments of 1 MiB, some 3 MiB), whatever the recording's size. A read of
 * whole pieces, from where one begins, into a heap buffer, decrypts straight into it; direct buffers get a copy, which
 * takes 64 KiB more. Confined to one thread.
 *
 * <p>Every failure to read is an {@link EnvelopeException}, unless the source itself failed.
 */
public final class RecordingReader implements SeekableByteChannel {
  private static final int COPY_BYTES = 64 * 1024;
  private static final byte[] NOTHING = {};

  private final OpenObjects objects;
  private final OpenedRecording opened;
  private final ContentReader content;
  private byte[] copy = NOTHING; // of what a direct buffer gets, once there is one
  private long position;
  private boolean open = true;

  private RecordingReader(OpenObjects objects, OpenedRecording opened, ContentReader content) {
    this.objects = objects;
    this.opened = opened;
    this.content = content;
  }

  /**
   * Opens a recording.
   *
   * @param source whose channels are closed with the reader, or at once where opening fails
   * @throws EnvelopeException.Malformed where the media are no envelope, or a part of one
   * @throws EnvelopeException.Unsupported where they are one of another kind
   * @throws EnvelopeException.NoMatchingKey where the unwrapper has no key for it
   * @throws EnvelopeException.KeyNotUnwrapped where the unwrapper's key does not decrypt the session key
   * @throws EnvelopeException.Damaged where the content is not what was encrypted, or not what is expected
   */
  public static RecordingReader open(
      RecordingSource source, KeyUnwrapper unwrapper, RecordingExpectation expectation)
      throws IOException {
    OpenObjects objects = new OpenObjects();
    try {
      OpenedRecording opened = OpenedRecording.open(source, objects);
      opened.check(expectation);
      return new RecordingReader(objects, opened, objects.add(opened.content(unwrapper, objects)));
    } catch (DamagedContentException e) {
      EnvelopeException.Damaged damaged = damaged(e);
      objects.closeAfter(damaged);
      throw damaged;
    } catch (IOException | RuntimeException e) {
      objects.closeAfter(e);
      throw e;
    }
  }

  /**
   * Opens a recording that comes from a pipe, to be read once from its beginning to its end.
   *
   * @param media closed with the stream, or at once where opening fails; so are its companions
   * @param companions gives what stands beside the media, and is never asked for them
   * @see RecordingStream
   */
  public static RecordingStream openStream(
      ReadableByteChannel media,
      RecordingSource companions,
      KeyUnwrapper unwrapper,
      RecordingExpectation expectation)
      throws IOException {
    return RecordingStream.open(media, companions, unwrapper, expectation);
  }

  static EnvelopeException.Damaged damaged(DamagedContentException e) {
    EnvelopeException.Damaged damaged = new EnvelopeException.Damaged(e.what());
    damaged.initCause(e);
    return damaged;
  }

  /** How the recording lies in its store. */
  public RecordingFormat format() {
    return opened.format();
  }

  /** Whether every byte that is read is verified first. */
  public boolean isAuthenticated() {
    return opened.isAuthenticated();
  }

  /** The id of the recording's {@link RecordingPart#MAC}, verified; null where there is none. */
  public @Nullable String macId() {
    return opened.macId();
  }

  /** Whose private keys open it. */
  public List<Recipient> recipients() {
    return opened.recipients();
  }

  /**
   * Reads plaintext from the position on.
   *
   * @throws EnvelopeException.Damaged where a piece is not what was encrypted
   */
  @Override
  public int read(ByteBuffer target) throws IOException {
    requireOpen();
    int read;
    if (target.hasArray()) {
      read = read(target.array(), target.arrayOffset() + target.position(), target.remaining());
      target.position(target.position() + Math.max(read, 0));
    } else {
      if (copy.length < Math.min(target.remaining(), COPY_BYTES)) {
        Arrays.fill(copy, (byte) 0);
        copy = new byte[Math.min(target.remaining(), COPY_BYTES)];
      }
      read = read(copy, 0, Math.min(target.remaining(), copy.length));
      target.put(copy, 0, Math.max(read, 0));
    }
    position += Math.max(read, 0);
    return read;
  }

  private int read(byte[] target, int offset, int length) throws IOException {
    try {
      return content.read(position, target, offset, length);
    } catch (DamagedContentException e) {
      throw damaged(e);
    }
  }

  @Override
  public long position() throws ClosedChannelException {
    requireOpen();
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws ClosedChannelException {
    requireOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position: " + newPosition + " (expected: >= 0)");
    }
    position = newPosition;
    return this;
  }

  /** The plaintext's length in bytes; with a {@link RecordingPart#MAC} it is verified. */
  @Override
  public long size() throws ClosedChannelException {
    requireOpen();
    return content.size();
  }

  private void requireOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** Wipes the session key and what was decrypted, and closes the source. */
  @Override
  public void close() throws IOException {
    open = false;
    Arrays.fill(copy, (byte) 0);
    objects.close();
  }
}
