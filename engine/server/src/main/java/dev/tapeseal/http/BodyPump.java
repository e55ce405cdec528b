package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads content on worker threads as fast as the client takes it. At most {@link #MAX_CHUNKS} chunks are on their way;
 * while they are, no thread waits: the socket's progress submits the next read. So a slow client holds up its own
 * decryption and costs 128 KiB of memory and as much of the kernel's.
 *
 * <p>Reads of one pump never overlap. When one fails the connection is cut, so that nothing short looks complete.
 */
final class BodyPump {
  private static final int MAX_CHUNKS = 2;

  /** After so many chunks a pump lets others have the thread. */
  private static final int MAX_CHUNKS_A_TURN = 16;

  /** Called on the event loop, once. */
  @FunctionalInterface
  interface WhenDone {
    /** Without a failure when all is sent. */
    void done(@Nullable Throwable failure);
  }

  private final Channel channel;
  private final Executor workers;
  private final ReadableByteChannel source;
  private final WhenDone whenDone;
  private final AtomicInteger free = new AtomicInteger(MAX_CHUNKS);
  private long remaining;
  private boolean closed; // guarded by this
  private boolean done; // confined to the event loop

  /**
   * Makes a pump.
   *
   * @param remaining bytes of the source, or {@link Response#UNKNOWN}
   * @param whenDone called once on the event loop, when all is sent, or with why it never will be
   */
  BodyPump(
      Channel channel,
      Executor workers,
      ReadableByteChannel source,
      long remaining,
      WhenDone whenDone) {
    this.channel = channel;
    this.workers = workers;
    this.source = source;
    this.remaining = remaining;
    this.whenDone = whenDone;
  }

  /** Starts with bytes that were read before; the head is written already. On the event loop. */
  void start(ByteBuf first) {
    write(first);
    if (free.decrementAndGet() > 0) {
      workers.execute(this::turn);
    }
  }

  /** The connection is gone. On the event loop. */
  void cancel() {
    finish(new ClientGoneException());
  }

  private void turn() {
    try {
      for (int chunks = 0; chunks < MAX_CHUNKS_A_TURN; chunks++) {
        ByteBuf chunk = read();
        if (chunk == null) {
          close();
          channel
              .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
              .addListener(future -> finish(future.cause()));
          return;
        }
        write(chunk);
        if (free.decrementAndGet() == 0) {
          return; // the chunk that is sent next goes on
        }
      }
      workers.execute(this::turn);
    } catch (IOException | RuntimeException | Error e) {
      channel.eventLoop().execute(() -> finish(e));
    }
  }

  private synchronized @Nullable ByteBuf read() throws IOException {
    if (closed) {
      throw new ClientGoneException();
    }
    if (remaining == 0) {
      return null;
    }
    ByteBuf chunk = Answer.readChunk(source, remaining, channel.alloc());
    if (chunk != null && remaining > 0) {
      remaining -= chunk.readableBytes();
    }
    return chunk;
  }

  private void write(ByteBuf chunk) {
    ChannelFuture written = channel.writeAndFlush(new DefaultHttpContent(chunk));
    written.addListener(future -> {
      if (!future.isSuccess()) {
        finish(future.cause());
      } else if (free.getAndIncrement() == 0) {
        workers.execute(this::turn);
      }
    });
  }

  /** On the event loop. */
  private void finish(@Nullable Throwable failure) {
    if (done) {
      return;
    }
    done = true;
    if (failure == null) {
      whenDone.done(null);
      return;
    }
    var unused = channel.close(); // nothing short may look complete
    workers.execute(() -> {
      try {
        close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
      channel.eventLoop().execute(() -> whenDone.done(failure));
    });
  }

  private synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      source.close();
    }
  }
}
