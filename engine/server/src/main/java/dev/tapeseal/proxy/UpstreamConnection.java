package dev.tapeseal.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a crypto server, with one request at a time. After an answer that came whole it is kept for the next
 * one, and listened to meanwhile: it is closed when the server ends it, when bytes come that nobody asked for, and when it
 * was not needed for {@link #KEPT}. An answer that is given up closes it, since what is left of it would come first.
 *
 * <p>Confined to its event loop, but for what says otherwise.
 */
final class UpstreamConnection extends SimpleChannelInboundHandler<HttpObject> {
  /** Less than servers keep a connection, as a rule, so that few requests meet one that is just being closed. */
  static final Duration KEPT = Duration.ofSeconds(20);

  /** Who keeps connections. Called on the event loop. */
  interface Keeper {
    /** The connection is free: whether it is kept. */
    boolean keeps(UpstreamConnection connection);

    void gone(UpstreamConnection connection);
  }

  private final Channel channel;
  private final Keeper keeper;
  private @Nullable UpstreamAnswer answer;
  private @Nullable Future<?> expiry;
  private boolean reused;
  private boolean begun; // something of the answer came
  private boolean ended; // all of it did
  private boolean reusable;

  UpstreamConnection(Channel channel, Keeper keeper) {
    super(false); // parts of answers are released when they are read
    this.channel = channel;
    this.keeper = keeper;
  }

  /** Sends a request without a body, and gives its answer to be. Any thread; once until {@link Keeper#keeps}. */
  UpstreamAnswer send(HttpRequest request) {
    UpstreamAnswer next = new UpstreamAnswer(this);
    channel.eventLoop().execute(() -> send(request, next));
    return next;
  }

  private void send(HttpRequest request, UpstreamAnswer next) {
    Future<?> running = expiry;
    if (running != null) {
      running.cancel(false);
      expiry = null;
    }
    if (!channel.isActive()) {
      next.fail(
          reused
              ? new StaleConnectionException()
              : new UpstreamException("the crypto server ended the connection at once"));
      return;
    }
    answer = next;
    begun = false;
    ended = false;
    reusable = false;
    channel.writeAndFlush(request).addListener(written -> {
      if (!written.isSuccess()) {
        failed(new UpstreamException("the connection failed", written.cause()));
      }
    });
    channel.read();
  }

  /** Reads on for an answer, unless the connection is another's by now. Any thread. */
  void more(UpstreamAnswer asking) {
    channel.eventLoop().execute(() -> {
      if (answer == asking) {
        channel.read();
      }
    });
  }

  /** Ends the connection for an answer that is given up, unless it is another's by now. Any thread. */
  void cut(UpstreamAnswer givenUp) {
    channel.eventLoop().execute(() -> {
      if (answer == givenUp) {
        close();
      }
    });
  }

  /** Ends a connection that is kept. Any thread. */
  void drop() {
    close();
  }

  private void close() {
    var unused = channel.close();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    UpstreamAnswer current = answer;
    if (current == null
        || ended) { // nobody asked: whatever it is, it must not answer the next request
      if (message instanceof HttpContent content) {
        content.release();
      }
      reusable = false;
      close();
      return;
    }
    if (message.decoderResult().isFailure()) {
      if (message instanceof HttpContent content) {
        content.release();
      }
      begun = true;
      failed(new UpstreamException("not HTTP", message.decoderResult().cause()));
      return;
    }
    if (message instanceof HttpResponse response) {
      begun = true;
      reusable = HttpUtil.isKeepAlive(response);
      if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
        failed(new UpstreamException("status " + response.status().code() + " unasked"));
        return;
      }
      current.takeHead(response);
    }
    if (message instanceof HttpContent content) {
      ended = content instanceof LastHttpContent;
      current.take(content.content());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    UpstreamAnswer current = answer;
    if (current == null) {
      return;
    }
    if (!ended) {
      if (current.readEnded(false)) {
        channel.read();
      }
      return;
    }
    answer = null;
    free(); // before the reader learns that there is no more: it may ask again at once
    current.readEnded(true);
  }

  private void free() {
    reused = true;
    if (!reusable || !channel.isActive()) {
      close();
      return;
    }
    expiry = channel.eventLoop().schedule(this::close, KEPT.toMillis(), TimeUnit.MILLISECONDS);
    channel.read(); // its end shows
    if (!keeper.keeps(this)) {
      close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Future<?> running = expiry;
    if (running != null) {
      running.cancel(false);
    }
    keeper.gone(this);
    failed(new UpstreamException("the crypto server cut its answer"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failed(new UpstreamException("the connection failed", cause));
  }

  private void failed(IOException cause) {
    UpstreamAnswer current = answer;
    if (current != null && !ended) {
      answer = null;
      current.fail(reused && !begun ? new StaleConnectionException() : cause);
    }
    close();
  }
}
