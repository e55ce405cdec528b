package dev.tapeseal.proxy;

import dev.tapeseal.settings.TrustedAuthorities;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks crypto servers by GET and HEAD, which may go twice. Connections are used again; a request that meets one which its
 * server has just ended goes once more by a new one. Any thread but its own event loops.
 */
final class UpstreamClient implements AutoCloseable {
  /** The most that one read of a socket gives. */
  static final int READ_BYTES = 64 * 1024;

  /** What the kernel holds of an answer that its player does not take. */
  private static final int RECEIVE_BUFFER_BYTES = 128 * 1024;

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** Where connections go. */
  private record Server(boolean secure, String host, int port) {
    static Server of(URI uri) {
      boolean secure = "https".equals(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT));
      int port = uri.getPort() >= 0 ? uri.getPort() : secure ? HTTPS_PORT : HTTP_PORT;
      return new Server(secure, String.valueOf(uri.getHost()), port);
    }
  }

  private final EventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(
      Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
      new DefaultThreadFactory("tapeseal-proxy", true),
      NioIoHandler.newFactory());

  private final Supplier<SslContext> tls;
  private final Map<Server, KeptConnections> kept = new ConcurrentHashMap<>();

  /**
   * Makes one.
   *
   * @param trusted who signs the certificates of crypto servers; those whom the JDK trusts where it is empty
   */
  UpstreamClient(Optional<TrustedAuthorities> trusted) {
    this.tls = trusted.isPresent()
        ? always(context(trusted))
        : () -> context(Optional.empty()); // reads the JDK's, which a node without TLS need not do
  }

  private static Supplier<SslContext> always(SslContext context) {
    return () -> context;
  }

  private static SslContext context(Optional<TrustedAuthorities> trusted) {
    SslContextBuilder builder =
        SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
    trusted.ifPresent(authorities ->
        builder.trustManager(authorities.certificates().toArray(X509Certificate[]::new)));
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  /**
   * Sends a request without a body, and waits for status and headers; what comes back is closed by the caller.
   *
   * @param method GET or HEAD
   * @param headers those of the request, but for {@code Host}
   * @throws UpstreamException when there is no connection, or no answer in time
   */
  UpstreamAnswer ask(URI uri, HttpMethod method, HttpHeaders headers, Duration within)
      throws IOException {
    Server server = Server.of(uri);
    KeptConnections free = kept.computeIfAbsent(server, unseen -> new KeptConnections());
    Optional<UpstreamConnection> used = free.take();
    if (used.isPresent()) {
      try {
        return begun(used.get().send(request(uri, method, headers)), within);
      } catch (StaleConnectionException e) {
        free.drop();
      }
    }
    return begun(connect(server, free).send(request(uri, method, headers)), within);
  }

  private static UpstreamAnswer begun(UpstreamAnswer answer, Duration within) throws IOException {
    try {
      answer.awaitHead(within);
      return answer;
    } catch (IOException e) {
      answer.close();
      throw e;
    }
  }

  private static HttpRequest request(URI uri, HttpMethod method, HttpHeaders headers) {
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, uri.getRawPath());
    request.headers().set(headers);
    request.headers().set(HttpHeaderNames.HOST, uri.getRawAuthority());
    return request;
  }

  private UpstreamConnection connect(Server server, KeptConnections keeper) throws IOException {
    ChannelFuture connected = new Bootstrap()
        .group(eventLoops)
        .channel(NioSocketChannel.class)
        .option(
            ChannelOption.AUTO_READ,
            server.secure) // TLS reads for itself until its handshake is done
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(512, 4096, READ_BYTES).maxMessagesPerRead(1))
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_WITHIN.toMillis())
        .handler(new Initializer(server.secure ? tls.get() : null, server.host, server.port))
        .connect(bare(server.host), server.port)
        .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      throw new UpstreamException(
          "no connection to " + server.host + " port " + server.port + ": " + connected.cause());
    }
    Channel channel = connected.channel();
    channel.config().setAutoRead(false);
    UpstreamConnection connection = new UpstreamConnection(channel, keeper);
    channel.pipeline().addLast(connection);
    return connection;
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static final class Initializer extends ChannelInitializer<SocketChannel> {
    private final @Nullable SslContext tls;
    private final String host;
    private final int port;

    Initializer(@Nullable SslContext tls, String host, int port) {
      this.tls = tls;
      this.host = host;
      this.port = port;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      if (tls != null) {
        channel.pipeline().addLast(tls.newHandler(channel.alloc(), host, port));
      }
      channel.pipeline().addLast(new HttpClientCodec());
    }
  }

  @Override
  public void close() {
    eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
