package dev.tapeseal.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a crypto server, as it comes. The socket is read only when what came before was taken, so that a slow
 * player slows the crypto server down. A connection that ends before the answer does is a failure of the next read.
 *
 * <p>Netty's event loop fills it; one other thread at a time reads it.
 */
final class UpstreamAnswer extends SimpleChannelInboundHandler<HttpObject>
    implements ReadableByteChannel {
  /** So long a crypto server may send nothing in the middle of an answer. */
  private static final Duration STALLED = Duration.ofSeconds(30);

  private final CompletableFuture<HttpResponse> head = new CompletableFuture<>();
  private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>(); // guarded by this
  private final Channel channel;
  private boolean complete; // guarded by this
  private boolean closed; // guarded by this
  private @Nullable IOException failure; // guarded by this

  UpstreamAnswer(Channel channel) {
    super(false); // parts are released when they are read
    this.channel = channel;
  }

  /**
   * Waits for status and headers.
   *
   * @throws UpstreamException when they do not come in time, or never will
   */
  HttpResponse head(Duration within) throws IOException {
    channel.read();
    try {
      return head.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new UpstreamException("no answer within " + within.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new UpstreamException("failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamException("interrupted", e);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (message instanceof HttpResponse response) {
      if (response.decoderResult().isFailure()) {
        fail(new UpstreamException("not HTTP", response.decoderResult().cause()));
        return;
      }
      head.complete(response);
    }
    if (message instanceof HttpContent content) {
      take(content);
    }
  }

  private synchronized void take(HttpContent content) {
    if (closed || content.decoderResult().isFailure()) {
      content.release();
      if (!closed) {
        fail(new UpstreamException("not HTTP", content.decoderResult().cause()));
      }
      return;
    }
    if (content.content().isReadable()) {
      parts.add(content.content());
    } else {
      content.release();
    }
    complete |= content instanceof LastHttpContent;
    notifyAll();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    boolean wantsMore;
    synchronized (this) {
      wantsMore = !complete && !closed && parts.isEmpty();
    }
    if (wantsMore) {
      context.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    synchronized (this) {
      if (complete) {
        return;
      }
    }
    fail(new UpstreamException("the crypto server cut its answer"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(new UpstreamException("the connection failed", cause));
    var unused = context.close();
  }

  private synchronized void fail(IOException cause) {
    if (failure == null) {
      failure = cause;
    }
    head.completeExceptionally(cause);
    notifyAll();
  }

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
    boolean wantsMore;
    synchronized (this) {
      if (!bytes.isReadable()) {
        parts.remove();
        bytes.release();
      }
      wantsMore = parts.isEmpty() && !complete;
    }
    if (wantsMore) {
      channel.read();
    }
    return length;
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

  /** Ends the connection; what is left of the answer is dropped. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      parts.forEach(ByteBuf::release);
      parts.clear();
      notifyAll();
    }
    var unused = channel.close();
  }
}
