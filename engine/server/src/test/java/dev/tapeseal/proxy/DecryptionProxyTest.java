package dev.tapeseal.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.HttpException;
import dev.tapeseal.http.HttpServer;
import dev.tapeseal.http.LoginListener;
import dev.tapeseal.http.PasswordHash;
import dev.tapeseal.http.PasswordLogin;
import dev.tapeseal.http.Representation;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.http.Router;
import dev.tapeseal.http.Sessions;
import dev.tapeseal.http.User;
import dev.tapeseal.http.UsersFile;
import dev.tapeseal.profile.Location;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaId;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.PendingRecording;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import dev.tapeseal.webservices.WebServices;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What a player gets through its node, in front of crypto servers that answer, refuse, stall, and break off. */
class DecryptionProxyTest {
  private static final byte[] MEDIA = new byte[3_000_000];
  private static final RecordingId ENCRYPTED = new RecordingId("encrypted");
  private static final RecordingId CLEAR = new RecordingId("clear");
  private static final String PLAY = "/api/v2/recordings/%1$s/play/%1$s.mp3";

  static {
    new Random(7).nextBytes(MEDIA);
  }

  @TempDir
  private Path folder;

  private RecordingStore store;
  private DecryptionProxy proxy;
  private HttpServer node;
  private WebServices services;
  private final ProxyAccount account = new ProxyAccount("node", "sesame".toCharArray());
  private final List<HttpServer> cryptoServers = new ArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    store = RecordingStore.open(folder.resolve("recordings"));
    record(ENCRYPTED, true);
    record(CLEAR, false);
    UsersFile users = UsersFile.open(folder.resolve("users"));
    PasswordHash hash = PasswordHash.of("secret".toCharArray(), new SecureRandom(), 1000);
    users.put(new User("alice", hash, Set.of(WebServices.DECRYPT)));
    users.put(new User("ops", hash, Set.of(WebServices.OPS)));
    Authentication authentication = new Authentication(
        "IRWS",
        new PasswordLogin(users, LoginListener.NOBODY, Clock.systemUTC()),
        new Sessions(Sessions.Settings.of("tapeseal-irws", "/"), Clock.systemUTC()),
        "Your session is over.");
    services = new WebServices(
        store, WebServices.Node.of(new Location("/US/AK")), folder, () -> node.uri());
    proxy = new DecryptionProxy(store, services.decryptUriPrefixes(), account);
    node = HttpServer.builder(services.router(authentication).and(proxy.router(authentication)))
        .start();
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    proxy.close();
    account.close();
    cryptoServers.forEach(HttpServer::close);
    store.close();
  }

  private void record(RecordingId id, boolean encrypted) throws IOException {
    MediaId mediaId = new MediaId(id + ".mp3");
    Instant started = Instant.parse("2015-09-10T16:58:22Z");
    MediaFile.Builder media =
        MediaFile.builder(mediaId, "audio/mp3").started(started).stopped(started.plusSeconds(9));
    if (encrypted) {
      MediaRecipient recipient = new MediaRecipient("CN=Recording", BigInteger.ONE, null, null);
      media.encryption(
          new MediaEncryption("pkcs7", List.of(recipient), null, null, null, MEDIA.length));
    }
    try (PendingRecording pending = store.begin(Tenant.DEFAULT, id, started)) {
      try (WritableByteChannel channel = pending.create(mediaId, MediaSuffix.CONTENT)) {
        channel.write(ByteBuffer.wrap(MEDIA));
      }
      pending.commit(
          Recording.call(id, "1", "2").started(started).media(media.build()).build());
    }
  }

  private void sendPlayersTo(String... uris) throws Exception {
    String value =
        Arrays.stream(uris).map(uri -> "\"" + uri + "/rcs\"").toList().toString();
    HttpResponse<byte[]> answer = send(request("ops", "/api/v2/settings/screen-recording")
        .POST(HttpRequest.BodyPublishers.ofString(
            "{\"name\":\"decrypt-uri-prefix\",\"location\":\"/US\",\"value\":" + value + "}")));
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  /** A crypto server that serves the plaintext, and notes what it was asked. */
  private String cryptoServer() throws IOException {
    return cryptoServer(request -> {
      asked.add(request.header("Authorization").orElse("") + " "
          + request.header("X-Tapeseal-Player").orElse(""));
      return Response.content(new Representation(
          () -> Files.newByteChannel(plaintext()),
          MEDIA.length,
          Optional.of("\"v1\""),
          Optional.of(Instant.parse("2015-09-10T16:58:31Z")),
          "audio/mp3"));
    });
  }

  private interface Answering {
    Response answer(Request request) throws IOException;
  }

  private String cryptoServer(Answering answering) throws IOException {
    HttpServer server = HttpServer.builder(
            Router.of(Route.get("/rcs/contact-centers/{center}/recordings/{id}/play/{media}")
                .handledBy(answering::answer)))
        .start();
    cryptoServers.add(server);
    return server.uri().toString();
  }

  private Path plaintext() throws IOException {
    Path file = folder.resolve("plaintext");
    if (!Files.exists(file)) {
      Files.write(file, MEDIA);
    }
    return file;
  }

  private HttpRequest.Builder request(String user, String path) {
    String basic =
        Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
    return HttpRequest.newBuilder(node.uri().resolve(path))
        .header("Authorization", "Basic " + basic)
        .timeout(Duration.ofSeconds(60));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> play(RecordingId id, String... headers) throws Exception {
    HttpRequest.Builder request = request("alice", PLAY.formatted(id));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  private static String code(HttpResponse<byte[]> answer) {
    return JsonMapper.shared().readTree(answer.body()).at("/error/code").asString();
  }

  @Test
  void encryptedRecording_comesFromTheCryptoServer_wholeByRangeAndUnderConditions()
      throws Exception {
    sendPlayersTo(cryptoServer());

    HttpResponse<byte[]> whole = play(ENCRYPTED);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(MEDIA);
    assertThat(whole.headers().firstValue("ETag")).contains("\"v1\"");
    HttpResponse<byte[]> range = play(ENCRYPTED, "Range", "bytes=1000000-1000099");
    assertThat(range.statusCode()).isEqualTo(206);
    assertThat(range.headers().firstValue("Content-Range"))
        .contains("bytes 1000000-1000099/3000000");
    assertThat(range.body()).isEqualTo(Arrays.copyOfRange(MEDIA, 1_000_000, 1_000_100));
    HttpResponse<byte[]> several = play(ENCRYPTED, "Range", "bytes=0-1,5-6");
    assertThat(several.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("multipart/byteranges");
    assertThat(play(ENCRYPTED, "If-None-Match", "\"v1\"").statusCode()).isEqualTo(304);
    assertThat(play(ENCRYPTED, "If-Match", "\"v2\"").statusCode()).isEqualTo(412);
    HttpResponse<byte[]> beyond = play(ENCRYPTED, "Range", "bytes=3000000-");
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.headers().firstValue("Content-Range")).contains("bytes */3000000");
    assertThat(play(ENCRYPTED, "Range", "bytes=0-9", "If-Range", "\"old\"").statusCode())
        .isEqualTo(200);
  }

  @Test
  void head_tellsTheLength() throws Exception {
    sendPlayersTo(cryptoServer());

    HttpResponse<byte[]> head = send(request("alice", PLAY.formatted(ENCRYPTED))
        .method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Length")).contains("3000000");
  }

  @Test
  void proxy_isItsOwnUserAtTheCryptoServer_andSaysWhoPlays() throws Exception {
    sendPlayersTo(cryptoServer());

    play(ENCRYPTED, "X-Tapeseal-Player", "mallory");

    String own = Base64.getEncoder().encodeToString("node:sesame".getBytes(StandardCharsets.UTF_8));
    assertThat(asked).containsExactly("Basic " + own + " alice");
  }

  @Test
  void clearRecording_comesFromTheStorage_thoughNoCryptoServerIsThere() throws Exception {
    assertThat(play(CLEAR).body()).isEqualTo(MEDIA);
    assertThat(play(CLEAR, "Range", "bytes=-3").body())
        .isEqualTo(Arrays.copyOfRange(MEDIA, MEDIA.length - 3, MEDIA.length));
    assertThat(code(play(ENCRYPTED))).isEqualTo("no-crypto-server");
  }

  @Test
  void cryptoServers_areTriedInOrder_andOneThatFailsIsLeftAloneForAWhile() throws Exception {
    List<String> failing = new CopyOnWriteArrayList<>();
    String broken = cryptoServer(request -> {
      failing.add("asked");
      throw new HttpException(503, "busy", "It is busy.", "Try again.");
    });
    String nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "http://127.0.0.1:" + socket.getLocalPort();
    }
    sendPlayersTo(nobody, broken, cryptoServer());

    for (int i = 0; i < 2 * CircuitBreaker.FAILURES; i++) {
      assertThat(play(ENCRYPTED).statusCode()).isEqualTo(200);
    }

    assertThat(failing).hasSize(CircuitBreaker.FAILURES);
    assertThat(asked).hasSize(2 * CircuitBreaker.FAILURES);
  }

  @Test
  void whereNoCryptoServerAnswers_theNodeSaysSo() throws Exception {
    sendPlayersTo(cryptoServer(request -> {
      throw new HttpException(500, "internal", "It broke.", "Tell somebody.");
    }));

    HttpResponse<byte[]> answer = play(ENCRYPTED);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(code(answer)).isEqualTo("no-crypto-server-answers");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void whatTheCryptoServerRefuses_isRefusedInTheSameWords_butForTheProxysOwnAccount()
      throws Exception {
    sendPlayersTo(cryptoServer(request -> {
      throw new HttpException(422, "not-decryptable", "It cannot be decrypted.", "See the log.");
    }));
    HttpResponse<byte[]> answer = play(ENCRYPTED);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(code(answer)).isEqualTo("not-decryptable");

    sendPlayersTo(cryptoServer(request -> {
      throw new HttpException(401, "not-authenticated", "Who are you?", "Log in.");
    }));
    HttpResponse<byte[]> unknown = play(ENCRYPTED);
    assertThat(unknown.statusCode()).isEqualTo(502);
    assertThat(code(unknown)).isEqualTo("proxy-account-refused");
  }

  @Test
  void answerThatIsCutShort_endsAsACutConnection_orAsAnErrorWhereNothingWasSentYet()
      throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      sendPlayersTo("http://127.0.0.1:" + socket.getLocalPort());

      Thread late = cutting(socket, 2_000_000);
      assertThatIOException().isThrownBy(() -> play(ENCRYPTED));
      late.join();
      Thread early = cutting(socket, 100);
      HttpResponse<byte[]> answer = play(ENCRYPTED);
      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(code(answer)).isEqualTo("crypto-server-failed");
      early.join();
    }
  }

  /** A crypto server that answers one request by so many bytes of its answer, and no more. */
  private static Thread cutting(ServerSocket socket, int sentBytes) {
    Thread server = new Thread(() -> cutShort(socket, sentBytes), "cutting crypto server");
    server.start();
    return server;
  }

  private static void cutShort(ServerSocket socket, int sentBytes) {
    try (Socket connection = socket.accept()) {
      InputStream in = connection.getInputStream();
      int lineFeeds = 0;
      while (lineFeeds < 2) { // up to the empty line
        int octet = in.read();
        lineFeeds = octet == '\n' ? lineFeeds + 1 : octet == '\r' ? lineFeeds : 0;
      }
      OutputStream out = connection.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\nContent-Type: audio/mp3\r\nContent-Length: 3000000\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII));
      out.write(MEDIA, 0, sentBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void slowPlayer_slowsTheCryptoServerDown() throws Exception {
    AtomicLong sent = new AtomicLong();
    long lengthBytes = 1L << 30;
    sendPlayersTo(cryptoServer(request -> Response.content(
        new Representation(() -> new Zeros(lengthBytes, sent), lengthBytes, "audio/mp3"))));

    HttpResponse<InputStream> answer = client.send(
        request("alice", PLAY.formatted(ENCRYPTED)).build(),
        HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      assertThat(body.readNBytes(100_000)).hasSize(100_000);
      Awaitility.await()
          .pollInterval(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            long before = sent.get();
            Thread.sleep(400);
            return sent.get() == before;
          });
      assertThat(sent.get()).isLessThan(32L << 20);
    }
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Zeros.OPEN.get() == 0);
  }

  /** So many zeros, and how many were read. */
  private static final class Zeros implements SeekableByteChannel {
    static final AtomicLong OPEN = new AtomicLong();

    private final long lengthBytes;
    private final AtomicLong read;
    private long position;
    private boolean open = true;

    Zeros(long lengthBytes, AtomicLong read) {
      this.lengthBytes = lengthBytes;
      this.read = read;
      OPEN.incrementAndGet();
    }

    @Override
    public int read(ByteBuffer target) {
      int length = (int) Math.min(target.remaining(), lengthBytes - position);
      if (length == 0) {
        return -1;
      }
      target.put(new byte[length]);
      position += length;
      read.addAndGet(length);
      return length;
    }

    @Override
    public int write(ByteBuffer source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
      position = newPosition;
      return this;
    }

    @Override
    public long size() {
      return lengthBytes;
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        OPEN.decrementAndGet();
      }
    }
  }
}
