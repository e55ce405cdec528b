package dev.tapeseal.envelope;

import dev.tapeseal.content.CbcBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;

/**
 * Encrypts one recording while it is being made.
 *
 * <p>The envelope's header, with the session key encrypted under every certificate, is written when the writer is
 * opened. After that {@link #write} allocates nothing, but for less than 1 KiB with each segment of a sealed recording;
 * ciphertext reaches the destination a piece of 65,536 octets at a time, or as soon as {@link #writeFinishedBlocks} asks
 * for it, or a segment at a time. {@link #close} ends the recording.
 *
 * <p>After an exception the writer only closes: a damaged recording must not look like a complete one. Whoever
 * fails before this writer says so by {@link #abandon}. Confined to one thread.
 */
public final class RecordingWriter implements WritableByteChannel {
  private enum State {
    OPEN,
    FAILED,
    COMPLETE
  }

  private final RecordingBody body;
  private State state = State.OPEN;
  private boolean closed;

  private RecordingWriter(RecordingBody body) {
    this.body = body;
  }

  /**
   * Opens a recording and writes its header.
   *
   * @param wrapped made for the format, used by this recording alone, and closed with it, or at once where opening fails
   * @param destination whose channels are closed with the recording
   * @throws IOException where the destination refuses; nothing of it is left open
   */
  public static RecordingWriter open(
      RecordingFormat format,
      WrappedSessionKey wrapped,
      RecordingDestination destination,
      RecordingOptions options,
      SecureRandom random)
      throws IOException {
    return new RecordingWriter(
        switch (format) {
          case PKCS7, PKCS7_DETACHED -> CbcBody.open(format, wrapped, destination, options, random);
          case SEALED -> SealedBody.open(wrapped, destination, options, random);
        });
  }

  /**
   * Encrypts all of the plaintext.
   *
   * @return its length
   * @throws IOException where the destination failed, or where there is more than was announced
   */
  @Override
  public int write(ByteBuffer plaintext) throws IOException {
    int length = plaintext.remaining();
    begin();
    body.write(plaintext);
    state = State.OPEN;
    return length;
  }

  /**
   * Puts onto the destination what is encrypted so far, up to the last whole block of 16 bytes, so that a crash
   * loses no more than what came since. A forward-only destination whose end is unknown holds back up to one piece, and
   * a sealed recording up to one segment.
   * Allocates nothing.
   */
  public void writeFinishedBlocks() throws IOException {
    begin();
    body.writeFinishedBlocks();
    state = State.OPEN;
  }

  /**
   * Encrypts together with the other recordings of a batch from now on: what the destination throws then comes out of
   * the next call here. The batch must run for anything to reach the destination. A sealed recording stays by itself.
   */
  public void joinBatch(CbcBatch batch) {
    body.joinBatch(batch);
  }

  /** Encrypts by itself again; what waited in the batch is encrypted with it. Called before another thread goes on. */
  public void leaveBatch() {
    body.leaveBatch();
  }

  /** Lets another thread write from now on. */
  void overlap() throws IOException {
    begin();
    body.overlap();
    state = State.OPEN;
  }

  /** Whatever throws from here on leaves the writer failed. */
  private void begin() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (state != State.OPEN) {
      throw new IOException("recording: a write failed before, it can only be closed");
    }
    state = State.FAILED;
  }

  /** What is to be remembered of the recording, once {@link #close} has completed it. */
  public RecordingFacts facts() {
    if (!closed || state != State.COMPLETE) {
      throw new IllegalStateException(
          "recording: " + (closed ? "incomplete" : "still open") + " (expected: complete)");
    }
    return body.facts();
  }

  /** False once the writer was closed. */
  @Override
  public boolean isOpen() {
    return !closed;
  }

  /** Gives the recording up: {@link #close} will leave it incomplete, as after a failed write. */
  public void abandon() {
    if (!closed) {
      state = State.FAILED;
    }
  }

  /**
   * Ends the recording and closes the destination; after a failure or {@link #abandon} it only closes. May be
   * called more than once.
   *
   * @throws IOException where the recording could not be completed: what is on the destination is then no recording
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    boolean complete = state == State.OPEN;
    state = State.FAILED;
    try (body) {
      if (complete) {
        body.finish();
      }
    }
    state = complete ? State.COMPLETE : State.FAILED;
  }
}
