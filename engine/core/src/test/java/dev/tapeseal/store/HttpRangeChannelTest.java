package dev.tapeseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a read when the server fails in a way that passes, and in one that does not. */
@Timeout(60)
class HttpRangeChannelTest {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
  private static final int CUT = 1;

  private final byte[] file = new byte[300_000];
  private final Deque<Integer> failures = new ArrayDeque<>(); // statuses, or CUT; then it works
  private final AtomicInteger requests = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // set before each test
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    new Random(300).nextBytes(file);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      int failure = failures.isEmpty() ? 0 : failures.pop();
      if (failure > CUT) {
        exchange.sendResponseHeaders(failure, -1);
        return;
      }
      Matcher range = RANGE.matcher(exchange.getRequestHeaders().getFirst("Range"));
      assertThat(range.matches()).isTrue();
      int from = Integer.parseInt(range.group(1));
      int to = Math.min(Integer.parseInt(range.group(2)) + 1, file.length);
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + file.length);
      exchange.getResponseHeaders().set("ETag", "\"one\"");
      exchange.sendResponseHeaders(206, to - from);
      exchange.getResponseBody().write(file, from, failure == CUT ? 1000 : to - from);
    }
  }

  private HttpRangeChannel open() throws IOException {
    return HttpRangeChannel.open(
        HttpClient.newHttpClient(),
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/call.mp3"),
        Map.of());
  }

  private byte[] rest(HttpRangeChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(file.length);
    while (channel.read(bytes) >= 0) {
      // all of it
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  @ParameterizedTest(name = "{0}, twice")
  @ValueSource(ints = {CUT, 429, 502, 503, 504})
  void failureThatPasses_isTriedAgain_andNoByteIsLostOrDoubled(int failure) throws IOException {
    try (HttpRangeChannel channel = open()) {
      failures.add(failure);
      failures.add(failure);

      assertThat(rest(channel)).isEqualTo(file);
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void failureThatStays_isSaidAfterThreeTries_andTheNextReadTriesAnew() throws IOException {
    try (HttpRangeChannel channel = open()) {
      channel.position(200_000);
      failures.addAll(List.of(503, 503, 503));
      requests.set(0);

      assertThatIOException()
          .isThrownBy(() -> channel.read(ByteBuffer.allocate(10)))
          .withMessageContaining("503")
          .withMessageContaining("3 times in a row");

      assertThat(requests).hasValue(3);
      assertThat(rest(channel)).isEqualTo(Arrays.copyOfRange(file, 200_000, file.length));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 500})
  void failureThatIsTheServersLastWord_isNotTriedAgain(int status) throws IOException {
    try (HttpRangeChannel channel = open()) {
      channel.position(200_000);
      failures.add(status);
      requests.set(0);

      assertThatIOException().isThrownBy(() -> channel.read(ByteBuffer.allocate(10)));

      assertThat(requests).hasValue(1);
    }
  }
}
