package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which handler answers, what it is told, and how errors look; over real sockets. */
class RoutingTest {
  private static HttpServer server;
  private static HttpClient client;

  record Point(int x, int y) {}

  private static final class DamagedException extends IOException {
    DamagedException() {
      super("a secret of ours");
    }
  }

  @BeforeAll
  static void start() throws IOException {
    Router router = Router.of(
            Route.get("/items/{id}")
                .handledBy(request -> Response.text(200, "item " + request.pathParameter("id"))),
            Route.get("/items/new").handledBy(request -> Response.text(200, "literal")),
            Route.delete("/items/{id}").handledBy(request -> Response.of(204)),
            Route.get("/folders/{name+}/x")
                .handledBy(request -> Response.text(200, request.pathParameter("name"))),
            Route.get("/query").handledBy(request -> Response.json(200, request.query())),
            Route.post("/points").bodyUpTo(1000).handledBy(request -> {
              Point point = request.json(Point.class);
              return Response.json(201, new Point(point.y(), point.x()));
            }),
            Route.get("/fails").handledBy(request -> {
              throw new IllegalStateException("a secret of ours");
            }),
            Route.get("/overflows").handledBy(request -> Response.text(200, overflow(1))),
            Route.get("/damaged").handledBy(request -> {
              throw new DamagedException();
            }))
        .mapping(failure -> failure instanceof DamagedException
            ? Optional.of(new HttpException(422, "damaged", "It is damaged.", "Restore it."))
            : Optional.empty());
    server = HttpServer.builder(router).start();
    client = HttpClient.newHttpClient();
  }

  @SuppressWarnings("InfiniteRecursion")
  private static String overflow(int depth) {
    return overflow(depth + 1) + depth;
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws Exception {
    HttpRequest request = HttpRequest.newBuilder(server.uri().resolve(path))
        .method(
            method,
            body.isEmpty()
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body))
        .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void parameterOfThePath_isDecoded_andALiteralWins() throws Exception {
    assertThat(send("GET", "/items/a%20b%C3%A4", "").body()).isEqualTo("item a bä");
    assertThat(send("GET", "/items/new", "").body()).isEqualTo("literal");
    assertThat(send("GET", "/folders/a%2Fb/x", "").body()).isEqualTo("a/b");
    assertThat(send("GET", "/items/a%2Fb", "").statusCode()).isEqualTo(400);
  }

  @Test
  void query_isDecodedInOrder() throws Exception {
    assertThat(send("GET", "/query?b=1&a=x+y%26&b=2&c", "").body())
        .isEqualTo("{\"b\":[\"1\",\"2\"],\"a\":[\"x y&\"],\"c\":[\"\"]}");
  }

  @Test
  void unknownPath_is404_andUnknownMethod405WithAllow() throws Exception {
    HttpResponse<String> lost = send("GET", "/nowhere", "");
    assertThat(lost.statusCode()).isEqualTo(404);
    assertThat(lost.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(lost.body())
        .isEqualTo(
            "{\"error\":{\"code\":\"not-found\",\"message\":\"There is nothing at this path.\","
                + "\"hint\":\"Check the path.\"}}");

    HttpResponse<String> wrong = send("PUT", "/items/7", "");
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.headers().firstValue("Allow")).contains("GET, HEAD, DELETE");
    assertThat(send("BREW", "/items/7", "").statusCode()).isEqualTo(405);
  }

  @Test
  void head_isAnsweredAsGet_withoutTheBody() throws Exception {
    HttpResponse<String> head = send("HEAD", "/items/7", "");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Length")).contains("6");
    assertThat(head.body()).isEmpty();
  }

  @Test
  void json_isReadAndWritten() throws Exception {
    HttpResponse<String> created = send("POST", "/points", "{\"x\":1,\"y\":2}");

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.body()).isEqualTo("{\"x\":2,\"y\":1}");
  }

  @Test
  void jsonThatIsNone_is400_andIsNotRepeated() throws Exception {
    for (String body : List.of(
        "{\"x\":1,",
        "{\"x\":\"secret\"}",
        "[1]",
        "null",
        "{\"x\":1}{}",
        "{\"x\":1,\"x\":2}",
        "\u0000")) {
      HttpResponse<String> refused = send("POST", "/points", body);

      assertThat(refused.statusCode()).as(body).isEqualTo(400);
      assertThat(refused.body()).contains("\"code\":\"not-json\"").doesNotContain("secret");
    }
    assertThat(send("POST", "/points", "[".repeat(900)).statusCode()).isEqualTo(400);
  }

  @Test
  void bodyThatIsTooLong_is413() throws Exception {
    assertThat(send("POST", "/points", " ".repeat(1001)).statusCode()).isEqualTo(413);
    assertThat(send("GET", "/items/7", "a body").statusCode()).isEqualTo(413);
  }

  @Test
  void failureThatNobodyExpected_is500_withAnIncidentAndNoSecret() throws Exception {
    HttpResponse<String> failed = send("GET", "/fails", "");

    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body())
        .containsPattern("\"code\":\"internal\",\"message\":\".*incident [0-9a-f]{16}\\.\"")
        .doesNotContain("secret");
    assertThat(send("GET", "/overflows", "").statusCode()).isEqualTo(500);
  }

  @Test
  void failureThatIsMapped_isAnsweredSo() throws Exception {
    HttpResponse<String> failed = send("GET", "/damaged", "");

    assertThat(failed.statusCode()).isEqualTo(422);
    assertThat(failed.body())
        .isEqualTo(
            "{\"error\":{\"code\":\"damaged\",\"message\":\"It is damaged.\",\"hint\":\"Restore it.\"}}");
  }

  @Test
  void routeThatIsThereTwice_isRefused() {
    Route route = Route.get("/a/{b}").handledBy(request -> Response.of(204));
    Route same = Route.get("/a/{c}").handledBy(request -> Response.of(204));

    assertThatThrownBy(() -> Router.of(route, same))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("route: 'GET /a/{c}' twice (expected: each once)");
  }

  @Test
  void header_cannotBreakTheHead() {
    Response response = Response.of(200);

    assertThatThrownBy(() -> response.header("X", "a\r\nSet-Cookie: b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> response.header("X: ", "a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoServers_liveSideBySide() throws Exception {
    Map<String, Integer> counts = new LinkedHashMap<>();
    try (HttpServer other = HttpServer.builder(Router.of(Route.get("/who").handledBy(request -> {
          counts.merge("other", 1, Integer::sum);
          return Response.of(204);
        })))
        .start()) {
      HttpRequest request = HttpRequest.newBuilder(other.uri().resolve("/who")).build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(204);
      assertThat(other.port()).isNotEqualTo(server.port());
    }
    assertThat(counts).containsEntry("other", 1);
    assertThat(send("GET", "/items/7", "").statusCode()).isEqualTo(200);
  }
}
