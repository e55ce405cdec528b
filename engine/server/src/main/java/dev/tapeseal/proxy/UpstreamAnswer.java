package dev.tapeseal.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a crypto server, as it comes. The socket is read while less than {@link #AHEAD_BYTES} wait here, so that
 * a slow player slows the crypto server down. A connection that ends before the answer does is a failure of the next
 * read.
 *
 * <p>The connection's event loop fills it; one other thread at a time reads it.
 */
final class UpstreamAnswer implements ReadableByteChannel {
  /** So much is read before it is asked for; one read of the socket may exceed it by {@link UpstreamClient#READ_BYTES}. */
  static final int AHEAD_BYTES = 64 * 1024;

  /** So long a crypto server may send nothing in the middle of an answer. */
  private static final Duration STALLED = Duration.ofSeconds(30);

  private final UpstreamConnection connection;
  private final CompletableFuture<HttpResponse> head = new CompletableFuture<>();
  private final List<ByteBuf> arrived = new ArrayList<>(); // confined to the event loop
  private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>(); // guarded by this
  private @Nullable HttpResponse response; // confined to the event loop
  private int waitingBytes; // guarded by this: in parts
  private boolean reading = true; // guarded by this: the socket is being read
  private boolean complete; // guarded by this
  private boolean closed; // guarded by this
  private @Nullable IOException failure; // guarded by this

  UpstreamAnswer(UpstreamConnection connection) {
    this.connection = connection;
  }

  /**
   * Waits for status and headers, and for what came together with them.
   *
   * @throws StaleConnectionException when the connection was ended before the request came
   * @throws UpstreamException when they do not come in time, or never will
   */
  void awaitHead(Duration within) throws IOException {
    try {
      head.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new UpstreamException("no answer within " + within.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new UpstreamException("failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamException("interrupted", e);
    }
  }

  /** Status and headers, once they are there. */
  HttpResponse head() {
    return head.join();
  }

  // --- on the event loop ---

  void takeHead(HttpResponse newResponse) {
    response = newResponse;
  }

  /** Takes a part, which it releases; the reader has it when the socket's read has ended. */
  void take(ByteBuf part) {
    arrived.add(part);
  }

  /**
   * One read of the socket is over: whether to go on at once.
   *
   * @param last nothing follows what came
   */
  boolean readEnded(boolean last) {
    HttpResponse came = response;
    if (came != null) {
      head.complete(came);
    }
    synchronized (this) {
      hand();
      complete = last;
      reading = wantsMore();
      notifyAll();
      return reading;
    }
  }

  /** Guarded by this. */
  private void hand() {
    for (ByteBuf part : arrived) {
      if (closed || !part.isReadable()) {
        part.release();
      } else {
        parts.add(part);
        waitingBytes += part.readableBytes();
      }
    }
    arrived.clear();
  }

  synchronized void fail(IOException cause) {
    hand();
    if (failure == null) {
      failure = cause;
    }
    head.completeExceptionally(cause);
    notifyAll();
  }

  // --- on the reader's thread ---

  @Override
  public int read(ByteBuffer target) throws IOException {
    Optional<ByteBuf> part = next();
    if (part.isEmpty()) {
      return -1;
    }
    ByteBuf bytes = part.get();
    int length = Math.min(bytes.readableBytes(), target.remaining());
    ByteBuffer limited = target.duplicate().limit(target.position() + length);
    bytes.readBytes(limited);
    target.position(target.position() + length);
    boolean readMore;
    synchronized (this) {
      waitingBytes -= length;
      if (!bytes.isReadable()) {
        parts.remove();
        bytes.release();
      }
      readMore = !reading && wantsMore();
      reading |= readMore;
    }
    if (readMore) {
      connection.more(this);
    }
    return length;
  }

  /** Guarded by this. */
  private boolean wantsMore() {
    return !complete && !closed && waitingBytes < AHEAD_BYTES;
  }

  /** The part that is read now; empty once the answer is complete. */
  private synchronized Optional<ByteBuf> next() throws IOException {
    long deadlineNanos = System.nanoTime() + STALLED.toNanos();
    while (parts.isEmpty() && !complete && failure == null && !closed) {
      long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        throw new UpstreamException("nothing came for " + STALLED.toSeconds() + " s");
      }
      try {
        wait(leftMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UpstreamException("interrupted", e);
      }
    }
    if (!parts.isEmpty()) {
      return Optional.of(parts.element());
    }
    if (failure != null) {
      throw failure;
    }
    if (closed) {
      throw new UpstreamException("closed");
    }
    return Optional.empty();
  }

  @Override
  public synchronized boolean isOpen() {
    return !closed;
  }

  /** Drops what is left of the answer, and ends the connection where not all of it came. */
  @Override
  public void close() {
    boolean givenUp;
    synchronized (this) {
      givenUp = !complete && !closed;
      closed = true;
      parts.forEach(ByteBuf::release);
      parts.clear();
      waitingBytes = 0;
      notifyAll();
    }
    if (givenUp) {
      connection.cut(this);
    }
  }
}
