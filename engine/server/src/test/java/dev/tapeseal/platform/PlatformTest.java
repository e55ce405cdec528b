package dev.tapeseal.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.capture.CallSession;
import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.http.PasswordHash;
import dev.tapeseal.http.User;
import dev.tapeseal.http.UsersFile;
import dev.tapeseal.keystore.KeyLimits;
import dev.tapeseal.keystore.KeyMaterial;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.samples.OpenSsl;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.WebDavServer;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.settings.Secret;
import dev.tapeseal.settings.Settings;
import dev.tapeseal.settings.TrustedAuthorities;
import dev.tapeseal.store.Recording;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What somebody has who starts everything over an empty folder, by real sockets. */
class PlatformTest {
  private static final int FRAME_BYTES = 160;
  private static final int WAV_HEADER_BYTES = 58;

  @TempDir
  private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final byte[] spoken = new byte[500 * FRAME_BYTES];

  PlatformTest() {
    new Random(20150910).nextBytes(spoken);
  }

  private void addUsers() throws IOException {
    PasswordHash hash = PasswordHash.of("secret".toCharArray(), new SecureRandom(), 1000);
    UsersFile users = UsersFile.open(folder.resolve("users"));
    users.put(new User("alice", hash, Set.of("decrypt")));
    users.put(new User("ops", hash, Set.of("ops")));
  }

  private static void importKey(Platform platform) throws Exception {
    try (KeyMaterial material = KeyMaterial.read(
        SampleCertificates.FIRST.keyPath(),
        SampleCertificates.FIRST.certificatePath(),
        null,
        null)) {
      platform.keys().importKey("calls", material, KeyLimits.NONE);
    }
  }

  private Recording record(Platform platform) throws Exception {
    RecordingCertificate certificate =
        RecordingCertificate.read(SampleCertificates.FIRST.certificatePath());
    try (CallSession call = Recorder.into(platform.recordings())
        .startCall(
            Interaction.anonymous(new SecureRandom()),
            List.of(certificate),
            AudioFormat.muLaw(8000, 1))) {
      for (int at = 0; at < spoken.length; at += FRAME_BYTES) {
        call.write(ByteBuffer.wrap(spoken, at, FRAME_BYTES));
      }
      return call.stop();
    }
  }

  private static String playPath(Recording recording) {
    return "/api/v2/recordings/" + recording.id() + "/play/"
        + recording.mediaFiles().get(0).mediaId();
  }

  private HttpRequest.Builder request(URI base, String user, String password, String path) {
    String basic = Base64.getEncoder()
        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Basic " + basic);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private String text(URI base, String path) throws Exception {
    return new String(
        send(HttpRequest.newBuilder(base.resolve(path))).body(), StandardCharsets.UTF_8);
  }

  private PlatformSettings with(String... lines) throws IOException {
    Path file = Files.write(folder.resolve("rcs.properties"), List.of(lines));
    return PlatformSettings.of(
        DataFolder.of(folder, Settings.builder().file(file).build()));
  }

  // --- first start ---

  @Test
  void emptyFolder_isServed_andWhatIsMadeIsForItsOwnerAlone() throws Exception {
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder.resolve("new")))) {
      assertThat(platform.isReady()).isTrue();
      assertThat(platform.keyStorePasswordMade()).isTrue();
      for (String file : List.of("users", "keystore-password.txt", "audit.log")) {
        assertThat(PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("new").resolve(file))))
            .as(file)
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void opsPassword_isMadeAtTheFirstStartAlone_andOpensTheOperatorsResources() throws Exception {
    try (Platform first = Platform.start(PlatformSettings.inFolder(folder))) {
      Optional<Secret> secret = first.firstOpsPassword();
      assertThat(secret).isPresent();
      String password = new String(secret.get().copyCharacters());

      HttpResponse<byte[]> answer =
          send(request(first.uri(), "ops", password, "/api/v2/ops/contact-centers"));
      HttpResponse<byte[]> guessed =
          send(request(first.uri(), "ops", "ops", "/api/v2/ops/contact-centers"));

      assertThat(password).hasSize(32);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(guessed.statusCode()).isEqualTo(401);
      assertThat(Files.readString(folder.resolve("users"))).doesNotContain(password);
      assertThat(Files.readString(folder.resolve("audit.log")))
          .contains("\"outcome\":\"refused\"")
          .doesNotContain(password);
    }
    try (Platform second = Platform.start(PlatformSettings.inFolder(folder))) {
      assertThat(second.firstOpsPassword()).isEmpty();
    }
  }

  @Test
  void opsPassword_thatAFileHas_isTaken() throws Exception {
    Files.writeString(folder.resolve("ops.txt"), "sesame\nsecond line\n");
    try (Platform platform =
        Platform.start(with("http.port=0", "users.ops-password-file=ops.txt"))) {
      assertThat(platform.firstOpsPassword()).isEmpty();
      assertThat(send(request(platform.uri(), "ops", "sesame", "/api/v2/ops/contact-centers"))
              .statusCode())
          .isEqualTo(200);
    }
  }

  // --- playback ---

  @Test
  void recording_playsThroughTheProxy_withoutAnySetting() throws Exception {
    addUsers();
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      importKey(platform);
      Recording recording = record(platform);

      HttpResponse<byte[]> range =
          send(request(platform.proxyUri(), "alice", "secret", playPath(recording))
              .header("Range", "bytes=40000-40159"));
      HttpResponse<byte[]> shown =
          send(request(platform.uri(), "alice", "secret", "/api/v2/recordings/" + recording.id()));

      assertThat(range.statusCode()).isEqualTo(206);
      assertThat(range.body())
          .isEqualTo(
              Arrays.copyOfRange(spoken, 40_000 - WAV_HEADER_BYTES, 40_160 - WAV_HEADER_BYTES));
      String mediaUri = JsonMapper.shared()
          .readTree(shown.body())
          .path("mediaFiles")
          .path(0)
          .path("mediaUri")
          .asString();
      assertThat(mediaUri).isEqualTo(platform.proxyUri() + playPath(recording));
      assertThat(send(request(platform.uri(), "alice", "secret", mediaUri)).statusCode())
          .isEqualTo(200);
      assertThat(Files.readString(folder.resolve("audit.log")))
          .contains("alice by decryption-proxy")
          .contains("\"range\":\"bytes=40000-40159\"");
    }
  }

  @Test
  void ownCryptoServer_isAskedWithoutAPassword_whicheverAddressTheSettingHas() throws Exception {
    addUsers();
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      importKey(platform);
      Recording recording = record(platform);
      for (String host : List.of("127.0.0.1", "localhost")) {
        String setting = "{\"name\":\"decrypt-uri-prefix\",\"location\":\"/\",\"value\":\"http://"
            + host + ":" + platform.port() + "/rcs\"}";
        assertThat(
                send(request(platform.uri(), "ops", "secret", "/api/v2/settings/screen-recording")
                        .POST(HttpRequest.BodyPublishers.ofString(setting)))
                    .statusCode())
            .isEqualTo(200);

        assertThat(send(request(platform.proxyUri(), "alice", "secret", playPath(recording)))
                .statusCode())
            .as(host)
            .isEqualTo(200);
      }
    }
  }

  /** What a server shows of itself, which is its own authority. */
  private void makeTlsFiles(Path certificate, Path key) throws Exception {
    OpenSsl.run(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString(),
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1");
  }

  @Test
  void cryptoServerOfAnotherNode_isAskedByTls_whereItsAuthorityIsTrusted_andPlaysByTls()
      throws Exception {
    assumeTrue(OpenSsl.isPresent(), "openssl is not on the PATH");
    addUsers();
    PasswordHash hash = PasswordHash.of("proxy-secret".toCharArray(), new SecureRandom(), 1000);
    UsersFile.open(folder.resolve("users")).put(new User("decrypt", hash, Set.of("decrypt")));
    Path edge = Files.createDirectories(folder.resolve("edge"));
    Files.copy(folder.resolve("users"), edge.resolve("users"));
    Files.writeString(edge.resolve("proxy.txt"), "proxy-secret\n");
    Path certificate = folder.resolve("tls.pem");
    makeTlsFiles(certificate, folder.resolve("tls-key.pem"));
    String tls = "http.tls-certificate-file=" + certificate + "\nhttp.tls-key-file="
        + folder.resolve("tls-key.pem") + "\n";
    Files.writeString(
        edge.resolve("rcs.properties"),
        tls + "http.port=0\nstore.folder=" + folder.resolve("recordings")
            + "\nproxy.decrypt-password-file=proxy.txt\ntls.ca-file=" + certificate + "\n");
    HttpClient trusting = HttpClient.newBuilder()
        .sslContext(TrustedAuthorities.read(certificate).context())
        .build();

    try (Platform center = Platform.start(with("http.port=0", tls));
        Platform node = Platform.start(PlatformSettings.of(DataFolder.open(edge, Map.of())))) {
      importKey(center);
      Recording recording = record(center);
      String setting =
          "{\"name\":\"decrypt-uri-prefix\",\"location\":\"/\",\"value\":\"https://localhost:"
              + center.port() + "/rcs\"}";
      HttpResponse<byte[]> set = trusting.send(
          request(node.uri(), "ops", "secret", "/api/v2/settings/screen-recording")
              .POST(HttpRequest.BodyPublishers.ofString(setting))
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());
      HttpResponse<byte[]> played = trusting.send(
          request(node.proxyUri(), "alice", "secret", playPath(recording))
              .header("Range", "bytes=40000-40159")
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());

      assertThat(set.statusCode()).isEqualTo(200);
      assertThat(node.uri().getScheme()).isEqualTo("https");
      assertThat(played.statusCode())
          .as(new String(played.body(), StandardCharsets.UTF_8))
          .isEqualTo(206);
      assertThat(played.body())
          .isEqualTo(
              Arrays.copyOfRange(spoken, 40_000 - WAV_HEADER_BYTES, 40_160 - WAV_HEADER_BYTES));
      assertThat(Files.readString(folder.resolve("audit.log"))).contains("alice by decrypt");
      assertThatThrownBy(() -> text(node.uri(), "/health/ready"))
          .as("a client that does not trust the authority")
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  // --- media elsewhere ---

  @Test
  void mediaInAWebDavStorage_playByRange_fromRcsAndThroughTheProxy_andGoWithTheirRecording()
      throws Exception {
    assumeTrue(WebDavServer.isInstalled(), "no httpd: Debian package apache2-bin");
    addUsers();
    WebDavServer webDav = WebDavServer.start(Files.createDirectory(folder.resolve("httpd")));
    String[] account = WebDavServer.AUTHORIZATION.split(":", 2);
    Files.writeString(folder.resolve("webdav.txt"), account[1] + "\n");
    try (Platform platform = Platform.start(with(
        "http.port=0",
        "store.webdav-uri=" + webDav.uri(),
        "store.webdav-user=" + account[0],
        "store.webdav-password-file=webdav.txt"))) {
      importKey(platform);
      Recording recording = record(platform);
      String media = recording.mediaFiles().get(0).mediaId().value();

      assertThat(filesBelow(folder.resolve("recordings"))).contains("recording.json");
      assertThat(filesBelow(folder.resolve("recordings"))).doesNotContain(media);
      assertThat(filesBelow(webDav.root())).contains(media, media + ".mac");
      assertThat(recording.mediaFiles().get(0).descriptor()).containsEntry("storageType", "webDAV");
      String rcsPath = "/rcs/contact-centers/" + recording.tenant().contactCenterId()
          + playPath(recording).substring("/api/v2".length());
      for (String path : List.of(playPath(recording), rcsPath)) {
        for (int from : new int[] {0, 1, 65_535, 79_900}) {
          HttpResponse<byte[]> range = send(request(platform.uri(), "alice", "secret", path)
              .header(
                  "Range",
                  "bytes=" + (WAV_HEADER_BYTES + from) + "-" + (WAV_HEADER_BYTES + from + 99)));

          assertThat(range.statusCode()).as(path).isEqualTo(206);
          assertThat(range.body()).isEqualTo(Arrays.copyOfRange(spoken, from, from + 100));
        }
      }
      webDav.stop();
      assertThat(send(request(platform.uri(), "alice", "secret", playPath(recording)))
              .statusCode())
          .as("the storage is down")
          .isGreaterThanOrEqualTo(500);
      webDav.startAgain();

      platform.recordings().delete(recording.id());

      assertThat(filesBelow(webDav.root())).isEmpty();
    } finally {
      webDav.stop();
    }
  }

  private static List<String> filesBelow(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .toList();
    }
  }

  // --- sessions of players ---

  @Test
  void sessionOfIrws_playsThroughTheProxy_andIsOverWhenItWasIdle_orEnded() throws Exception {
    addUsers();
    try (Platform platform = Platform.start(with("http.port=0", "session.idle-timeout=2s"))) {
      importKey(platform);
      Recording recording = record(platform);
      String cookie =
          logIn(platform, "alice").headers().firstValue("Set-Cookie").orElseThrow();

      assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
      assertThat(inSession(platform, cookie, playPath(recording))).isEqualTo(200);
      assertThat(inSession(platform, cookie, "/api/v2/ops/contact-centers")).isEqualTo(403);
      assertThat(inSession(platform, cookie, "/rcs/certificates")).isEqualTo(401);
      Thread.sleep(2100);
      assertThat(inSession(platform, cookie, playPath(recording))).isEqualTo(401);

      HttpResponse<byte[]> again = logIn(platform, "alice");
      String next = again.headers().firstValue("Set-Cookie").orElseThrow();
      String token =
          JsonMapper.shared().readTree(again.body()).path("csrfToken").asString();
      HttpRequest.Builder end = HttpRequest.newBuilder(platform.uri().resolve("/api/v2/session"))
          .header("Cookie", next.replaceFirst(";.*", ""))
          .DELETE();
      assertThat(send(end.copy()).statusCode()).isEqualTo(403); // without the token
      assertThat(send(end.header("X-CSRF-Token", token)).statusCode()).isEqualTo(204);
      assertThat(inSession(platform, next, playPath(recording))).isEqualTo(401);
    }
  }

  private HttpResponse<byte[]> logIn(Platform platform, String user) throws Exception {
    HttpResponse<byte[]> answer =
        send(HttpRequest.newBuilder(platform.uri().resolve("/api/v2/session"))
            .POST(HttpRequest.BodyPublishers.ofString(
                "{\"user\":\"" + user + "\",\"password\":\"secret\"}")));
    assertThat(answer.statusCode()).isEqualTo(201);
    return answer;
  }

  private int inSession(Platform platform, String cookie, String path) throws Exception {
    return send(HttpRequest.newBuilder(platform.uri().resolve(path))
            .header("Cookie", cookie.replaceFirst(";.*", "")))
        .statusCode();
  }

  // --- session keys ---

  @ParameterizedTest(name = "a cache of {0}")
  @CsvSource({"0, 0", "10, 2"})
  void sessionKeys_areCachedAsTheSettingSays(int most, int cached) throws Exception {
    addUsers();
    try (Platform platform = Platform.start(with("http.port=0", "keycache.max-entries=" + most))) {
      importKey(platform);
      Recording recording = record(platform);
      for (int i = 0; i < 3; i++) {
        assertThat(send(request(platform.proxyUri(), "alice", "secret", playPath(recording)))
                .statusCode())
            .isEqualTo(200);
      }

      String metrics = text(platform.uri(), "/metrics");

      assertThat(count(metrics, "cache")).isEqualTo(cached);
      assertThat(count(metrics, "unwrap")).isEqualTo(3 - cached);
    }
  }

  private static int count(String metrics, String outcome) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("tapeseal_rcs_session_keys_total")
            && line.contains("\"" + outcome + "\""))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void foreignCryptoServer_withoutAnAccountThere_isNotAsked() throws Exception {
    addUsers();
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder));
        ServerSocket foreign = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      importKey(platform);
      Recording recording = record(platform);
      String setting = "{\"name\":\"decrypt-uri-prefix\",\"location\":\"/\",\"value\":"
          + "\"http://127.0.0.1:" + foreign.getLocalPort() + "/rcs\"}";
      send(request(platform.uri(), "ops", "secret", "/api/v2/settings/screen-recording")
          .POST(HttpRequest.BodyPublishers.ofString(setting)));

      HttpResponse<byte[]> answer =
          send(request(platform.proxyUri(), "alice", "secret", playPath(recording)));

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("no-proxy-account");
    }
  }

  @Test
  void manyPlayersAtOnce_doNotWaitForTheThreadsThatTheyHold() throws Exception {
    addUsers();
    ExecutorService players = Executors.newFixedThreadPool(40);
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      importKey(platform);
      Recording recording = record(platform);
      CountDownLatch all = new CountDownLatch(40);
      List<Future<Integer>> statuses = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        statuses.add(players.submit(() -> {
          all.countDown();
          all.await();
          return send(request(platform.proxyUri(), "alice", "secret", playPath(recording)))
              .statusCode();
        }));
      }
      for (Future<Integer> status : statuses) {
        assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(200);
      }
    } finally {
      players.shutdownNow();
    }
  }

  @Test
  void internalListener_letsNobodyIn_butTheProxy() throws Exception {
    addUsers();
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      importKey(platform);
      Recording recording = record(platform);
      URI uri = platform.internalUri();
      String path = "/rcs/contact-centers/" + recording.tenant().contactCenterId() + "/recordings/"
          + recording.id() + "/play/" + recording.mediaFiles().get(0).mediaId();

      assertThat(send(request(uri, "alice", "secret", path)).statusCode()).isEqualTo(401);
      assertThat(send(HttpRequest.newBuilder(uri.resolve(path))).statusCode()).isEqualTo(401);
      assertThat(send(request(uri, "alice", "secret", "/rcs/session")).statusCode())
          .isEqualTo(404);
    }
  }

  // --- side by side ---

  @Test
  void twoPlatforms_runInOneProcess_eachWithItsOwnUsersAndRecordings() throws Exception {
    addUsers();
    try (Platform first = Platform.start(PlatformSettings.inFolder(folder));
        Platform second = Platform.start(PlatformSettings.inFolder(folder.resolve("second")))) {
      importKey(first);
      Recording recording = record(first);

      assertThat(first.port()).isNotEqualTo(second.port());
      assertThat(send(request(first.proxyUri(), "alice", "secret", playPath(recording)))
              .statusCode())
          .isEqualTo(200);
      assertThat(send(request(second.proxyUri(), "alice", "secret", playPath(recording)))
              .statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void services_haveAPortEach_whereSettingsSaySo() throws Exception {
    addUsers();
    try (Platform platform =
        Platform.start(with("rcs.port=0", "webservices.port=0", "proxy.port=0"))) {
      importKey(platform);
      Recording recording = record(platform);
      Set<Integer> ports = new HashSet<>(List.of(
          platform.uri().getPort(),
          platform.proxyUri().getPort(),
          platform.cryptoServerUri().getPort()));

      assertThat(ports).hasSize(3);
      assertThat(send(request(platform.proxyUri(), "alice", "secret", playPath(recording)))
              .statusCode())
          .isEqualTo(200);
      assertThat(send(request(platform.uri(), "alice", "secret", playPath(recording)))
              .statusCode())
          .isEqualTo(404);
      assertThat(text(platform.cryptoServerUri(), "/health/ready")).contains("\"status\":\"up\"");
    }
  }

  @Test
  void close_leavesThePortFree_andMayBeCalledAgain() throws Exception {
    addUsers();
    Platform platform = Platform.start(PlatformSettings.inFolder(folder));
    int port = platform.port();

    platform.close();
    platform.close();

    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
  }

  // --- operation ---

  @Test
  void health_saysWhichCheckFails() throws Exception {
    addUsers();
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      importKey(platform);
      assertThat(text(platform.uri(), "/health/started")).contains("\"status\":\"up\"");
      assertThat(text(platform.uri(), "/health/live")).contains("\"status\":\"up\"");
      assertThat(text(platform.uri(), "/health/ready"))
          .contains("self-test", "key-store", "storage", "catalog")
          .doesNotContain("down");
      Files.move(folder.resolve("keystore.p12"), folder.resolve("elsewhere"));
      Thread.sleep(600); // an outcome stands for half a second

      HttpResponse<byte[]> ready =
          send(HttpRequest.newBuilder(platform.uri().resolve("/health/ready")));

      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(new String(ready.body(), StandardCharsets.UTF_8))
          .contains("{\"name\":\"key-store\",\"status\":\"down\"");
    }
  }

  @Test
  void metrics_countWhatWasPlayed_byServiceAndStatus_neverByRecording() throws Exception {
    addUsers();
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      importKey(platform);
      Recording recording = record(platform);
      send(request(platform.proxyUri(), "alice", "secret", playPath(recording))
          .header("Range", "bytes=0-99"));

      String metrics = text(platform.uri(), "/metrics");

      assertThat(metrics)
          .contains("tapeseal_playback_answers_total{service=\"proxy\",status=\"206\"} 1.0")
          .contains("tapeseal_playback_bytes_total{service=\"proxy\"} 100.0")
          .contains("tapeseal_playback_first_byte_seconds_bucket{service=\"proxy\"")
          .contains("tapeseal_keystore_certificates{state=\"active\"} 1.0")
          .contains("tapeseal_keystore_next_expiry_timestamp_seconds")
          .contains("tapeseal_envelopes_taken_total{ready=\"true\"} 0.0")
          .doesNotContain(recording.id().value());
    }
  }

  @Test
  void openApi_isAnswered() throws Exception {
    addUsers();
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      assertThat(text(platform.uri(), "/openapi.yaml")).startsWith("openapi: 3.1.0\n");
    }
  }

  // --- what it refuses ---

  @Test
  void addressOfOthers_withoutTls_isRefused_unlessAskedFor() throws Exception {
    addUsers();
    assertThatThrownBy(() -> Platform.start(with("http.port=0", "http.host=0.0.0.0")))
        .isInstanceOf(UnsafeSettingsException.class)
        .hasMessageContaining("http.tls-certificate-file")
        .hasMessageContaining("http.plain = anywhere");
    try (Platform platform =
        Platform.start(with("http.port=0", "http.host=0.0.0.0", "http.plain=anywhere"))) {
      assertThat(platform.uri().getHost()).isEqualTo("localhost");
      assertThat(text(platform.uri(), "/health/ready")).contains("\"status\":\"up\"");
    }
  }

  @Test
  void portInUse_isSaid_andNothingIsLeftOpen() throws Exception {
    addUsers();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatIOException()
          .isThrownBy(() -> Platform.start(with("http.port=" + taken.getLocalPort())))
          .withMessageContaining("cannot listen on 127.0.0.1 port " + taken.getLocalPort());
    }
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      assertThat(platform.isReady()).isTrue();
    }
  }

  @Test
  void keyStoreWithoutItsPassword_isRefused_andNoOtherIsMade() throws Exception {
    addUsers();
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      importKey(platform);
    }
    Files.delete(folder.resolve("keystore-password.txt"));

    assertThatIOException()
        .isThrownBy(() -> Platform.start(PlatformSettings.inFolder(folder)))
        .withMessageContaining("no password of the key store");
    assertThat(folder.resolve("keystore-password.txt")).doesNotExist();
  }

  @Test
  void certificatesOfAKeyStoreFromBefore_areTestedAtTheStart() throws Exception {
    addUsers();
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      importKey(platform);
    }
    try (Platform platform = Platform.start(PlatformSettings.inFolder(folder))) {
      assertThat(platform.isReady()).isTrue();
      assertThat(platform.keys().entries()).hasSize(1);
    }
  }
}
