package dev.tapeseal.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a connection to a crypto server carries the next request, too, when it must not, and what goes twice. */
class UpstreamClientTest {
  private static final Duration WITHIN = Duration.ofSeconds(20);

  private final UpstreamClient client = new UpstreamClient(Optional.empty());
  private Upstream upstream;

  @BeforeEach
  void start() throws IOException {
    upstream = new Upstream();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    upstream.close();
    assertThat(upstream.unscripted).as("requests that no script foresaw").hasValue(0);
  }

  /** A server that answers each request of each connection by what a script says; what is empty ends the connection. */
  private static final class Upstream implements AutoCloseable {
    private final ServerSocket listening =
        new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ConcurrentLinkedQueue<List<String>> scripts = new ConcurrentLinkedQueue<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger unscripted = new AtomicInteger();

    Upstream() throws IOException {
      Thread acceptor = new Thread(this::accept, "upstream");
      acceptor.setDaemon(true);
      acceptor.start();
    }

    /** What the next connection answers, request by request. */
    void script(String... answers) {
      scripts.add(List.of(answers));
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/media");
    }

    private void accept() {
      try {
        while (true) {
          Socket socket = listening.accept();
          sockets.add(socket);
          connections.incrementAndGet();
          List<String> script = scripts.isEmpty() ? List.of() : scripts.remove();
          Thread thread = new Thread(() -> serve(socket, script), "upstream connection");
          thread.setDaemon(true);
          thread.start();
        }
      } catch (IOException closed) {
        // the test is over
      }
    }

    private void serve(Socket socket, List<String> script) {
      try (socket) {
        for (String answer : script) {
          if (!readRequest(socket.getInputStream())) {
            return;
          }
          requests.incrementAndGet();
          if (answer.isEmpty()) {
            return;
          }
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        }
        if (socket.getInputStream().read() >= 0) { // the client was to end it
          unscripted.incrementAndGet();
        }
      } catch (IOException closed) {
        // by the test
      } finally {
        ended.incrementAndGet();
      }
    }

    private static boolean readRequest(InputStream in) throws IOException {
      int lineFeeds = 0;
      while (lineFeeds < 2) { // up to the empty line
        int octet = in.read();
        if (octet < 0) {
          return false;
        }
        lineFeeds = octet == '\n' ? lineFeeds + 1 : octet == '\r' ? lineFeeds : 0;
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static String answer(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private UpstreamAnswer ask(HttpMethod method) throws IOException {
    return client.ask(upstream.uri(), method, new DefaultHttpHeaders(), WITHIN);
  }

  private String get() throws IOException {
    try (UpstreamAnswer answer = ask(HttpMethod.GET)) {
      return read(answer);
    }
  }

  private static String read(UpstreamAnswer answer) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer part = ByteBuffer.allocate(1000);
    while (answer.read(part) >= 0) {
      all.write(part.array(), 0, part.position());
      part.clear();
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void wholeAnswers_shareAConnection_whateverTheirKind() throws Exception {
    upstream.script(
        answer("one"),
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", // to HEAD
        "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n",
        answer("x".repeat(300_000)));

    assertThat(get()).isEqualTo("one");
    ask(HttpMethod.HEAD).close();
    ask(HttpMethod.GET).close();
    assertThat(get()).isEqualTo("two");
    assertThat(get()).isEqualTo("x".repeat(300_000));

    assertThat(upstream.connections).hasValue(1);
    assertThat(upstream.requests).hasValue(5);
  }

  @Test
  void connectionThatItsServerEndedBetweenTwoRequests_isReplaced_andTheRequestGoesOnce()
      throws Exception {
    upstream.script(answer("one"));
    upstream.script(answer("two"));
    assertThat(get()).isEqualTo("one");
    for (Socket socket : upstream.sockets) {
      socket.shutdownOutput();
    }
    await().untilAsserted(() -> assertThat(upstream.ended).hasValue(1)); // ours was closed for it

    assertThat(get()).isEqualTo("two");
    assertThat(upstream.requests).hasValue(2);
  }

  @Test
  void requestThatMeetsAConnectionThatJustEnds_goesOnceMore_byANewOne() throws Exception {
    upstream.script(answer("one"), "");
    upstream.script(answer("two"));

    assertThat(get()).isEqualTo("one");
    assertThat(get()).isEqualTo("two");

    assertThat(upstream.connections).hasValue(2);
    assertThat(upstream.requests).hasValue(3);
  }

  @Test
  void newConnectionThatEndsWithoutAnAnswer_isAFailure() {
    upstream.script("");

    assertThatThrownBy(this::get).isInstanceOf(UpstreamException.class);
    assertThat(upstream.requests).hasValue(1);
  }

  @Test
  void answerThatBegan_isNeverAskedForAgain() throws Exception {
    upstream.script(answer("one"), "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "");
    assertThat(get()).isEqualTo("one");
    try (UpstreamAnswer answer = ask(HttpMethod.GET)) {
      upstream.sockets.get(0).shutdownOutput();

      assertThatThrownBy(() -> read(answer)).isInstanceOf(UpstreamException.class);
    }
    assertThat(upstream.connections).hasValue(1);
    assertThat(upstream.requests).hasValue(2);
  }

  @Test
  void answerThatNobodyAskedFor_isNobodysAnswer() throws Exception {
    upstream.script(answer("one") + answer("for nobody"), answer("for nobody either"));
    upstream.script(answer("two"));

    assertThat(get()).isEqualTo("one");
    assertThat(get()).isEqualTo("two");
    assertThat(upstream.connections).hasValue(2);
  }

  @Test
  void answerThatIsGivenUp_endsItsConnection() throws Exception {
    upstream.script("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun", answer("wrong"));
    upstream.script(answer("two"));

    ask(HttpMethod.GET).close();

    await().untilAsserted(() -> assertThat(upstream.ended).hasValue(1));
    assertThat(get()).isEqualTo("two");
  }

  @Test
  void serverThatWantsItsConnectionsEnded_getsThat() throws Exception {
    upstream.script("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\none");
    upstream.script("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\ntwo");
    upstream.script(answer("three"));

    assertThat(get()).isEqualTo("one");
    assertThat(get()).isEqualTo("two");
    assertThat(get()).isEqualTo("three");
    assertThat(upstream.connections).hasValue(3);
  }

  @Test
  void whatIsNoAnswer_isAFailure() {
    for (String nonsense : List.of(
        "HTTP/1.1 100 Continue\r\n\r\n" + answer("one"), "SSH-2.0-OpenSSH_9.2\r\n\r\n", "\0\0\0")) {
      upstream.script(nonsense);
      assertThatThrownBy(() -> client.ask(
              upstream.uri(), HttpMethod.GET, new DefaultHttpHeaders(), Duration.ofSeconds(1)))
          .as(nonsense)
          .isInstanceOf(UpstreamException.class);
    }
  }

  @Test
  void freeConnections_areKeptUpToANumber() {
    KeptConnections kept = new KeptConnections();
    for (int i = 0; i < KeptConnections.MAX_KEPT; i++) {
      assertThat(kept.keeps(new UpstreamConnection(new EmbeddedChannel(), kept)))
          .isTrue();
    }
    UpstreamConnection last = new UpstreamConnection(new EmbeddedChannel(), kept);

    assertThat(kept.keeps(last)).isFalse();
    assertThat(kept.take()).isPresent();
    assertThat(kept.keeps(last)).isTrue();
    assertThat(kept.take()).contains(last);
  }
}
