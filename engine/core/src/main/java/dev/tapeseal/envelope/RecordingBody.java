package dev.tapeseal.envelope;

import dev.tapeseal.content.CbcBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The writing side of one {@link RecordingFormat}. Its caller keeps order: nothing follows a failure but close. */
interface RecordingBody extends AutoCloseable {

  /** Takes all of the source. Allocates nothing. */
  void write(ByteBuffer plaintext) throws IOException;

  /** Puts what can be decrypted by itself onto the destination, where that can take it. */
  void writeFinishedBlocks() throws IOException;

  /** Encrypts together with other recordings from now on, where that serves the format. */
  void joinBatch(CbcBatch batch);

  /** Encrypts by itself again. */
  void leaveBatch();

  /** Lets another thread write to the destination from now on, so that writing and encrypting overlap. */
  void overlap();

  /** Ends the recording; all of it is on the destination. */
  void finish() throws IOException;

  /** What there is to remember, once it is finished. */
  RecordingFacts facts();

  /** Closes the destination's channels as they are, and wipes keys and plaintext. */
  @Override
  void close() throws IOException;
}
