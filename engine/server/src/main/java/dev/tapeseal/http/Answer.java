package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A response made ready: its first bytes are read, so that what can fail before the first byte has failed.
 *
 * @param lengthBytes of the whole body, or {@link Response#UNKNOWN}
 * @param first the beginning of the body, or all of it
 * @param rest what follows; an ended one where nothing does
 */
record Answer(
    int status,
    List<Map.Entry<String, String>> headers,
    long lengthBytes,
    ByteBuf first,
    ReadableByteChannel rest) {

  /** What is read, encrypted or decrypted, and sent at a time. */
  static final int CHUNK_BYTES = 64 * 1024;

  private static final int MAX_EMPTY_READS = 1000;

  /** No bytes at all. */
  static final ByteBuf NO_BYTES = Unpooled.EMPTY_BUFFER;

  /** The channel of an answer that is all in its first bytes. */
  static final ReadableByteChannel NOTHING = new Nothing();

  private static final class Nothing implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer destination) {
      return -1;
    }

    @Override
    public boolean isOpen() {
      return false;
    }

    @Override
    public void close() {}
  }

  /** An answer of a response whose body is bytes that exist, as those to errors are. */
  static Answer of(Response error) {
    byte[] bytes = error.body() instanceof Response.Body.Bytes body ? body.bytes() : new byte[0];
    return ofBytes(error.status(), error.headers(), bytes);
  }

  static Answer ofBytes(int status, List<Map.Entry<String, String>> headers, byte[] bytes) {
    return new Answer(status, headers, bytes.length, Unpooled.wrappedBuffer(bytes), NOTHING);
  }

  /**
   * Reads the first bytes of a body; closes it when that fails, and when there is no more.
   *
   * @param lengthBytes how long the body is, or {@link Response#UNKNOWN}
   */
  static Answer opening(
      int status,
      List<Map.Entry<String, String>> headers,
      long lengthBytes,
      ReadableByteChannel body,
      ByteBufAllocator allocator)
      throws IOException {
    ReadableByteChannel rest = body;
    ByteBuf first = NO_BYTES;
    try {
      ByteBuf read = readChunk(body, lengthBytes, allocator);
      first = read == null ? NO_BYTES : read;
      if (read == null || first.readableBytes() == lengthBytes) {
        rest = NOTHING;
        body.close();
      }
      return new Answer(status, headers, read == null ? 0 : lengthBytes, first, rest);
    } catch (IOException | RuntimeException | Error e) {
      first.release();
      closeAfter(body, e);
      throw e;
    }
  }

  /**
   * The next bytes: as many as fit where the length is known, otherwise what one read gives, so that a slow source is
   * passed on as it comes. Null at the end.
   */
  static @Nullable ByteBuf readChunk(
      ReadableByteChannel source, long remaining, ByteBufAllocator allocator) throws IOException {
    int size = remaining < 0 ? CHUNK_BYTES : (int) Math.min(CHUNK_BYTES, Math.max(1, remaining));
    ByteBuf chunk = allocator.directBuffer(size, size);
    try {
      ByteBuffer destination = chunk.internalNioBuffer(0, size);
      int emptyReads = 0;
      while (destination.hasRemaining()) {
        int before = destination.position();
        if (source.read(destination) < 0) {
          break;
        }
        if (destination.position() == before && ++emptyReads > MAX_EMPTY_READS) {
          throw new IOException("content: " + MAX_EMPTY_READS + " reads gave nothing");
        }
        if (remaining < 0 && destination.position() > before) {
          break;
        }
      }
      int count = size - destination.remaining();
      if (count == 0) {
        chunk.release();
        return null;
      }
      return chunk.writerIndex(count);
    } catch (IOException | RuntimeException | Error e) {
      chunk.release();
      throw e;
    }
  }

  /** Whether its first bytes are all there is. */
  boolean isWhole() {
    return rest instanceof Nothing;
  }

  /** Gives back what an answer holds that is not sent. Blocks as closing does. */
  void discard() throws IOException {
    first.release();
    rest.close();
  }

  private static void closeAfter(ReadableByteChannel body, Throwable failure) {
    try {
      body.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
