package dev.tapeseal.envelope;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.function.LongConsumer;

/**
 * Encrypts and decrypts whole files, so that reading, the cipher and writing overlap. Memory is some 2 MiB, whatever
 * the file's size.
 */
public final class RecordingCopy {

  private RecordingCopy() {}

  /**
   * Encrypts everything that a source gives: one thread reads ahead, the caller's encrypts, a third one writes and
   * computes tags. Closes neither, but a
   * source whose read had to be interrupted; after an exception the writer only closes.
   *
   * @param progress told how many bytes were encrypted so far, by the caller's thread
   * @return how many bytes were encrypted
   */
  public static long encrypt(
      ReadableByteChannel source, RecordingWriter recording, LongConsumer progress)
      throws IOException {
    boolean complete = false;
    try {
      recording.overlap();
      long encrypted = relay(source, recording, progress);
      complete = true;
      return encrypted;
    } finally {
      if (!complete) {
        recording.abandon(); // whatever was thrown, an Error too
      }
    }
  }

  /**
   * Decrypts everything from a {@link RecordingReader}'s position on, or all that a {@link RecordingStream} gives: one
   * thread reads, verifies and decrypts, the caller's writes. Closes neither.
   *
   * @param progress told how many bytes were written so far, by the caller's thread
   * @return how many bytes were written
   */
  public static long decrypt(
      ReadableByteChannel recording, WritableByteChannel target, LongConsumer progress)
      throws IOException {
    return relay(recording, target, progress);
  }

  private static long relay(
      ReadableByteChannel source, WritableByteChannel target, LongConsumer progress)
      throws IOException {
    long done = 0;
    try (ReadAhead ahead = new ReadAhead(source)) {
      for (ByteBuffer read = ahead.take(); read != null; read = ahead.take()) {
        done += read.remaining();
        while (read.hasRemaining()) {
          target.write(read);
        }
        ahead.giveBack(read);
        progress.accept(done);
      }
    }
    return done;
  }
}
