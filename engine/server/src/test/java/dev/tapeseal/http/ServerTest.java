package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting, limits, drain, TLS, health and metrics. */
class ServerTest {
  private static final HttpLimits STANDARD = HttpLimits.standard();

  private final Semaphore gate = new Semaphore(0);
  private final Router router = Router.of(
      Route.get("/").handledBy(request -> Response.text(200, request.secure() ? "tls" : "clear")),
      Route.get("/gated").handledBy(request -> {
        gate.acquire();
        return Response.text(200, "done");
      }));

  private static int status(HttpServer server, String path) throws IOException {
    try (RawClient client = RawClient.of(server)) {
      return client.get(path, "").reply().status();
    }
  }

  @Test
  void portThatIsTaken_isToldInOneSentence() throws IOException {
    try (HttpServer server = HttpServer.builder(router).start()) {
      assertThatThrownBy(() -> HttpServer.builder(router).port(server.port()).start())
          .isInstanceOf(IOException.class)
          .hasMessage("cannot listen on 127.0.0.1 port " + server.port()
              + " (expected: a free port of this machine)");
    }
  }

  @Test
  void headThatComesTooSlowly_isCut_andAnIdleConnectionToo() throws Exception {
    HttpLimits limits = STANDARD
        .with(new HttpLimits.Heads(1000, 2000, 20, Duration.ofMillis(400)))
        .with(new HttpLimits.Connections(100, 100, Duration.ofMillis(800), Duration.ofSeconds(9)));
    try (HttpServer server = HttpServer.builder(router).limits(limits).start();
        RawClient silent = RawClient.of(server);
        RawClient slow = RawClient.of(server);
        RawClient idle = RawClient.of(server)) {
      assertThat(idle.get("/", "").reply().status()).isEqualTo(200);
      slow.send("GET / HTTP/1.1\r\nHost: local");
      assertThat(silent.isEnded()).isTrue();
      assertThat(slow.isEnded()).isTrue();
      assertThat(idle.isEnded()).isTrue();
    }
  }

  @Test
  void headThatIsTooLarge_is414or431() throws Exception {
    HttpLimits limits = STANDARD.with(new HttpLimits.Heads(100, 300, 8, Duration.ofSeconds(9)));
    try (HttpServer server = HttpServer.builder(router).limits(limits).start()) {
      try (RawClient client = RawClient.of(server)) {
        assertThat(client.get("/" + "x".repeat(100), "").reply().status()).isEqualTo(414);
        assertThat(client.isEnded()).isTrue();
      }
      try (RawClient client = RawClient.of(server)) {
        client.send("x".repeat(101)); // no line at all
        assertThat(client.reply().status()).isEqualTo(414);
      }
      try (RawClient client = RawClient.of(server)) {
        assertThat(client.get("/", "X: " + "x".repeat(300) + "\r\n").reply().status())
            .isEqualTo(431);
      }
      try (RawClient client = RawClient.of(server)) {
        assertThat(client.get("/", "X: x\r\n".repeat(8)).reply().status()).isEqualTo(431);
      }
      try (RawClient client = RawClient.of(server)) {
        assertThat(client.get("/", "X: x\r\n".repeat(7)).reply().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void connectionsOfOneAddress_areBounded() throws Exception {
    HttpLimits limits = STANDARD.with(
        new HttpLimits.Connections(100, 3, Duration.ofSeconds(60), Duration.ofSeconds(60)));
    try (HttpServer server = HttpServer.builder(router).limits(limits).start()) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RawClient client = RawClient.of(server);
        assertThat(client.get("/", "").reply().status()).isEqualTo(200);
        clients.add(client);
      }
      try (RawClient fourth = RawClient.of(server)) {
        assertThat(fourth.isEnded()).isTrue();
      }
      clients.remove(0).close();
      await().untilAsserted(() -> assertThat(status(server, "/")).isEqualTo(200));
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void requestsBeyondThoseThatMayWait_are503() throws Exception {
    HttpLimits limits = STANDARD.with(new HttpLimits.Threads(1, 1, 1, 2));
    try (HttpServer server = HttpServer.builder(router).limits(limits).start();
        RawClient first = RawClient.of(server);
        RawClient second = RawClient.of(server);
        RawClient third = RawClient.of(server)) {
      first.get("/gated", "");
      await().until(gate::hasQueuedThreads);
      second.get("/gated", "");
      await()
          .untilAsserted(() -> assertThat(third.get("/", "").reply().status()).isEqualTo(503));
      gate.release(2);
      assertThat(first.reply().status()).isEqualTo(200);
      assertThat(second.reply().status()).isEqualTo(200);
      await().untilAsserted(() -> assertThat(status(server, "/")).isEqualTo(200));
    }
  }

  @Test
  void drain_finishesWhatRuns_andTakesNothingNew() throws Exception {
    HttpServer server = HttpServer.builder(router).start();
    try (RawClient busy = RawClient.of(server);
        RawClient idle = RawClient.of(server)) {
      assertThat(idle.get("/", "").reply().status()).isEqualTo(200);
      busy.get("/gated", "");
      await().until(gate::hasQueuedThreads);

      CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> {
        try {
          return server.drain(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
          throw new IllegalStateException("nobody interrupts", e);
        }
      });
      assertThat(idle.isEnded()).isTrue();
      await()
          .untilAsserted(() -> assertThatThrownBy(() -> RawClient.of(server).close())
              .isInstanceOf(ConnectException.class));
      assertThat(drained).isNotDone();
      gate.release();
      RawClient.Reply last = busy.reply();
      assertThat(last.text()).isEqualTo("done");
      assertThat(last.header("Connection")).contains("close");
      assertThat(busy.isEnded()).isTrue();
      assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void drain_cutsWhatTakesTooLong() throws Exception {
    HttpServer server = HttpServer.builder(router).start();
    try (RawClient busy = RawClient.of(server)) {
      busy.get("/gated", "");
      await().until(gate::hasQueuedThreads);

      assertThat(server.drain(Duration.ofMillis(100))).isFalse();
      assertThat(busy.isEnded()).isTrue();
    }
  }

  @Test
  void tls_isSpokenWhereItHasFiles(@TempDir Path folder) throws Exception {
    assumeThat(run("openssl", "version")).as("openssl is not installed").contains("OpenSSL");
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString());
    Content content = new Content(3_000_000);
    Router secure = router.and(Router.of(Route.get("/call")
        .handledBy(
            request -> Response.content(new Representation(content, 3_000_000, "audio/wav")))));
    try (HttpServer server =
        HttpServer.builder(secure).tls(new TlsFiles(certificate, key)).start()) {
      assertThat(server.uri().getScheme()).isEqualTo("https");
      String[] curl = {"curl", "-s", "--cacert", certificate.toString(), server.uri() + "/"};
      assertThat(run(curl)).isEqualTo("tls");
      Path file = folder.resolve("call");
      run(
          "curl",
          "-s",
          "--cacert",
          certificate.toString(),
          "-o",
          file.toString(),
          "-r",
          "7-2999998",
          server.uri() + "/call");
      assertThat(file).hasBinaryContent(Content.bytes(7, 2_999_999));
      try (RawClient clear = RawClient.of(server)) {
        clear.get("/", "");
        assertThat(clear.isEnded()).as("without an answer").isTrue();
      }
    }
    assertThatThrownBy(() -> HttpServer.builder(router)
            .tls(new TlsFiles(certificate, certificate))
            .start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected: PEM, the key as PKCS#8 without a password");
  }

  private static String run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
      return out;
    } catch (IOException e) {
      return ""; // not installed
    }
  }

  @Test
  void health_tellsWhatIsDown() throws Exception {
    AtomicReference<Optional<String>> fault = new AtomicReference<>(Optional.of("It is locked."));
    Health health = new Health().ready("key store", fault::get).live("self", Optional::empty);
    try (HttpServer server = HttpServer.builder(Router.of(health.routes())).start();
        RawClient client = RawClient.of(server)) {
      RawClient.Reply down = client.get("/health/ready", "").reply();
      assertThat(down.status()).isEqualTo(503);
      assertThat(down.text())
          .isEqualTo("{\"status\":\"down\",\"checks\":[{\"name\":\"key store\",\"status\":\"down\","
              + "\"fault\":\"It is locked.\"}]}");
      assertThat(client.get("/health/live", "").reply().status()).isEqualTo(200);
      assertThat(client.get("/health/started", "").reply().text())
          .isEqualTo("{\"status\":\"up\",\"checks\":[]}");

      fault.set(Optional.empty());

      await()
          .untilAsserted(
              () -> assertThat(client.get("/health/ready", "").reply().status()).isEqualTo(200));
      assertThat(health.isReady()).isTrue();
    }
  }

  @Test
  void metrics_countByRoute_andNeverByPath() throws Exception {
    Metrics metrics = new Metrics();
    Router measured = Router.of(
        metrics.route(),
        Route.get("/items/{id}").handledBy(request -> Response.text(200, "12345")));
    try (HttpServer server = HttpServer.builder(measured).metrics(metrics).start();
        HttpServer other = HttpServer.builder(measured).metrics(metrics).start();
        RawClient client = RawClient.of(server);
        RawClient ofOther = RawClient.of(other)) {
      client.get("/items/secret", "").reply();
      client.get("/items/secret2", "").reply();
      client.get("/secret3", "").reply();
      ofOther.get("/items/secret4", "").reply();

      RawClient.Reply reply = client.get("/metrics", "").reply();

      assertThat(reply.header("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(reply.text())
          .doesNotContain("secret")
          .contains("tapeseal_http_connections 2.0")
          .contains(
              "tapeseal_http_requests_total{method=\"GET\",route=\"/items/{id}\",status=\"200\"} 3.0")
          .contains(
              "tapeseal_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1.0")
          .contains("tapeseal_http_response_bytes_total{route=\"/items/{id}\"} 15.0")
          .contains("tapeseal_http_first_byte_seconds_count{route=\"/items/{id}\"} 3");
    }
  }

  @Test
  void metric_refusesPersonalLabels_andTooManyOthers() {
    Metrics metrics = new Metrics();
    assertThatThrownBy(() -> metrics.counter("tapeseal_x", "X", "recording", "r1"))
        .isInstanceOf(IllegalArgumentException.class);
    for (int i = 0; i < 3 * Metrics.MAX_SERIES; i++) {
      metrics.counter("tapeseal_many", "Many", "kind", "k" + i).add(1);
    }
    assertThat(metrics.scrape().lines().filter(line -> line.startsWith("tapeseal_many_total")))
        .hasSize(Metrics.MAX_SERIES + 1)
        .contains("tapeseal_many_total{kind=\"other\"} " + 2.0 * Metrics.MAX_SERIES);
  }

  @Test
  void slowHttpTest_doesNotStopNormalClients(@TempDir Path folder) throws Exception {
    Optional<Path> program =
        Optional.of(Path.of("/usr/bin/slowhttptest")).filter(java.nio.file.Files::isExecutable);
    assumeThat(program).as("slowhttptest is not installed").isPresent();
    HttpLimits limits = STANDARD
        .with(new HttpLimits.Heads(8192, 16_384, 100, Duration.ofSeconds(2)))
        .with(new HttpLimits.Bodies(1024, Duration.ofSeconds(2), 1 << 20))
        .with(new HttpLimits.Threads(2, 2, 1, 1000));
    Content content = new Content(1 << 26);
    Router services = router.and(Router.of(
        Route.post("/upload").bodyUpTo(10_000).handledBy(request -> Response.of(204)),
        Route.get("/call")
            .handledBy(
                request -> Response.content(new Representation(content, 1 << 26, "audio/wav")))));
    try (HttpServer server = HttpServer.builder(services).limits(limits).start()) {
      List<Process> attacks = new ArrayList<>();
      for (String[] attack : new String[][] {
        {"-H", "-u", server.uri() + "/"},
        {"-B", "-u", server.uri() + "/upload"},
        {"-X", "-u", server.uri() + "/call"}
      }) {
        List<String> command = new ArrayList<>(List.of(
            program.orElseThrow().toString(), "-c", "150", "-r", "150", "-i", "1", "-l", "6"));
        command.addAll(List.of(attack));
        attacks.add(new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out" + attack[0]).toFile())
            .start());
      }
      int answered = 0;
      while (attacks.stream().anyMatch(Process::isAlive)) {
        assertThat(status(server, "/")).isEqualTo(200);
        answered++;
        Thread.sleep(50);
      }
      assertThat(answered).isGreaterThan(2);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(content.open).hasValue(0));
    }
  }

  @Test
  void client_maySpeakTlsToAClearPort_andIsRefused() throws Exception {
    try (HttpServer server = HttpServer.builder(router).start();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        RawClient client = new RawClient(socket)) {
      client.send(new byte[] {22, 3, 1, 0, 5, 1, 0, 0, 1, 10});
      assertThat(client.reply().status()).isEqualTo(400);
    }
  }
}
