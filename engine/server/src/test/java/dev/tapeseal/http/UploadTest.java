package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies: in memory, as forms, and streamed in at any size. */
class UploadTest {
  private static final ConcurrentLinkedQueue<String> ENDS = new ConcurrentLinkedQueue<>();
  private static final Semaphore GATE = new Semaphore(0);
  private static final AtomicLong READ = new AtomicLong();
  private static final AtomicReference<byte[]> KEPT = new AtomicReference<>(new byte[0]);
  private static HttpServer server;

  @BeforeAll
  static void start() throws IOException {
    HttpLimits standard = HttpLimits.standard();
    HttpLimits limits = standard
        .with(new HttpLimits.Bodies(1000, Duration.ofMillis(500), 1 << 20))
        .with(new HttpLimits.Threads(4, 2, 2, 100));
    server = HttpServer.builder(Router.of(
            Route.post("/bytes").bodyUpTo(800_000).handledBy(request -> {
              KEPT.set(request.body());
              return Response.text(200, crc(request.body()));
            }),
            Route.post("/large")
                .bodyUpTo(5_000_000)
                .handledBy(request -> Response.text(200, crc(request.body()))),
            Route.post("/form").bodyUpTo(100_000).handledBy(request -> {
              StringBuilder text = new StringBuilder();
              for (Form.Part part : request.form().parts()) {
                text.append(part.name() + "|" + part.fileName().orElse("-") + "|"
                    + part.mediaType().orElse("-") + "|" + part.bytes().length + "\n");
              }
              return Response.text(200, text.toString());
            }),
            Route.post("/crc")
                .bodyStreamedUpTo(200_000_000)
                .handledBy(request -> Response.text(200, crc(request.bodyChannel()))),
            Route.post("/echo")
                .bodyStreamedUpTo(Long.MAX_VALUE)
                .handledBy(request ->
                    Response.stream(200, "application/octet-stream", request.bodyChannel())),
            Route.post("/gated").bodyStreamedUpTo(Long.MAX_VALUE).handledBy(request -> {
              GATE.acquire();
              return Response.text(200, crc(request.bodyChannel()));
            }),
            Route.post("/unread")
                .bodyStreamedUpTo(Long.MAX_VALUE)
                .handledBy(request -> Response.of(204))))
        .limits(limits)
        .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void forget() {
    ENDS.clear();
    READ.set(0);
  }

  private static String crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return bytes.length + " " + crc.getValue();
  }

  private static String crc(ReadableByteChannel channel) throws IOException {
    CRC32 crc = new CRC32();
    long length = 0;
    ByteBuffer buffer = ByteBuffer.allocate(10_000);
    try {
      while (channel.read(buffer) >= 0) {
        READ.addAndGet(buffer.position());
        length += buffer.position();
        crc.update(buffer.flip());
        buffer.clear();
      }
    } catch (IOException e) {
      ENDS.add(String.valueOf(e.getMessage()));
      throw e;
    }
    return length + " " + crc.getValue();
  }

  private static RawClient post(String path, String headerLines) throws IOException {
    return RawClient.of(server)
        .send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headerLines + "\r\n");
  }

  @Test
  void bodyInMemory_isWhole_andWipedAfterTheAnswer() throws Exception {
    byte[] body = Content.bytes(0, 800_000);
    try (RawClient client = post("/bytes", "Content-Length: 800000\r\n")) {
      assertThat(client.send(body).reply().text()).isEqualTo(crc(body));
    }
    await().untilAsserted(() -> assertThat(KEPT.get()).containsOnly(0));
  }

  @Test
  void bodiesInMemory_areBoundedTogether_andGiveTheirMemoryBack() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (RawClient client = post("/large", "Content-Length: 3000000\r\n")) {
        sendUntilRefused(client, Content.bytes(0, 3_000_000));
        assertThat(client.reply().status()).isEqualTo(503);
      }
      try (RawClient client = post("/bytes", "Content-Length: 800000\r\n")) {
        assertThat(client.send(Content.bytes(0, 800_000)).reply().status()).isEqualTo(200);
      }
    }
  }

  private static void sendUntilRefused(RawClient client, byte[] body) {
    try {
      client.send(body);
    } catch (IOException e) {
      ENDS.add("refused while it was sent");
    }
  }

  @Test
  void bodyThatIsTooLong_is413_beforeItIsRead_orWhenItIsTooMuch() throws Exception {
    try (RawClient client = post("/bytes", "Content-Length: 800001\r\n")) {
      assertThat(client.reply().status()).isEqualTo(413);
      assertThat(client.isEnded()).isTrue();
    }
    try (RawClient client = post("/bytes", "Transfer-Encoding: chunked\r\n")) {
      client.send("C3501\r\n").send(Content.bytes(0, 800_001));
      assertThat(client.reply().status()).isEqualTo(413);
    }
    try (RawClient client = post("/crc", "Content-Length: 200000001\r\n")) {
      assertThat(client.reply().status()).isEqualTo(413);
    }
  }

  @Test
  void expectation_isMetBeforeTheBody() throws Exception {
    for (String path : List.of("/bytes", "/crc")) {
      try (RawClient client = post(path, "Content-Length: 5\r\nExpect: 100-continue\r\n")) {
        assertThat(client.reply().status()).isEqualTo(100);
        assertThat(client.send("hello").reply().text())
            .isEqualTo(crc("hello".getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  @Test
  void streamOfAnyFraming_reachesTheHandlerWhole() throws Exception {
    byte[] body = Content.bytes(0, 3_000_000);
    String expected = crc(body);
    try (RawClient client = post("/crc", "Content-Length: 3000000\r\n")) {
      assertThat(client.send(body).reply().text()).isEqualTo(expected);
      client.send("POST /crc HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      int at = 0;
      for (int size = 1; at < body.length; size = size * 3 + 1) {
        int count = Math.min(size, body.length - at);
        client.send(Integer.toHexString(count) + "\r\n");
        client.send(java.util.Arrays.copyOfRange(body, at, at + count)).send("\r\n");
        at += count;
      }
      client.send("0\r\n\r\n");
      assertThat(client.reply().text()).isEqualTo(expected);
      client.send("POST /crc HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.reply().text()).isEqualTo("0 0");
    }
  }

  @Test
  void answer_mayStreamWhileTheBodyComes() throws Exception {
    int length = 20_000_000;
    try (RawClient client = post("/echo", "Content-Length: " + length + "\r\n")) {
      Thread sender = new Thread(() -> {
        try {
          for (int at = 0; at < length; at += 1_000_000) {
            client.send(Content.bytes(at, at + 1_000_000));
          }
        } catch (IOException e) {
          ENDS.add("sender: " + e.getMessage());
        }
      });
      sender.start();
      RawClient.Reply reply = client.reply();
      sender.join();
      assertThat(crc(reply.body())).isEqualTo(crc(Content.bytes(0, length)));
      assertThat(client.get("/nowhere", "").reply().status()).isEqualTo(404); // it stays open
    }
    assertThat(ENDS).isEmpty();
  }

  @Test
  void handlerThatDoesNotRead_holdsUpItsClient() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (RawClient client = post("/gated", "Content-Length: 40000000\r\n")) {
      Thread sender = new Thread(() -> {
        try {
          for (int at = 0; at < 40_000_000; at += 100_000) {
            client.send(Content.bytes(at, at + 100_000));
            sent.addAndGet(100_000);
          }
        } catch (IOException e) {
          ENDS.add("sender: " + e.getMessage());
        }
      });
      sender.start();
      long before;
      do {
        before = sent.get();
        Thread.sleep(300);
      } while (sent.get() != before);
      assertThat(before).as("bytes in the kernel's buffers").isLessThan(20_000_000);

      GATE.release();

      assertThat(client.reply().text()).isEqualTo(crc(Content.bytes(0, 40_000_000)));
      sender.join();
    }
    assertThat(ENDS).isEmpty();
  }

  @Test
  void clientThatVanishes_endsTheHandlersRead() throws Exception {
    try (RawClient client = post("/crc", "Content-Length: 1000000\r\n")) {
      client.send(Content.bytes(0, 100_000));
      await().until(() -> READ.get() == 100_000);
      client.vanish();
      await().untilAsserted(() -> assertThat(ENDS).containsExactly("the client went away"));
    }
  }

  @Test
  void bodyThatCrawls_is408() throws Exception {
    for (String path : List.of("/bytes", "/crc")) {
      try (RawClient client = post(path, "Content-Length: 1000\r\n")) {
        client.send("x");
        assertThat(client.reply().status()).as(path).isEqualTo(408);
        assertThat(client.isEnded()).isTrue();
      }
    }
    assertThat(ENDS).containsExactly("The body comes too slowly.");
  }

  @Test
  void moreUploadsThanThreads_are503() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      clients.add(post("/gated", "Content-Length: 1\r\n").send("x"));
    }
    await().until(GATE::getQueueLength, waiting -> waiting == 2);
    try (RawClient third = post("/gated", "Content-Length: 1\r\n").send("x")) {
      RawClient.Reply busy = third.reply();
      assertThat(busy.status()).isEqualTo(503);
      assertThat(busy.header("Retry-After")).contains("1");
    }
    GATE.release(2);
    for (RawClient client : clients) {
      try (client) {
        assertThat(client.reply().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void handlerThatAnswersWithoutReading_isHeard_andTheConnectionEnds() throws Exception {
    try (RawClient client = post("/unread", "Content-Length: 1000\r\n")) {
      assertThat(client.send("some of it").reply().status()).isEqualTo(204);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void form_isReadInParts() throws Exception {
    String body = String.join(
        "\r\n",
        "--b",
        "Content-Disposition: form-data; name=\"password\"",
        "",
        "x",
        "--b",
        "Content-Disposition: form-data; name=\"k\"; filename=\"a \\\"b\\\".pem\"",
        "Content-Type: application/x-pem-file",
        "",
        "",
        "--a",
        "",
        "--b--",
        "");
    try (RawClient client = post(
        "/form",
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + body.length()
            + "\r\n")) {
      assertThat(client.send(body).reply().text())
          .isEqualTo("password|-|-|1\nk|a \"b\".pem|application/x-pem-file|7\n");
    }
  }

  @Test
  void formThatIsNone_isRefused() throws Exception {
    String part = "Content-Disposition: form-data; name=\"a\"\r\n\r\nx";
    for (String[] form : new String[][] {
      {"multipart/form-data; boundary=b", ""},
      {"multipart/form-data; boundary=b", "--b"},
      {"multipart/form-data; boundary=b", "--b\r\n" + part},
      {"multipart/form-data; boundary=b", "--b\r\n" + part + "\r\n--b"},
      {"multipart/form-data; boundary=b", "--c\r\n" + part + "\r\n--c--\r\n"},
      {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"
      },
      {"multipart/form-data; boundary=b", "--b\r\nX: y\r\n\r\nx\r\n--b--"},
      {"multipart/form-data; boundary=b", "--b\r\n\r\n--b--"},
      {"multipart/form-data; boundary=b", ("--b\r\n" + part + "\r\n").repeat(101) + "--b--"},
      {"multipart/form-data; boundary=b", "--b\r\nX: " + "y".repeat(5000) + "\r\n\r\n--b--"},
      {"multipart/form-data; boundary=", "--\r\n" + part + "\r\n----"},
      {"multipart/form-data", "--b\r\n" + part + "\r\n--b--"},
      {"application/json", "{}"}
    }) {
      try (RawClient client = post(
          "/form",
          "Content-Type: " + form[0] + "\r\nContent-Length: " + form[1].length() + "\r\n")) {
        assertThat(client.send(form[1]).reply().status())
            .as(form[0] + " " + form[1])
            .isIn(400, 415);
      }
    }
  }

  @Test
  void formOfCurl_isRead() throws Exception {
    Process curl = new ProcessBuilder(
            "curl",
            "-s",
            "-F",
            "user=ä",
            "-F",
            "file=@-;filename=x.pem;type=text/plain",
            server.uri() + "/form")
        .start();
    try (var out = curl.getOutputStream()) {
      out.write(new byte[50_000]);
    }
    try (InputStream in = curl.getInputStream()) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("user|-|-|2\nfile|x.pem|text/plain|50000\n");
    }
    assertThat(curl.waitFor()).isZero();
  }
}
