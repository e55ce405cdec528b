package dev.tapeseal.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request, as its handler sees it. Confined to the thread that answers it. */
public final class Request {
  private final Method method;
  private final RequestTarget target;
  private final Router.Match match;
  private final HttpHeaders headers;
  private final InetSocketAddress remoteAddress;
  private final boolean secure;
  private final Guard.Admission admission;
  private final byte[] body;
  private final Optional<ReadableByteChannel> bodyChannel;

  Request(
      Method method,
      RequestTarget target,
      Router.Match match,
      HttpHeaders headers,
      InetSocketAddress remoteAddress,
      boolean secure) {
    this(
        method,
        target,
        match,
        headers,
        remoteAddress,
        secure,
        new Guard.Admission(Optional.empty(), Optional.empty()),
        new byte[0],
        Optional.empty());
  }

  private Request(
      Method method,
      RequestTarget target,
      Router.Match match,
      HttpHeaders headers,
      InetSocketAddress remoteAddress,
      boolean secure,
      Guard.Admission admission,
      byte[] body,
      Optional<ReadableByteChannel> bodyChannel) {
    this.method = method;
    this.target = target;
    this.match = match;
    this.headers = headers;
    this.remoteAddress = remoteAddress;
    this.secure = secure;
    this.admission = admission;
    this.body = body;
    this.bodyChannel = bodyChannel;
  }

  Request admitted(Guard.Admission newAdmission) {
    return new Request(
        method, target, match, headers, remoteAddress, secure, newAdmission, body, bodyChannel);
  }

  Request withBody(byte[] newBody) {
    return new Request(
        method,
        target,
        match,
        headers,
        remoteAddress,
        secure,
        admission,
        newBody,
        Optional.empty());
  }

  Request withBodyChannel(ReadableByteChannel channel) {
    return new Request(
        method,
        target,
        match,
        headers,
        remoteAddress,
        secure,
        admission,
        new byte[0],
        Optional.of(channel));
  }

  Route route() {
    return match.route();
  }

  /** The method; a GET route sees HEAD as HEAD, and answers as it would GET. */
  public Method method() {
    return method;
  }

  /** The path as it was sent, without the query. */
  public String path() {
    return target.path();
  }

  /** The decoded value of a parameter of the route's template. */
  public String pathParameter(String name) {
    String value = match.parameters().get(name);
    if (value == null) {
      throw new IllegalArgumentException("path parameter: '" + name + "' (expected: one of "
          + match.parameters().keySet() + ")");
    }
    return value;
  }

  /** The first value of a query parameter. */
  public Optional<String> query(String name) {
    List<String> values = target.query().get(name);
    return values == null ? Optional.empty() : Optional.of(values.get(0));
  }

  /** All query parameters, decoded. */
  public Map<String, List<String>> query() {
    return target.query();
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** All values of a header, in order. */
  public List<String> headers(String name) {
    return headers.getAll(name);
  }

  /** The values of a header that is a list, joined (RFC 9110 section 5.3). */
  Optional<String> list(String name) {
    List<String> values = headers.getAll(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
  }

  /**
   * The body of a route with {@link Route#bodyUpTo}; empty for others. The array is wiped when the answer is sent: what is
   * to be kept is copied.
   */
  public byte[] body() {
    return body;
  }

  /** The body as JSON; see {@link Json#read}. */
  public <T> T json(Class<T> type) {
    return Json.read(body, type);
  }

  /**
   * The body as an uploaded form.
   *
   * @throws HttpException 415 when it is not said to be multipart/form-data, 400 when it is not
   */
  public Form form() {
    return Form.parse(header("Content-Type"), body);
  }

  /**
   * The body of a route with {@link Route#bodyStreamedUpTo}, as it comes. A read blocks until there is something; it
   * throws an {@code IOException} when the client vanishes, is too slow, or sends too much.
   *
   * @throws IllegalStateException for other routes
   */
  public ReadableByteChannel bodyChannel() {
    return bodyChannel.orElseThrow(
        () -> new IllegalStateException("body: not streamed on route " + match.route()));
  }

  /**
   * Who sent it.
   *
   * @throws IllegalStateException where the route has no guard that tells
   */
  public Principal principal() {
    return admission
        .principal()
        .orElseThrow(
            () -> new IllegalStateException("principal: no guard on route " + match.route()));
  }

  /** The session that it was sent in, where it was admitted by one. */
  public Optional<Session> session() {
    return admission.session();
  }

  /** Where it came from: the peer of the connection. */
  public InetSocketAddress remoteAddress() {
    return remoteAddress;
  }

  /** Whether it came over TLS. */
  public boolean secure() {
    return secure;
  }

  @Override
  public String toString() {
    return method + " " + match.route().template();
  }
}
