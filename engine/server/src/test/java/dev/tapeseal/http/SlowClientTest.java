package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that read slowly, stop, or vanish hold up nobody but themselves, and leave nothing open. */
class SlowClientTest {
  private static final long LENGTH = 1L << 30;

  /** What the server reads ahead of a client that takes nothing: its own chunks, and what the kernel takes. */
  private static final long MAX_AHEAD_BYTES = 256 * 1024 + 16 * 1024;

  private final Content content = new Content(LENGTH);
  private final List<RawClient> clients = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    HttpLimits standard = HttpLimits.standard();
    server = HttpServer.builder(Router.of(
            Route.get("/call")
                .handledBy(request -> Response.content(new Representation(
                    content, LENGTH, Optional.empty(), Optional.empty(), "audio/wav"))),
            Route.get("/stream")
                .handledBy(request -> Response.stream(200, "audio/wav", content.open()))))
        .limits(standard
            .with(new HttpLimits.Threads(2, 1, 1, 1000))
            .with(new HttpLimits.Connections(
                1000, 1000, Duration.ofSeconds(60), Duration.ofMillis(1500))))
        .start();
  }

  @AfterEach
  void stop() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
    server.close();
  }

  private RawClient narrow() throws IOException {
    RawClient client = RawClient.narrow(server, 4096);
    clients.add(client);
    return client;
  }

  private static void awaitNoProgress(Content content) throws InterruptedException {
    long before;
    do {
      before = content.read.get();
      Thread.sleep(200);
    } while (content.read.get() != before);
  }

  @Test
  void clientThatTakesNothing_holdsUpItsOwnContent() throws Exception {
    for (String path : List.of("/call", "/stream")) {
      long before = content.read.get();
      narrow().get(path, "");
      await().until(() -> content.read.get() > before);
      awaitNoProgress(content);

      assertThat(content.read.get() - before).as(path).isBetween(1L, MAX_AHEAD_BYTES);
    }
  }

  @Test
  void manyThatTakeNothing_needNoThread_andAreCutInTheEnd() throws Exception {
    for (int i = 0; i < 50; i++) {
      narrow().get("/call", "");
    }
    await().until(() -> content.opened.get() == 50);

    try (RawClient fast = RawClient.of(server)) {
      for (int i = 0; i < 20; i++) {
        int first = i * 50_000_000;
        RawClient.Reply reply = fast.get(
                "/call", "Range: bytes=" + first + "-" + (first + 999_999) + "\r\n")
            .reply();
        assertThat(reply.body()).isEqualTo(Content.bytes(first, first + 1_000_000L));
      }
    }
    assertThat(content.read.get()).isLessThan(50 * MAX_AHEAD_BYTES + 20_000_000);
    await().atMost(Duration.ofSeconds(30)).until(() -> content.open.get() == 0);
  }

  @Test
  void clientThatReadsSlowly_isServedToTheEnd() throws Exception {
    RawClient slow = narrow().get("/call", "Range: bytes=0-599999\r\n");
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) slow.read());
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (all.size() < 600_000) {
      all.write(slow.read(30_000));
      Thread.sleep(200); // 4 s in all: longer than a stall may be
    }

    assertThat(all.toByteArray()).isEqualTo(Content.bytes(0, 600_000));
  }

  @Test
  void clientThatVanishes_leavesNothingOpen() throws Exception {
    for (int i = 0; i < 20; i++) {
      RawClient client = narrow().get(i % 2 == 0 ? "/call" : "/stream", "");
      client.read(i * 1000);
      client.vanish();
    }
    await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
      assertThat(content.opened).hasPositiveValue();
      assertThat(content.open).hasValue(0);
    });
  }

  @Test
  void closingTheServer_cutsWhatRuns_andClosesItsContent() throws Exception {
    RawClient client = narrow().get("/call", "");
    await().until(() -> content.opened.get() == 1);

    server.close();

    assertThat(content.open).hasValue(0);
    try {
      client.reply();
      throw new AssertionError("a cut answer was taken for whole");
    } catch (EOFException | java.net.SocketException e) {
      assertThat(e).isNotNull();
    }
  }
}
