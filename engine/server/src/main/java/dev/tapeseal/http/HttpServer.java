package dev.tapeseal.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An HTTP/1.1 server (RFC 9110, RFC 9112): strict in what it takes, over TLS where it has files for it. It listens when
 * {@link Builder#start} returns. Any thread; any number of servers in one JVM; its threads are daemons.
 */
public final class HttpServer implements AutoCloseable {
  private static final int BACKLOG = 1024;

  /** What the kernel holds of one answer: about as much again as the server does itself. */
  private static final int SEND_BUFFER_BYTES = 128 * 1024;

  private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

  private final EventLoopGroup eventLoops;
  private final Service service;
  private final ConnectionCounts connections;
  private final Channel listening;
  private final String scheme;
  private final AtomicBoolean closed = new AtomicBoolean();

  private HttpServer(
      EventLoopGroup eventLoops,
      Service service,
      ConnectionCounts connections,
      Channel listening,
      String scheme) {
    this.eventLoops = eventLoops;
    this.service = service;
    this.connections = connections;
    this.listening = listening;
    this.scheme = scheme;
  }

  /** A server to be of 127.0.0.1, a free port and the standard limits. */
  public static Builder builder(Router router) {
    return new Builder(router);
  }

  /** What a server is made of. Confined to one thread. */
  public static final class Builder {
    private final Router router;
    private String host = "127.0.0.1";
    private int port;
    private HttpLimits limits = HttpLimits.standard();
    private Optional<TlsFiles> tls = Optional.empty();
    private Metrics metrics = new Metrics();
    private Clock clock = Clock.systemUTC();

    private Builder(Router router) {
      this.router = router;
    }

    /** The address to listen on: a name or an IP address. */
    public Builder host(String newHost) {
      host = newHost;
      return this;
    }

    /** 1 to 65,535; 0 takes a free one. */
    public Builder port(int newPort) {
      if (newPort < 0 || newPort > 65_535) {
        throw new IllegalArgumentException("port: " + newPort + " (expected: 0 to 65535)");
      }
      port = newPort;
      return this;
    }

    /** How much clients may ask. */
    public Builder limits(HttpLimits newLimits) {
      limits = newLimits;
      return this;
    }

    /** Speaks TLS only. */
    public Builder tls(TlsFiles files) {
      tls = Optional.of(files);
      return this;
    }

    /** Where the server's own numbers go. */
    public Builder metrics(Metrics newMetrics) {
      metrics = newMetrics;
      return this;
    }

    /** What the time is for dates and conditions. */
    public Builder clock(Clock newClock) {
      clock = newClock;
      return this;
    }

    /**
     * Starts listening.
     *
     * @throws IOException when the address cannot be had, or the TLS files not used
     */
    public HttpServer start() throws IOException {
      return HttpServer.start(this);
    }
  }

  private static HttpServer start(Builder builder) throws IOException {
    Optional<SslContext> tls = Optional.empty();
    if (builder.tls.isPresent()) {
      tls = Optional.of(builder.tls.get().context());
    }
    HttpLimits limits = builder.limits;
    Service service = new Service(
        builder.router,
        limits,
        new Workers(
            "tapeseal-http-worker", limits.threads().workers(), limits.threads().waitingRequests()),
        new Workers(
            "tapeseal-http-upload", limits.threads().uploads(), limits.threads().uploads()),
        new AtomicLong(limits.bodies().memoryBytes()),
        new HttpMetrics(builder.metrics),
        builder.clock,
        new AtomicBoolean());
    ConnectionCounts connections = new ConnectionCounts(limits.connections());
    EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(
        limits.threads().eventLoops(),
        new DefaultThreadFactory("tapeseal-http-loop", true),
        NioIoHandler.newFactory());
    ChannelFuture bound = new ServerBootstrap()
        .group(eventLoops)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
        .childOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(512, 2048, RECEIVE_BUFFER_BYTES).maxMessagesPerRead(1))
        .childHandler(new Initializer(service, connections, tls))
        .bind(new InetSocketAddress(builder.host, builder.port))
        .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      eventLoops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
      throw new IOException(
          "cannot listen on " + builder.host + " port " + builder.port
              + " (expected: a free port of this machine)",
          bound.cause());
    }
    return new HttpServer(
        eventLoops, service, connections, bound.channel(), tls.isPresent() ? "https" : "http");
  }

  private static final class Initializer extends ChannelInitializer<SocketChannel> {
    private final Service service;
    private final ConnectionCounts connections;
    private final Optional<SslContext> tls;

    Initializer(Service service, ConnectionCounts connections, Optional<SslContext> tls) {
      this.service = service;
      this.connections = connections;
      this.tls = tls;
    }

    private static void turnAway(SocketChannel channel) {
      var unused = channel.close();
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      InetSocketAddress address = channel.remoteAddress();
      if (address == null) {
        turnAway(channel); // it is gone again
        return;
      }
      HttpConnection connection = new HttpConnection(channel, service, address);
      if (service.draining().get() || !connections.enter(connection)) {
        service.metrics().connectionRefused("too-many");
        turnAway(channel);
        return;
      }
      service.metrics().connectionOpened();
      channel.closeFuture().addListener(future -> {
        service.metrics().connectionClosed();
        connections.leave(connection);
      });
      tls.ifPresent(context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
      channel.pipeline().addLast(new HttpResponseEncoder(), connection);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return address().getPort();
  }

  /** Where it is to be found: scheme, host and port. */
  public URI uri() {
    InetSocketAddress address = address();
    String host = address.getAddress().getHostAddress();
    return URI.create(
        scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /** Whether it takes nothing new any more. */
  public boolean draining() {
    return service.draining().get();
  }

  /**
   * Stops gracefully: listens no more, closes connections that wait for a request, lets what runs finish, then closes.
   *
   * @param deadline after which the rest is cut
   * @return whether all was finished in time
   */
  public boolean drain(Duration deadline) throws InterruptedException {
    service.draining().set(true);
    listening.close().awaitUninterruptibly();
    connections.open().forEach(HttpConnection::drain);
    boolean finished = connections.awaitNone(deadline.toNanos());
    close();
    return finished;
  }

  /** Stops at once: cuts what runs, closes what is open, ends its threads. May be called more than once. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    service.draining().set(true);
    listening.close().awaitUninterruptibly();
    for (HttpConnection connection : connections.open()) {
      connection.channel().close().awaitUninterruptibly();
    }
    try {
      service.uploads().close();
      service.workers().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
