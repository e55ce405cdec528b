package dev.tapeseal.capture;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.CbcBatch;
import dev.tapeseal.envelope.RecordingFacts;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingOptions;
import dev.tapeseal.envelope.RecordingPart;
import dev.tapeseal.envelope.RecordingWriter;
import dev.tapeseal.envelope.WrappedSessionKey;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.PendingRecording;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One media file on its way into the store: encrypted or clear, handed to the operating system at most a second
 * late, and described only when it is whole. Confined to one thread.
 *
 * <p>It is longer than most because it keeps together what must be closed together, on every path.
 */
final class MediaCapture implements Closeable {
  private static final long FLUSH_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(750);

  private final RecordingStore store;
  private final CapturedMedia media;
  private final PendingRecording pending;
  private final WritableByteChannel destination;
  private final Flush flush;
  private final @Nullable RecordingWriter encrypting;
  private final List<RecordingCertificate> certificates;
  private final LongSupplier nanoClock;
  private long flushedAtNanos;

  /** Hands what the destination holds back to the operating system; no fsync. */
  private interface Flush {
    void flush() throws IOException;
  }

  private MediaCapture(
      RecordingStore store,
      CapturedMedia media,
      PendingRecording pending,
      WritableByteChannel destination,
      Flush flush,
      @Nullable RecordingWriter encrypting,
      List<RecordingCertificate> certificates,
      LongSupplier nanoClock) {
    this.store = store;
    this.media = media;
    this.pending = pending;
    this.destination = destination;
    this.flush = flush;
    this.encrypting = encrypting;
    this.certificates = certificates;
    this.nanoClock = nanoClock;
    this.flushedAtNanos = nanoClock.getAsLong();
  }

  static MediaCapture clear(RecordingStore store, CapturedMedia media, LongSupplier nanoClock)
      throws IOException {
    PendingRecording pending =
        store.begin(media.interaction().tenant(), media.id(), media.started());
    try {
      var destination =
          new BufferedDestination(pending.create(media.mediaId(), MediaSuffix.CONTENT));
      return new MediaCapture(
          store, media, pending, destination, destination::flush, null, List.of(), nanoClock);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, pending);
      throw e;
    }
  }

  static MediaCapture encrypted(
      RecordingStore store,
      CapturedMedia media,
      LongSupplier nanoClock,
      RecordingFormat format,
      List<RecordingCertificate> certificates,
      SessionKeySource sessionKeys,
      SecureRandom random)
      throws IOException {
    WrappedSessionKey sessionKey = sessionKeys.take(format, certificates);
    PendingRecording pending;
    try {
      pending = store.begin(media.interaction().tenant(), media.id(), media.started());
    } catch (IOException | RuntimeException e) {
      sessionKey.close();
      throw e;
    }
    try {
      return encrypted(store, pending, media, nanoClock, format, certificates, sessionKey, random);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, pending);
      throw e;
    }
  }

  private static MediaCapture encrypted(
      RecordingStore store,
      PendingRecording pending,
      CapturedMedia media,
      LongSupplier nanoClock,
      RecordingFormat format,
      List<RecordingCertificate> certificates,
      WrappedSessionKey sessionKey,
      SecureRandom random)
      throws IOException {
    RecordingOptions options = RecordingOptions.live().withMac(media.context());
    RecordingWriter writer = RecordingWriter.open(
        format,
        sessionKey,
        part -> pending.create(media.mediaId(), MediaSuffix.of(part.suffix())),
        media.kind() == RecordingKind.CALL ? options.withLiveSegments() : options,
        random);
    try {
      // a disk that takes no header refuses the call before a frame is taken
      pending.force(media.mediaId(), MediaSuffix.CONTENT);
      RecordingPart envelope = format.envelope();
      if (envelope != null) { // only it can bring back what was recorded before a crash
        pending.force(media.mediaId(), MediaSuffix.of(envelope.suffix()));
      }
    } catch (IOException | RuntimeException e) {
      writer.abandon();
      closeAfter(e, writer);
      throw e;
    }
    return new MediaCapture(
        store,
        media,
        pending,
        writer,
        writer::writeFinishedBlocks,
        writer,
        List.copyOf(certificates),
        nanoClock);
  }

  RecordingStore store() {
    return store;
  }

  void joinBatch(CbcBatch batch) {
    if (encrypting != null) {
      encrypting.joinBatch(batch);
    }
  }

  void leaveBatch() {
    if (encrypting != null) {
      encrypting.leaveBatch();
    }
  }

  /** Where the media go; closing it ends them. */
  WritableByteChannel destination() {
    return destination;
  }

  /** Called after every frame: once a second it hands over what is there. Allocates nothing. */
  void flushWhenDue() throws IOException {
    long now = nanoClock.getAsLong();
    if (now - flushedAtNanos >= FLUSH_EVERY_NANOS) {
      flushNow();
    }
  }

  /** Called four times a second, also where no frames come: hands over what is there before it is a second old. */
  void flushWhenIdle() throws IOException {
    if (nanoClock.getAsLong() - flushedAtNanos >= IDLE_NANOS) {
      flushNow();
    }
  }

  /** Hands over what is there: nothing may follow for a while. */
  void flushNow() throws IOException {
    flushedAtNanos = nanoClock.getAsLong();
    flush.flush();
  }

  /**
   * Ends the media and makes the recording visible; where that fails nothing of it stays.
   *
   * @param writer what writes to the destination
   * @param duration how long the media play
   */
  Recording finish(Closeable writer, Duration duration) throws IOException {
    try (MediaCapture ending = this) {
      writer.close();
      return pending.commit(media.describe(duration, ending.encryption()));
    }
  }

  private @Nullable MediaEncryption encryption() {
    if (encrypting == null) {
      return null;
    }
    RecordingFacts facts = encrypting.facts();
    return new MediaEncryption(
        facts.format().label(),
        certificates.stream()
            .map(certificate -> certificate.named(MediaRecipient::new))
            .toList(),
        facts.fileId(),
        facts.macId(),
        facts.commitment(),
        facts.plaintextBytes());
  }

  /** Gives the media up, so that whoever closes the destination does not complete them. */
  private void abandon() {
    if (encrypting != null) {
      encrypting.abandon();
    }
  }

  /** Closes it because of a failure, to which it adds its own. */
  void closeAfter(Exception failure) {
    closeAfter(failure, this);
  }

  private static void closeAfter(Exception failure, Closeable what) {
    try (what) {
      return;
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Leaves nothing behind of a recording that was not stored. */
  @Override
  public void close() throws IOException {
    abandon();
    try (pending) {
      destination.close();
    }
  }
}
