package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 9112 forbids is refused and the connection closed, so that nothing can be smuggled behind it. */
class StrictRequestTest {
  private static final List<String> SEEN = new CopyOnWriteArrayList<>();
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static HttpServer server;

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.builder(Router.of(
            Route.get("/seen/{name}").handledBy(StrictRequestTest::see),
            Route.get("/smuggled").handledBy(StrictRequestTest::see),
            Route.post("/seen/{name}").bodyUpTo(1000).handledBy(StrictRequestTest::see)))
        .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  private static Response see(Request request) {
    SEEN.add(request.path());
    return Response.bytes(200, "text/plain", request.body());
  }

  static Stream<Arguments> refused() {
    String host = "Host: localhost\r\n";
    String post = "POST /seen/a HTTP/1.1\r\n" + host;
    return Stream.of(
        refused(
            "RFC 9112 6.1: length and chunked",
            400,
            post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        refused(
            "6.1: chunked and length",
            400,
            post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
        refused(
            "6.1: chunked in HTTP/1.0",
            400,
            "POST /seen/a HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        refused(
            "6.1: chunked not last",
            400,
            post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
        refused(
            "6.1: chunked twice",
            400,
            post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        refused(
            "6.1: two transfer codings, one field each",
            400,
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
        refused(
            "6.1: two transfer codings, both chunked",
            400,
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        refused(
            "6.1: another coding before chunked",
            501,
            post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        refused("6.1: xchunked", 400, post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        refused("6.1: identity", 400, post + "Transfer-Encoding: identity\r\n\r\n"),
        refused(
            "6.1: chunked with a vertical tab",
            400,
            post + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
        refused(
            "6.1: chunked in quotes",
            400,
            post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
        refused("6.1: empty coding", 400, post + "Transfer-Encoding: \r\n\r\n"),
        refused(
            "6.3: two lengths", 400, post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"),
        refused(
            "6.3: the same length twice",
            400,
            post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd"),
        refused("6.3: a list of lengths", 400, post + "Content-Length: 4, 4\r\n\r\nabcd"),
        refused(
            "6.3: two lengths in HTTP/1.0",
            400,
            "POST /seen/a HTTP/1.0\r\n" + host
                + "Content-Length: 4\r\nContent-Length: 0\r\n\r\nabcd"),
        refused("6.3: signed length", 400, post + "Content-Length: +4\r\n\r\nabcd"),
        refused("6.3: negative length", 400, post + "Content-Length: -4\r\n\r\nabcd"),
        refused("6.3: hexadecimal length", 400, post + "Content-Length: 0x4\r\n\r\nabcd"),
        refused(
            "6.3: length beyond all numbers",
            400,
            post + "Content-Length: 99999999999999999999\r\n\r\nabcd"),
        refused("6.3: length with a space within", 400, post + "Content-Length: 4 4\r\n\r\nabcd"),
        refused("6.3: empty length", 400, post + "Content-Length: \r\n\r\n"),
        refused("6.3: length of other digits", 400, post + "Content-Length: \u00b2\r\n\r\nabcd"),
        refused("5.1: space before the colon", 400, post + "Content-Length : 4\r\n\r\nabcd"),
        refused(
            "5.1: tab before the colon",
            400,
            post + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
        refused("5.1: no colon", 400, post + "Content-Length 4\r\n\r\n"),
        refused("5.1: empty name", 400, post + ": 4\r\n\r\n"),
        refused("5.1: name with a NUL", 400, post + "X\0Y: 4\r\n\r\n"),
        refused("5.1: name with a slash", 400, post + "X/Y: 4\r\n\r\n"),
        refused("5.2: folded line", 400, post + "X-Long: one\r\n two\r\n\r\n"),
        refused(
            "5.2: folded line by a tab",
            400,
            post + "Transfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n"),
        refused("5.2: folded length", 400, post + "Content-Length: 4\r\n 4\r\n\r\nabcd"),
        refused(
            "2.2: space before the first field", 400, "GET /seen/a HTTP/1.1\r\n " + host + "\r\n"),
        refused(
            "2.2: bare LF after the request line", 400, "GET /seen/a HTTP/1.1\n" + host + "\r\n"),
        refused("2.2: bare LF after a field", 400, "GET /seen/a HTTP/1.1\r\nHost: localhost\n\r\n"),
        refused(
            "2.2: bare LF at the end of the head", 400, "GET /seen/a HTTP/1.1\r\n" + host + "\n"),
        refused(
            "2.2: bare CR within a field",
            400,
            "GET /seen/a HTTP/1.1\r\n" + host + "X: a\rContent-Length: 4\r\n\r\n"),
        refused(
            "2.2: bare CR within the request line",
            400,
            "GET /seen/a\rHTTP/1.1\r\n" + host + "\r\n"),
        refused(
            "9110 5.5: NUL in a value", 400, "GET /seen/a HTTP/1.1\r\n" + host + "X: a\0b\r\n\r\n"),
        refused(
            "9110 5.5: control character in a value",
            400,
            "GET /seen/a HTTP/1.1\r\n" + host + "X: a\u0001b\r\n\r\n"),
        refused(
            "9110 5.5: DEL in a value",
            400,
            "GET /seen/a HTTP/1.1\r\n" + host + "X: a\u007fb\r\n\r\n"),
        refused("3.2: no Host", 400, "GET /seen/a HTTP/1.1\r\n\r\n"),
        refused("3.2: two Hosts", 400, "GET /seen/a HTTP/1.1\r\n" + host + host + "\r\n"),
        refused(
            "3.2: two Hosts, in other letters",
            400,
            "GET /seen/a HTTP/1.1\r\n" + host + "hOST: other\r\n\r\n"),
        refused("3.2: Host that is none", 400, "GET /seen/a HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        refused(
            "3.2: Host with a user", 400, "GET /seen/a HTTP/1.1\r\nHost: user@localhost\r\n\r\n"),
        refused("3.2: Host of two names", 400, "GET /seen/a HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        refused("3: two spaces", 400, "GET  /seen/a HTTP/1.1\r\n" + host + "\r\n"),
        refused("3: tab for a space", 400, "GET\t/seen/a HTTP/1.1\r\n" + host + "\r\n"),
        refused("3: space before the method", 400, " GET /seen/a HTTP/1.1\r\n" + host + "\r\n"),
        refused("3: space within the target", 400, "GET /seen/a b HTTP/1.1\r\n" + host + "\r\n"),
        refused("3: no version", 400, "GET /seen/a\r\n" + host + "\r\n"),
        refused("3: space after the version", 400, "GET /seen/a HTTP/1.1 \r\n" + host + "\r\n"),
        refused(
            "3: byte beyond ASCII in the target",
            400,
            "GET /seen/\u00e4 HTTP/1.1\r\n" + host + "\r\n"),
        refused("3: method that is no token", 400, "G@T /seen/a HTTP/1.1\r\n" + host + "\r\n"),
        refused("2.3: version 2.0", 505, "GET /seen/a HTTP/2.0\r\n" + host + "\r\n"),
        refused("2.3: version 1.2", 505, "GET /seen/a HTTP/1.2\r\n" + host + "\r\n"),
        refused("2.3: version in small letters", 400, "GET /seen/a http/1.1\r\n" + host + "\r\n"),
        refused("2.3: version of two digits", 400, "GET /seen/a HTTP/1.10\r\n" + host + "\r\n"),
        refused(
            "7.1: chunk size that is none", 400, post + "Transfer-Encoding: chunked\r\n\r\nx\r\n"),
        refused(
            "7.1: chunk size with 0x",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\n0x4\r\nabcd\r\n0\r\n\r\n"),
        refused("7.1: negative chunk size", 400, post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n"),
        refused(
            "7.1: chunk size beyond all numbers",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"),
        refused("7.1: empty chunk size", 400, post + "Transfer-Encoding: chunked\r\n\r\n\r\n"),
        refused(
            "7.1: space before the chunk size",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\n 4\r\nabcd\r\n0\r\n\r\n"),
        refused(
            "7.1: space after the chunk size",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\n4 \r\nabcd\r\n0\r\n\r\n"),
        refused(
            "7.1: bare LF after the chunk size",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\n4\nabcd\r\n0\r\n\r\n"),
        refused(
            "7.1: bare LF after the chunk",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\n0\r\n\r\n"),
        refused(
            "7.1: chunk longer than its size",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n"),
        refused(
            "7.1.1: a chunk extension",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\n4;a=b\r\nabcd\r\n0\r\n\r\n"),
        refused(
            "7.1.1: bare LF in a chunk extension",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\n4;a\nabcd\r\n0\r\n\r\n"),
        refused(
            "7.1.1: bare CR in a chunk extension",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\n4;a\rb\r\nabcd\r\n0\r\n\r\n"),
        refused(
            "7.1.2: bare LF after a trailer",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\n\r\n"),
        refused(
            "7.1.2: trailer without a colon",
            400,
            post + "Transfer-Encoding: chunked\r\n\r\n0\r\nXy\r\n\r\n"),
        refused("9110 10.1.1: unknown expectation", 417, post + "Expect: cookies\r\n\r\n"),
        refused(
            "TLS where there is none",
            400,
            "\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\u00a1\u0003\u0003\r\n\r\n"),
        refused("the preface of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        refused("nonsense", 400, "%%%\r\n\r\n"));
  }

  private static Arguments refused(String what, int status, String bytes) {
    return Arguments.of(what, status, bytes);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void whatTheStandardForbids_isRefused_andNothingAfterItIsRead(
      String what, int status, String bytes) throws IOException {
    try (RawClient client = RawClient.of(server)) {
      client.send(bytes + SMUGGLED);

      RawClient.Reply reply = client.reply();

      assertThat(reply.status()).as(what).isEqualTo(status);
      assertThat(reply.header("Connection")).contains("close");
      assertThat(reply.text()).contains("\"error\":{\"code\":");
      assertThat(client.isEnded()).as("the connection is closed").isTrue();
      assertThat(SEEN).as("requests that a handler saw").isEmpty();
    }
  }

  @ParameterizedTest(name = "byte by byte: {0}")
  @MethodSource("refused")
  void whatIsRefused_isRefusedToo_whenItComesByteByByte(String what, int status, String bytes)
      throws Exception {
    try (RawClient client = RawClient.of(server)) {
      for (int i = 0; i < bytes.length(); i++) {
        try {
          client.send(bytes.substring(i, i + 1));
        } catch (IOException e) {
          break; // refused already
        }
        if (i % 7 == 0) {
          Thread.sleep(1);
        }
      }
      client.send(SMUGGLED);

      assertThat(client.reply().status()).as(what).isEqualTo(status);
      assertThat(client.isEnded()).isTrue();
      assertThat(SEEN).isEmpty();
    }
  }

  static Stream<Arguments> allowed() {
    String post = "POST /seen/a HTTP/1.1\r\nHost: localhost\r\n";
    return Stream.of(
        Arguments.of("a GET", "GET /seen/a HTTP/1.1\r\nHost: localhost\r\n\r\n", ""),
        Arguments.of(
            "empty lines before it", "\r\n\r\nGET /seen/a HTTP/1.1\r\nHost: localhost\r\n\r\n", ""),
        Arguments.of(
            "absolute form", "GET http://localhost/seen/a HTTP/1.1\r\nHost: localhost\r\n\r\n", ""),
        Arguments.of("an IPv6 host", "GET /seen/a HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", ""),
        Arguments.of(
            "no space after the colon", "GET /seen/a HTTP/1.1\r\nHost:localhost\r\n\r\n", ""),
        Arguments.of(
            "spaces around a value", "GET /seen/a HTTP/1.1\r\nHost: \t localhost \t \r\n\r\n", ""),
        Arguments.of(
            "Latin-1 in a value",
            "GET /seen/a HTTP/1.1\r\nHost: localhost\r\nX: \u00e4\r\n\r\n",
            ""),
        Arguments.of("an empty value", "GET /seen/a HTTP/1.1\r\nHost: localhost\r\nX:\r\n\r\n", ""),
        Arguments.of("length 0", post + "Content-Length: 0\r\n\r\n", ""),
        Arguments.of("a length", post + "Content-Length: 4\r\n\r\nabcd", "abcd"),
        Arguments.of(
            "a length with zeros before it", post + "Content-Length: 004\r\n\r\nabcd", "abcd"),
        Arguments.of(
            "chunks",
            post + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n",
            "abcd"),
        Arguments.of(
            "chunks in other letters",
            post + "Transfer-Encoding: CHUNKED\r\n\r\n4\r\nabcd\r\n000\r\n\r\n",
            "abcd"),
        Arguments.of(
            "trailers",
            post
                + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\nContent-Length: 9\r\nX: y\r\n\r\n",
            "abcd"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("allowed")
  void whatTheStandardAllows_isAnswered_andSoIsTheNextRequest(
      String what, String bytes, String body) throws IOException {
    try (RawClient client = RawClient.of(server)) {
      client.send(bytes + SMUGGLED);

      RawClient.Reply first = client.reply();
      assertThat(first.status()).as(what).isEqualTo(200);
      assertThat(first.text()).isEqualTo(body);
      assertThat(client.reply().status()).isEqualTo(200);
      assertThat(SEEN).containsExactly("/seen/a", "/smuggled");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/seen/../seen/a",
        "/seen/./a",
        "/seen/%2e%2e",
        "/seen/.%2E",
        "/seen/%2e",
        "/..",
        "/seen/..%2fa",
        "/seen/a%5cb",
        "/seen/a\\b",
        "/seen/%00",
        "/seen/a%00.wav",
        "/seen/%0a",
        "/seen/%7f",
        "/seen/%c0%ae%c0%ae",
        "/seen/%c0%af",
        "/seen/%ff",
        "/seen/%e0%80%af",
        "/seen/%ed%a0%80",
        "/seen/%",
        "/seen/%2",
        "/seen/%zz",
        "/seen/a%2fb",
        "/seen/a#b",
        "seen/a",
        "*",
        "http:///seen/a",
        "http://a b/seen",
        "ftp://localhost/seen/a",
        "//"
      })
  void pathThatCouldMeanAnother_isRefused(String target) throws IOException {
    try (RawClient client = RawClient.of(server)) {
      client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertThat(client.reply().status()).isIn(400, 404);
      assertThat(SEEN).isEmpty();
    }
  }

  @Test
  void oldClient_isAnswered_andTheConnectionClosed() throws IOException {
    try (RawClient client = RawClient.of(server)) {
      client.send("GET /seen/a HTTP/1.0\r\n\r\n");

      assertThat(client.reply().status()).isEqualTo(200);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void manyPipelinedRequests_areAnsweredInTurn() throws IOException {
    int count = 3_000;
    try (RawClient client = RawClient.of(server)) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < count; i++) {
        String path = i % 3 == 0 ? "/nothing/here" : "/seen/" + i;
        requests.append("GET ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
      }
      Thread sender = new Thread(() -> {
        try {
          client.send(requests.toString());
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      });
      sender.start();
      for (int i = 0; i < count; i++) {
        assertThat(client.reply().status()).isEqualTo(i % 3 == 0 ? 404 : 200);
      }
    }
    assertThat(SEEN).hasSize(count - count / 3);
  }
}
