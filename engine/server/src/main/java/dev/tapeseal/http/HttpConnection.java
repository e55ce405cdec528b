package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: one request at a time. The socket is read only when bytes are wanted, so that what a client sends
 * ahead stays in the kernel, one receive buffer apart. Confined to its event loop, but for {@link #drain}.
 *
 * <p>Longer than most, since everything that can happen to a connection meets here: bytes, time, the exchange's end, the
 * client's.
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
  private final RequestParser parser;
  private final ConnectionTimers timers;
  private ByteBuf received = Unpooled.EMPTY_BUFFER; // and not yet parsed
  private @Nullable Exchange exchange;
  private boolean takingBody;
  private boolean closing;
  private long lingeredBytes;

  HttpConnection(Channel channel, Service service, InetSocketAddress remoteAddress) {
    this.channel = channel;
    this.service = service;
    this.remoteAddress = remoteAddress;
    this.parser = new RequestParser(service.limits().heads());
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
    ByteBuf bytes = (ByteBuf) message;
    if (closing) {
      linger(bytes);
      return;
    }
    received = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), received, bytes);
    takeHead();
    takeBody();
    if (!received.isReadable()) { // a connection that waits holds no buffer
      received.release();
      received = Unpooled.EMPTY_BUFFER;
    }
  }

  private void takeHead() {
    if (closing || exchange != null || !channel.isActive()) {
      return;
    }
    if (received.isReadable()) {
      timers.headStarted();
    }
    HttpRequest head;
    try {
      head = parser.head(received);
    } catch (HttpException e) {
      begin(Exchange.ofNoRequest(this, service)).refuse(e);
      return;
    }
    if (head == null) {
      channel.read();
    } else {
      begin(new Exchange(this, service, head, !parser.bodyEnded())).begin();
    }
  }

  private Exchange begin(Exchange next) {
    timers.headEnded();
    exchange = next;
    return next;
  }

  /** Hands the body over for as long as the running request wants it, and has more of it read. */
  void takeBody() {
    Exchange running = exchange;
    if (takingBody || running == null) {
      return; // asked for more while it is given some
    }
    takingBody = true;
    try {
      for (int room = running.bodyRoom(); room > 0; room = running.bodyRoom()) {
        ByteBuf part = parser.body(received, room);
        if (part != null) {
          timers.bodyCame(part.readableBytes());
          running.onBody(part);
        }
        if (parser.bodyEnded()) {
          running.onBodyEnd();
        } else if (part == null) {
          timers.bodyAsked();
          channel.read();
          return;
        }
      }
    } catch (HttpException e) {
      running.refuseBody(e);
    } finally {
      takingBody = false;
    }
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
    timers.nextRequest();
    channel.eventLoop().execute(this::takeHead); // later, so that many small requests do not nest
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

  private void linger(ByteBuf bytes) {
    lingeredBytes += bytes.readableBytes();
    bytes.release();
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
  public void handlerRemoved(ChannelHandlerContext ctx) {
    received.release();
    received = Unpooled.EMPTY_BUFFER;
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
      running.refuseBody(BodyException.tooSlow());
    }
  }

  @Override
  public void answerStalled() {
    service.metrics().connectionRefused("write-stall");
    cut();
  }
}
