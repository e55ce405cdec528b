package dev.tapeseal.store;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * A file on its way into a storage: written unseen, then published under its name.
 *
 * <p>After its publication a mark of who wrote it stays until {@link #settle}: should the process end in between,
 * the next {@link MediaStorage#sweep} sees by it which published files nobody came to name. Confined to one thread
 * at a time.
 */
public interface PendingFile {

  /**
   * Where the bytes go. Where the storage can seek it is a {@link java.nio.channels.SeekableByteChannel}. Closing
   * it makes the bytes durable; after a failed write or a failed close the file can only be discarded.
   */
  WritableByteChannel channel();

  /** Makes what was written so far durable. A failure is final for this file. */
  void force() throws IOException;

  /** The file's length; final once the channel is closed. */
  long sizeBytes();

  /**
   * Gives the closed file its name.
   *
   * @throws java.nio.file.FileAlreadyExistsException where the name is taken
   */
  void publish() throws IOException;

  /** Gives the closed file its name in place of the file that has it, so that a reader finds either whole. */
  void publishReplacing() throws IOException;

  /** Removes the mark of who wrote a published file: it is named by metadata that a catalog has. */
  void settle() throws IOException;

  /** Removes the file, published or not. A file that replaced another stays. */
  void discard() throws IOException;
}
