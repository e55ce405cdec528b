package dev.tapeseal.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.HttpServer;
import dev.tapeseal.http.LoginListener;
import dev.tapeseal.http.Method;
import dev.tapeseal.http.PasswordHash;
import dev.tapeseal.http.PasswordLogin;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.http.Router;
import dev.tapeseal.http.Sessions;
import dev.tapeseal.http.User;
import dev.tapeseal.http.UsersFile;
import dev.tapeseal.profile.Location;
import dev.tapeseal.profile.ProfileName;
import dev.tapeseal.profile.ProfileOption;
import dev.tapeseal.profile.Profiles;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.profile.ScreenCertificates;
import dev.tapeseal.samples.CmsOracle;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.Samples;
import dev.tapeseal.samples.WebDavServer;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.webservices.WebServices;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls recorded over HTTP, and what becomes of them when what they are delivered to fails. */
@Timeout(180)
class RecorderServiceTest {
  private static final String CALLS = "/api/v2/recorder/calls";
  private static final String SCREENS = "/api/v2/recorder/screens";
  private static final ProfileName PROFILE = new ProfileName("default");
  private static final Duration SOON = Duration.ofSeconds(60);

  // RIFF, fmt (G.711 mu-law, mono, 8000 Hz) and data of 8000 bytes
  private static final byte[] WAV_HEADER = HexFormat.of()
      .parseHex("52494646641f0000" + "57415645" + "666d7420100000000700010040"
          + "1f0000401f000001000800" + "64617461401f0000");

  @TempDir
  private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private RecordingStore store;
  private Authentication authentication;
  private @Nullable RecorderService recorder;
  private @Nullable HttpServer server;
  private @Nullable WebDavServer webDav;
  private @Nullable RecordingStore archive;
  private @Nullable HttpServer irws;

  @BeforeEach
  void prepare() throws Exception {
    store = RecordingStore.open(folder.resolve("recordings"));
    UsersFile users = UsersFile.open(folder.resolve("users"));
    PasswordHash hash = PasswordHash.of("secret".toCharArray(), new SecureRandom(), 1000);
    users.put(new User("ops", hash, Set.of(RecorderService.OPS)));
    users.put(new User("player", hash, Set.of(WebServices.DECRYPT)));
    authentication = new Authentication(
        "IRWS",
        new PasswordLogin(users, LoginListener.NOBODY, Clock.systemUTC()),
        new Sessions(Sessions.Settings.of("tapeseal-irws", "/"), Clock.systemUTC()),
        "Your session is over.");
    Profiles profiles = Profiles.open(folder);
    profiles.create(PROFILE);
    profiles.deploy(PROFILE, RecordingCertificate.of(SampleCertificates.FIRST.certificate()));
    Files.createDirectory(folder.resolve("media"));
    Files.write(folder.resolve("media/call.wav"), wav(new byte[8000]));
  }

  @AfterEach
  void stop() throws Exception {
    stopRecorder();
    if (irws != null) {
      irws.close();
    }
    if (archive != null) {
      archive.close();
    }
    if (webDav != null) {
      webDav.stop();
    }
    store.close();
  }

  private DeliveryAccounts accounts = DeliveryAccounts.of("ops:secret".toCharArray(), new char[0]);

  private void startRecorder() throws IOException {
    recorder = RecorderService.builder(store, Provisioning.open(DataFolder.open(folder, Map.of())))
        .waitingIn(folder.resolve("undelivered"))
        .mediaFrom(folder.resolve("media"))
        .accounts(accounts)
        .deliveryInterval(Duration.ofMillis(50))
        .start();
    server = HttpServer.builder(recorder.router(authentication)).start();
  }

  private void stopRecorder() throws IOException {
    if (server != null && recorder != null) {
      server.close();
      recorder.close();
      server = null;
      recorder = null;
    }
  }

  private static <T> T started(@Nullable T what) {
    return Optional.ofNullable(what).orElseThrow();
  }

  private void startWebDav() throws Exception {
    startWebDavAsNobody();
    set("storage-authorization", WebDavServer.AUTHORIZATION);
  }

  private void startWebDavAsNobody() throws Exception {
    assumeTrue(WebDavServer.isInstalled(), "no httpd: Debian package apache2-bin");
    webDav = WebDavServer.start(Files.createDirectory(folder.resolve("httpd")));
    set("storage-destination", webDav.uri().toString());
  }

  /** The node whose store is what the WebDAV server serves. */
  private void startIrws(int port) throws IOException {
    if (archive == null) {
      archive = RecordingStore.open(started(webDav).root());
    }
    WebServices services = new WebServices(
        archive,
        WebServices.Node.of(new Location("/")),
        folder,
        () -> started(irws).uri(),
        () -> started(irws).uri());
    irws = HttpServer.builder(services.router(authentication)).port(port).start();
    set("recording-processor-uri", irws.uri().toString());
  }

  private void set(String option, String value) throws IOException {
    Profiles.open(folder).set(PROFILE, List.of(ProfileOption.recording(option, value)));
  }

  private HttpResponse<String> send(String user, String method, String path, byte[] body)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(started(server).uri().resolve(path))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8)))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send("ops", "POST", path, body.getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode ok(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    return JsonMapper.shared().readTree(answer.body());
  }

  private String recordFile() throws Exception {
    JsonNode call = ok(
        post(
            CALLS,
            "{\"file\":\"call.wav\",\"flatOut\":true,\"callerPhoneNumber\":\"8522001\",\"agentId\":\"agent7\"}"));
    String id = call.path("id").asString();
    await()
        .atMost(SOON)
        .until(() -> ok(send("ops", "GET", CALLS + "/" + id, new byte[0]))
            .path("state")
            .asString()
            .equals("stored"));
    return id;
  }

  private void awaitDelivered() {
    await().atMost(SOON).until(() -> started(recorder).waiting() == 0);
  }

  private static byte[] wav(byte[] muLaw) {
    byte[] header = WAV_HEADER.clone();
    byte[] file = Arrays.copyOf(header, header.length + muLaw.length);
    System.arraycopy(muLaw, 0, file, header.length, muLaw.length);
    return file;
  }

  /** The one file of this ending below a folder. */
  private static Path only(Path root, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      List<Path> found = all.filter(path -> path.toString().endsWith(ending)).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }

  @Test
  void recording_isPutThenPosted_andNothingWaits() throws Exception {
    startWebDav();
    startIrws(0);
    startRecorder();

    String id = recordFile();
    awaitDelivered();

    Path media = only(started(webDav).root(), ".wav");
    assertThat(media.getParent()).hasFileName(id);
    assertThat(media.resolveSibling(media.getFileName() + ".mac")).exists();
    assertThat(media.resolveSibling("recording.json")).exists();
    assertThat(CmsOracle.decrypt(Files.readAllBytes(media), SampleCertificates.FIRST))
        .startsWith("RIFF".getBytes(StandardCharsets.US_ASCII))
        .hasSizeGreaterThan(8000);
    assertThat(started(archive).query(RecordingQuery.ALL.withCaller("8522001")).recordings())
        .extracting(recording -> recording.id().value())
        .containsExactly(id);
    assertThat(store.count(RecordingQuery.ALL)).isZero();
  }

  @Test
  void withoutMetadataService_metadataAreLaidBesideTheMedia_whereAStoreFindsThem()
      throws Exception {
    startWebDav();
    startRecorder();

    String id = recordFile();
    awaitDelivered();

    try (RecordingStore found = RecordingStore.open(started(webDav).root())) {
      assertThat(found.query(RecordingQuery.ALL).recordings())
          .extracting(recording -> recording.id().value())
          .containsExactly(id);
    }
  }

  @Test
  void storageThatIsDown_isWaitedFor_acrossARestart_inCiphertext() throws Exception {
    startWebDav();
    startIrws(0);
    started(webDav).stop();
    startRecorder();
    String id = recordFile();
    await().pollDelay(Duration.ofMillis(500)).until(() -> started(recorder).waiting() == 1);
    assertThat(started(archive).count(RecordingQuery.ALL)).isZero();
    byte[] kept = Files.readAllBytes(only(folder.resolve("undelivered"), ".wav"));
    assertThat(CmsOracle.decrypt(kept, SampleCertificates.FIRST)).hasSizeGreaterThan(8000);

    stopRecorder();
    started(webDav).startAgain();
    startRecorder();
    awaitDelivered();

    assertThat(started(archive).query(RecordingQuery.ALL).recordings())
        .extracting(recording -> recording.id().value())
        .containsExactly(id);
    assertThat(Files.readAllBytes(only(started(webDav).root(), ".wav"))).isEqualTo(kept);
  }

  @Test
  void metadataServiceThatIsDown_isWaitedFor() throws Exception {
    startWebDav();
    startIrws(0);
    int port = started(irws).port();
    started(irws).close();
    startRecorder();

    recordFile();
    await().atMost(SOON).untilAsserted(() -> only(started(webDav).root(), ".wav"));
    assertThat(started(recorder).waiting()).isEqualTo(1);

    startIrws(port);
    awaitDelivered();

    assertThat(started(archive).count(RecordingQuery.ALL)).isEqualTo(1);
  }

  @Test
  void wrongPasswordOfTheStorage_keepsTheRecording_untilItIsRight() throws Exception {
    startWebDav();
    set("storage-authorization", "recorder:wrong");
    startRecorder();

    recordFile();
    await().pollDelay(Duration.ofMillis(500)).until(() -> started(recorder).waiting() == 1);
    set("storage-authorization", WebDavServer.AUTHORIZATION);

    awaitDelivered();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 500, 507})
  void storageThatRefuses_neverLetsMetadataBePosted(int status) throws Exception {
    int[] posted = new int[1];
    Router refusing = Router.of(
        Route.of(Method.PUT, "/{a}/{b}/{c}/{d}/{e}")
            .bodyStreamedUpTo(Long.MAX_VALUE)
            .handledBy(request -> Response.error(status, "refused", "No.", "None.")),
        Route.post("/internal-api/contact-centers/{id}/recordings")
            .bodyUpTo(1 << 20)
            .handledBy(request -> {
              posted[0]++;
              return Response.of(201);
            }));
    try (HttpServer fake = HttpServer.builder(refusing).start()) {
      set("storage-destination", fake.uri().toString());
      set("recording-processor-uri", fake.uri().toString());
      startRecorder();

      recordFile();
      Thread.sleep(1500); // in which it tries twice

      assertThat(started(recorder).waiting()).isEqualTo(1);
      assertThat(posted[0]).isZero();
      stopRecorder();
    }
  }

  @Test
  void streamedAudio_isRecordedHere_whereTheProfileNamesNoStorage() throws Exception {
    startRecorder();
    byte[] audio = new byte[40_000];
    new Random(1).nextBytes(audio);
    JsonNode call = ok(
        post(
            CALLS,
            "{\"callUuid\":\"CALL1\",\"audio\":{\"encoding\":\"pcm\",\"sampleRateHz\":8000,\"channels\":2}}"));
    assertThat(call.path("state").asString()).isEqualTo("recording");
    String path = CALLS + "/CALL1";

    ok(send("ops", "POST", path + "/audio", Arrays.copyOf(audio, 20_000)));
    assertThat(ok(post(path + "/pause", "")).path("state").asString()).isEqualTo("paused");
    ok(send("ops", "POST", path + "/audio", new byte[4000])); // is left out
    assertThat(ok(post(path + "/resume", "")).path("state").asString()).isEqualTo("recording");
    ok(send("ops", "POST", path + "/audio", Arrays.copyOfRange(audio, 20_000, 40_000)));
    JsonNode stopped = ok(post(path + "/stop", ""));

    assertThat(stopped.path("state").asString()).isEqualTo("stored");
    assertThat(stopped.path("recordedMs").asLong()).isGreaterThanOrEqualTo(1250);
    byte[] stored = CmsOracle.decrypt(
        Files.readAllBytes(only(folder.resolve("recordings"), ".wav")), SampleCertificates.FIRST);
    assertThat(new String(stored, StandardCharsets.ISO_8859_1))
        .contains(new String(audio, 0, 20_000, StandardCharsets.ISO_8859_1))
        .endsWith(new String(audio, 20_000, 20_000, StandardCharsets.ISO_8859_1));
    assertThat(post(path + "/stop", "").statusCode()).isEqualTo(409);
    assertThat(send("ops", "POST", path + "/audio", new byte[4]).statusCode()).isEqualTo(409);
    assertThat(post(CALLS, "{\"callUuid\":\"CALL1\",\"file\":\"call.wav\"}").statusCode())
        .isEqualTo(409);
  }

  // --- screens ---

  private byte[] mp4() throws IOException {
    return Files.readAllBytes(Samples.path("media/screen.mp4"));
  }

  @Test
  void screenInSlices_isRecordedUnderTheCertificatesOfTheNodesLocation_besideItsAgentsCall()
      throws Exception {
    ScreenCertificates screens = ScreenCertificates.open(folder);
    screens.assign(RecordingCertificate.of(SampleCertificates.SECOND.certificate()));
    screens
        .at(new Location("/US"))
        .assign(RecordingCertificate.of(SampleCertificates.FIRST.certificate()));
    Files.writeString(folder.resolve("rcs.properties"), "node.path=/US/AK\n");
    startRecorder();
    byte[] file = mp4();
    ok(post(
        CALLS,
        "{\"callUuid\":\"CALL1\",\"agentId\":\"agent7\",\"audio\":"
            + "{\"encoding\":\"mulaw\",\"sampleRateHz\":8000,\"channels\":1}}"));
    JsonNode started = ok(post(SCREENS, "{\"agentId\":\"agent7\"}"));
    String path = SCREENS + "/" + started.path("id").asString();
    assertThat(started.path("callUuid").asString()).isEqualTo("CALL1");
    assertThat(post(SCREENS, "{\"agentId\":\"agent7\"}").statusCode()).isEqualTo(409);
    assertThat(post(path + "/stop", "").statusCode())
        .as("nothing of it has come")
        .isEqualTo(409);

    ok(send("ops", "POST", path + "/video", Arrays.copyOf(file, 70_001)));
    ok(send("ops", "POST", path + "/video", Arrays.copyOfRange(file, 70_001, file.length)));
    JsonNode stopped = ok(post(path + "/stop", "{\"durationMs\":12000}"));

    assertThat(stopped.path("state").asString()).isEqualTo("stored");
    assertThat(stopped.path("bytes").asLong()).isEqualTo(file.length);
    assertThat(CmsOracle.decrypt(
            Files.readAllBytes(only(folder.resolve("recordings"), ".mp4")),
            SampleCertificates.FIRST))
        .isEqualTo(file);
    Recording stored =
        store.find(new RecordingId(stopped.path("recordingId").asString())).orElseThrow();
    assertThat(stored.mediaFiles().get(0).callUuid()).isEqualTo("CALL1");
    assertThat(stored.mediaFiles().get(0).agentId()).isEqualTo("agent7");
    assertThat(Duration.between(stored.started(), stored.stopped())).hasSeconds(12);
    assertThat(post(path + "/stop", "").statusCode()).isEqualTo(409);
    ok(post(SCREENS, "{\"agentId\":\"agent7\"}")); // the agent may have another now
  }

  @Test
  void screenFile_isPlayed_andWhatIsNoMp4IsRefused() throws Exception {
    Files.write(folder.resolve("media/screen.mp4"), mp4());
    startRecorder();

    JsonNode played = ok(post(SCREENS, "{\"file\":\"screen.mp4\",\"flatOut\":true}"));
    String path = SCREENS + "/" + played.path("id").asString();
    await()
        .atMost(SOON)
        .until(() ->
            ok(send("ops", "GET", path, new byte[0])).path("state").asString().equals("stored"));

    assertThat(Files.readAllBytes(only(folder.resolve("recordings"), ".mp4"))).isEqualTo(mp4());
    assertThat(post(SCREENS, "{\"file\":\"call.wav\"}").statusCode()).isEqualTo(400);
    String other = SCREENS + "/" + ok(post(SCREENS, "{}")).path("id").asString();
    assertThat(send("ops", "POST", other + "/video", wav(new byte[800])).statusCode())
        .isEqualTo(400);
    assertThat(send("ops", "POST", other + "/video", new byte[3]).statusCode()).isEqualTo(400);
    assertThat(post(other + "/stop", "{\"durationMs\":-1}").statusCode()).isEqualTo(400);
    assertThat(send("player", "GET", SCREENS, new byte[0]).statusCode()).isEqualTo(403);
    assertThat(ok(send("ops", "GET", SCREENS, new byte[0])).path("screens")).hasSize(2);
    assertThat(store.count(RecordingQuery.ALL)).isEqualTo(1);
  }

  // --- accounts ---

  @Test
  void accountsOfTheSettings_areUsed_whereTheProfileNamesNone() throws Exception {
    startWebDavAsNobody();
    startIrws(0);
    String[] storage = WebDavServer.AUTHORIZATION.split(":", 2);
    Files.writeString(folder.resolve("ops.txt"), "secret\n");
    Files.writeString(folder.resolve("storage.txt"), storage[1] + "\n");
    Files.writeString(
        folder.resolve("rcs.properties"),
        "recorder.irws-password-file=ops.txt\nrecorder.storage-user=" + storage[0]
            + "\nrecorder.storage-password-file=storage.txt\n");
    accounts = DeliveryAccounts.of(DataFolder.open(folder, Map.of()).settings());
    startRecorder();

    String id = recordFile();
    awaitDelivered();

    assertThat(started(archive).find(new RecordingId(id))).isPresent();
  }

  @Test
  void audioThatEndsWithinASample_isRefused_andWhatCameBeforeIsKept() throws Exception {
    startRecorder();
    ok(
        post(
            CALLS,
            "{\"callUuid\":\"CALL1\",\"audio\":{\"encoding\":\"pcm\",\"sampleRateHz\":8000,\"channels\":2}}"));

    HttpResponse<String> answer = send("ops", "POST", CALLS + "/CALL1/audio", new byte[32_003]);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(ok(post(CALLS + "/CALL1/stop", "")).path("recordedMs").asLong()).isEqualTo(1000);
  }

  @Test
  void callsUnderWay_areStored_whenTheRecorderCloses() throws Exception {
    startRecorder();
    ok(post(CALLS, "{\"audio\":{\"encoding\":\"mulaw\",\"sampleRateHz\":8000,\"channels\":1}}"));

    stopRecorder();

    assertThat(store.count(RecordingQuery.ALL)).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0} is answered {1}")
  @CsvSource(delimiter = '|', textBlock = """
          {}                                                                                     | 400
          {"file":"call.wav","audio":{"encoding":"pcm","sampleRateHz":8000,"channels":1}}        | 400
          {"audio":{"encoding":"opus","sampleRateHz":8000,"channels":1}}                         | 400
          {"audio":{"encoding":"pcm","sampleRateHz":-1,"channels":1}}                            | 400
          {"audio":{"encoding":"pcm","sampleRateHz":8000,"channels":0}}                          | 400
          {"file":"call.wav","callUuid":"../x"}                                                  | 400
          {"file":"../users"}                                                                    | 404
          {"file":"absent.wav"}                                                                  | 404
          {"file":".hidden"}                                                                     | 404
          {"file":"call.wav","ivrProfile":"absent"}                                              | 404
          {"file":"call.wav","ivrProfile":"../x"}                                                | 400
          {"file":                                                                               | 400
          """)
  void requestThatCannotBeRecorded_isRefused_andLeavesNothing(String body, int status)
      throws Exception {
    startRecorder();

    assertThat(post(CALLS, body).statusCode()).isEqualTo(status);

    assertThat(store.count(RecordingQuery.ALL)).isZero();
    assertThat(ok(send("ops", "GET", CALLS, new byte[0])).path("calls")).isEmpty();
  }

  @Test
  void recording_isForOpsAlone() throws Exception {
    startRecorder();

    assertThat(
            send("player", "POST", CALLS, "{}".getBytes(StandardCharsets.UTF_8)).statusCode())
        .isEqualTo(403);
    assertThat(client
            .send(
                HttpRequest.newBuilder(started(server).uri().resolve(CALLS)).build(),
                HttpResponse.BodyHandlers.ofString())
            .statusCode())
        .isEqualTo(401);
  }
}
