package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges and conditions (RFC 9110 sections 13 and 14), and what fails before and after the first byte. */
class ContentTest {
  private static final int LENGTH = 200_000;
  private static final String TAG = "\"v1\"";
  private static final Instant MODIFIED = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final String MODIFIED_TEXT = "Fri, 02 Jan 2026 03:04:05 GMT";

  private static final Map<String, Content> CONTENTS = new ConcurrentHashMap<>();
  private static HttpServer server;

  @BeforeAll
  static void start() throws IOException {
    CONTENTS.put("whole", new Content(LENGTH));
    CONTENTS.put("empty", new Content(0));
    CONTENTS.put("short", new Content(LENGTH - 1));
    CONTENTS.put("broken-at-once", new Broken(0));
    CONTENTS.put("broken-later", new Broken(150_000));
    server = HttpServer.builder(Router.of(
            Route.get("/{name}").handledBy(request -> {
              Content content = content(request.pathParameter("name"));
              long length = content.length == LENGTH - 1 ? LENGTH : content.length;
              return Response.content(new Representation(
                  content, length, Optional.of(TAG), Optional.of(MODIFIED), "audio/wav"));
            }),
            Route.get("/stream/{name}")
                .handledBy(request -> Response.stream(
                    200, "audio/wav", content(request.pathParameter("name")).open()))))
        .start();
  }

  private static Content content(String name) {
    return Optional.ofNullable(CONTENTS.get(name)).orElseThrow();
  }

  /** Fails from a position on. */
  private static final class Broken extends Content {
    private final long from;

    Broken(long from) {
      super(LENGTH);
      this.from = from;
    }

    @Override
    void beforeRead(long position) throws IOException {
      if (position >= from) {
        throw new IOException("broken at " + position);
      }
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void everythingOpened_isClosed() {
    await()
        .untilAsserted(() -> assertThat(CONTENTS.values())
            .allSatisfy(content -> assertThat(content.open).hasValue(0)));
  }

  private static RawClient.Reply get(String name, String... headerLines) throws IOException {
    try (RawClient client = RawClient.of(server)) {
      return client.get("/" + name, lines(headerLines)).reply();
    }
  }

  private static String lines(String... headerLines) {
    return List.of(headerLines).stream().map(line -> line + "\r\n").collect(Collectors.joining());
  }

  @Test
  void whole_isAnsweredWithItsValidators() throws IOException {
    RawClient.Reply reply = get("whole");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("ETag")).contains(TAG);
    assertThat(reply.header("Last-Modified")).contains(MODIFIED_TEXT);
    assertThat(reply.header("Accept-Ranges")).contains("bytes");
    assertThat(reply.header("Content-Type")).contains("audio/wav");
    assertThat(reply.header("Cache-Control")).contains("no-store");
    assertThat(reply.body()).isEqualTo(Content.bytes(0, LENGTH));
  }

  @ParameterizedTest
  @CsvSource({
    "0-0, 0, 0",
    "0-65535, 0, 65535",
    "65535-65536, 65535, 65536",
    "131072-, 131072, 199999",
    "199999-, 199999, 199999",
    "-1, 199999, 199999",
    "-200000, 0, 199999",
    "-200001, 0, 199999",
    "100-99999999999999999999, 100, 199999",
    "00000000000000000000005-6, 5, 6"
  })
  void oneRange_isAnsweredAlone(String range, long first, long last) throws IOException {
    RawClient.Reply reply = get("whole", "Range: bytes=" + range);

    assertThat(reply.status()).isEqualTo(206);
    assertThat(reply.header("Content-Range")).contains("bytes " + first + "-" + last + "/200000");
    assertThat(reply.body()).isEqualTo(Content.bytes(first, last + 1));
  }

  @Test
  void range_readsNoMoreThanItself() throws IOException {
    Content content = content("whole");
    long before = content.read.get();

    get("whole", "Range: bytes=150000-150009");

    assertThat(content.read.get() - before).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({"200000-", "200000-200001", "-0", "5-4", "x", "1-2x", "-", "--1", "''"})
  void rangeThatLiesNowhere_is416(String range) throws IOException {
    RawClient.Reply reply = get("whole", "Range: bytes=" + range);

    if (range.isEmpty()) {
      assertThat(reply.status()).isEqualTo(200); // not a Range at all
    } else {
      assertThat(reply.status()).isEqualTo(416);
      assertThat(reply.header("Content-Range")).contains("bytes */200000");
      assertThat(reply.text()).contains("\"code\":\"range-not-satisfiable\"");
    }
  }

  @Test
  void rangeOfNothing_isTheWhole() throws IOException {
    assertThat(get("empty").body()).isEmpty();
    assertThat(get("empty", "Range: bytes=0-").status()).isEqualTo(200);
    assertThat(get("empty", "Range: bytes=1-").status()).isEqualTo(416);
  }

  @Test
  void severalRanges_areAnsweredAsParts() throws IOException {
    RawClient.Reply reply = get("whole", "Range: bytes=0-9, 100000-170000, -5");

    assertThat(reply.status()).isEqualTo(206);
    assertThat(reply.header("Content-Range")).isEmpty();
    String boundary =
        reply.header("Content-Type").orElseThrow().replace("multipart/byteranges; boundary=", "");
    StringBuilder expected = new StringBuilder();
    for (int[] range : new int[][] {{0, 9}, {100_000, 170_000}, {199_995, 199_999}}) {
      expected.append("\r\n--" + boundary + "\r\nContent-Type: audio/wav\r\nContent-Range: bytes "
          + range[0] + "-" + range[1] + "/200000\r\n\r\n");
      expected.append(
          new String(Content.bytes(range[0], range[1] + 1L), StandardCharsets.ISO_8859_1));
    }
    expected.append("\r\n--" + boundary + "--\r\n");
    assertThat(new String(reply.body(), StandardCharsets.ISO_8859_1))
        .isEqualTo(expected.toString());
  }

  @Test
  void thousandsOfOverlappingRanges_costOneAnswer() throws IOException {
    String ranges =
        IntStream.range(0, 1300).mapToObj(i -> i + "-").collect(Collectors.joining(","));
    Content content = content("whole");
    int opened = content.opened.get();
    long read = content.read.get();

    RawClient.Reply reply = get("whole", "Range: bytes=" + ranges);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).hasSize(LENGTH);
    assertThat(content.opened.get() - opened).isEqualTo(1);
    assertThat(content.read.get() - read).isEqualTo(LENGTH);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-None-Match: \"v1\" | 304",
        "If-None-Match: W/\"v1\" | 304",
        "If-None-Match: \"v0\", \"v1\" | 304",
        "If-None-Match: * | 304",
        "If-None-Match: \"v2\" | 206",
        "If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT | 304",
        "If-Modified-Since: Fri, 02 Jan 2026 03:04:06 GMT | 304",
        "If-Modified-Since: Fri, 02 Jan 2026 03:04:04 GMT | 206",
        "If-Modified-Since: Friday, 02-Jan-26 03:04:05 GMT | 304",
        "If-Modified-Since: Fri Jan  2 03:04:05 2026 | 304",
        "If-Modified-Since: yesterday | 206",
        "If-Match: \"v1\" | 206",
        "If-Match: * | 206",
        "If-Match: \"v0\",\"v1\" | 206",
        "If-Match: W/\"v1\" | 412",
        "If-Match: \"v2\" | 412",
        "If-Unmodified-Since: Fri, 02 Jan 2026 03:04:05 GMT | 206",
        "If-Unmodified-Since: Fri, 02 Jan 2026 03:04:04 GMT | 412",
        "If-Range: \"v1\" | 206",
        "If-Range: W/\"v1\" | 200",
        "If-Range: \"v2\" | 200",
        "If-Range: Fri, 02 Jan 2026 03:04:05 GMT | 206",
        "If-Range: Fri, 02 Jan 2026 03:04:06 GMT | 200",
        "If-Range: Fri, 02 Jan 2026 03:04:04 GMT | 200",
        "If-Range: nonsense | 200"
      })
  void condition_isHonoured(String condition, int status) throws IOException {
    RawClient.Reply reply = get("whole", "Range: bytes=10-19", condition.strip());

    assertThat(reply.status()).isEqualTo(status);
    if (status == 206) {
      assertThat(reply.body()).isEqualTo(Content.bytes(10, 20));
    } else if (status == 304) {
      assertThat(reply.header("ETag")).contains(TAG);
      assertThat(reply.header("Content-Length")).isEmpty();
    }
  }

  @Test
  void conditions_areAskedInTheOrderOfTheStandard() throws IOException {
    assertThat(get("whole", "If-Match: \"v2\"", "If-None-Match: \"v1\"").status())
        .isEqualTo(412);
    assertThat(get(
                "whole",
                "If-None-Match: \"v2\"",
                "If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT")
            .status())
        .isEqualTo(200);
    assertThat(
            get("whole", "If-Match: \"v1\"", "If-Unmodified-Since: Fri, 02 Jan 2026 03:04:04 GMT")
                .status())
        .isEqualTo(200);
  }

  @Test
  void head_tellsWhatGetWould_withoutTheBody_andKnowsNoRanges() throws IOException {
    try (RawClient client = RawClient.of(server)) {
      client.send("HEAD /whole HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-9\r\n\r\n");
      RawClient.Reply head = client.replyToHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).contains("200000");

      client.send("HEAD /stream/whole HTTP/1.1\r\nHost: localhost\r\n\r\n");
      RawClient.Reply stream = client.replyToHead();
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.header("Content-Length")).isEmpty();

      client.send("HEAD /broken-at-once HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.replyToHead().status()).isEqualTo(500);
    }
  }

  @Test
  void stream_isAnsweredInChunks_orToAnOldClientUpToTheEnd() throws IOException {
    RawClient.Reply reply = get("stream/whole");
    assertThat(reply.header("Transfer-Encoding")).contains("chunked");
    assertThat(reply.body()).isEqualTo(Content.bytes(0, LENGTH));
    assertThat(get("stream/empty").body()).isEmpty();

    try (RawClient client = RawClient.of(server)) {
      RawClient.Reply old =
          client.send("GET /stream/whole HTTP/1.0\r\nHost: localhost\r\n\r\n").reply();
      assertThat(old.header("Transfer-Encoding")).isEmpty();
      assertThat(old.body()).isEqualTo(Content.bytes(0, LENGTH));
    }
  }

  @Test
  void failureBeforeTheFirstByte_isAnError_andTheConnectionStays() throws IOException {
    try (RawClient client = RawClient.of(server)) {
      RawClient.Reply failed = client.get("/broken-at-once", "").reply();
      assertThat(failed.status()).isEqualTo(500);
      assertThat(failed.text()).contains("\"code\":\"internal\"");

      assertThat(client.get("/stream/broken-at-once", "").reply().status()).isEqualTo(500);
      assertThat(client.get("/whole", "Range: bytes=0-0\r\n").reply().status()).isEqualTo(206);
    }
  }

  @Test
  void failureAfterTheFirstByte_cutsTheConnection_andIsNeverACompleteAnswer() throws IOException {
    List<String> cut = new ArrayList<>();
    for (String path : List.of("broken-later", "stream/broken-later", "short")) {
      assertThatThrownBy(() -> get(path))
          .as(path)
          .isInstanceOfAny(EOFException.class, java.net.SocketException.class);
      cut.add(path);
    }
    assertThat(cut).hasSize(3);
    assertThat(get("broken-later", "Range: bytes=0-99999").body())
        .isEqualTo(Content.bytes(0, 100_000));
    assertThatThrownBy(() -> get("broken-later", "Range: bytes=0-99999,150000-160000"))
        .isInstanceOfAny(EOFException.class, java.net.SocketException.class);
  }
}
