package dev.tapeseal.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: one request at a time, read only when it is wanted, so that what a client sends ahead stays in the
 * kernel, one receive buffer apart. Confined to its event loop, but for {@link #drain}.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter
    implements ConnectionTimers.Listener {
  private static final Logger LOGGER = LoggerFactory.getLogger(HttpConnection.class);

  /** How long, and how much, a connection that closes is still read: a reset would destroy the answer (RFC 9112 9.6). */
  private static final int LINGER_MILLIS = 2000;

  private static final int LINGER_BYTES = 1024 * 1024;

  private final Channel channel;
  private final Service service;
  private final InetSocketAddress remoteAddress;
  private final ConnectionTimers timers;
  private @Nullable Exchange exchange;
  private boolean headStarted;
  private boolean closing;
  private long lingeredBytes;

  HttpConnection(Channel channel, Service service, InetSocketAddress remoteAddress) {
    this.channel = channel;
    this.service = service;
    this.remoteAddress = remoteAddress;
    this.timers = new ConnectionTimers(channel, service.limits(), this);
  }

  Channel channel() {
    return channel;
  }

  InetSocketAddress remoteAddress() {
    return remoteAddress;
  }

  boolean secure() {
    return channel.pipeline().get(SslHandler.class) != null;
  }

  /** Closes it, whatever is on its way. */
  void cut() {
    var unused = channel.close(); // a connection that cannot be closed is closed
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    timers.start();
    channel.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      Exchange running = exchange;
      if (closing) {
        linger(message);
      } else if (message instanceof HttpRequest head && running == null) {
        headStarted = false;
        timers.handling();
        exchange = new Exchange(this, service, head);
        exchange.begin();
      } else if (message instanceof HttpContent content && running != null) {
        timers.bodyCame(content.content().readableBytes());
        running.onContent(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof StrictRequestDecoder.HeadStarted) {
      headStarted = true;
      if (exchange == null) {
        timers.headStarted();
      }
    }
    super.userEventTriggered(ctx, event);
  }

  /** The running request wants more of its body. */
  void readBody() {
    Exchange running = exchange;
    if (running != null && running.takesBody()) {
      timers.bodyAsked();
      channel.read();
    }
  }

  /** Nothing of the body is wanted for now, or it is all there. */
  void bodyPaused() {
    LOGGER.trace("{}: the body waits for its handler", channel);
  }

  void bodyEnded() {
    timers.handling();
  }

  void answering() {
    timers.answering();
  }

  void exchangeEnded(boolean mayGoOn) {
    exchange = null;
    if (!channel.isActive()) {
      return;
    }
    if (!mayGoOn || service.draining().get()) {
      closeGently();
      return;
    }
    if (headStarted) {
      timers.headStarted();
    } else {
      timers.nextRequest();
    }
    channel.eventLoop().execute(channel::read); // later, so that many small requests do not nest
  }

  /** Closes it between requests, else after the answer that runs. Any thread. */
  void drain() {
    channel.eventLoop().execute(() -> {
      if (exchange == null && !closing) {
        cut();
      }
    });
  }

  /** Ends our side, and reads on for a little while. */
  private void closeGently() {
    closing = true;
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      var unused = tls.closeOutbound();
    } else if (channel instanceof SocketChannel socket) {
      var unused = socket.shutdownOutput(); // where it fails, the connection is gone already
    }
    channel.config().setAutoRead(true);
    var unused = channel.eventLoop().schedule(this::cut, LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void linger(Object message) {
    if (message instanceof HttpContent content) {
      lingeredBytes += content.content().readableBytes();
    }
    if (lingeredBytes > LINGER_BYTES) {
      cut();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    Exchange running = exchange;
    if (running != null) {
      running.onInactive();
    }
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOGGER.debug("{}: {}", channel, cause.toString());
    } else {
      LOGGER.debug("{}: closed", channel, cause);
    }
    cut();
  }

  @Override
  public void headLate() {
    service.metrics().connectionRefused("head-timeout");
    cut();
  }

  @Override
  public void idle() {
    cut();
  }

  @Override
  public void bodySlow() {
    Exchange running = exchange;
    if (running != null) {
      running.onSlowBody();
    }
  }

  @Override
  public void answerStalled() {
    service.metrics().connectionRefused("write-stall");
    cut();
  }
}
