package dev.tapeseal.webservices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.HttpServer;
import dev.tapeseal.http.LoginListener;
import dev.tapeseal.http.PasswordHash;
import dev.tapeseal.http.PasswordLogin;
import dev.tapeseal.http.Sessions;
import dev.tapeseal.http.User;
import dev.tapeseal.http.UsersFile;
import dev.tapeseal.profile.Location;
import dev.tapeseal.profile.ScreenCertificates;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaId;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.PendingRecording;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingKind;
import dev.tapeseal.store.RecordingPlace;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the documented resources answer, over real sockets and a real store. */
class WebServicesTest {
  private static final Instant STARTED = Instant.parse("2015-09-10T16:58:22Z");
  private static final String CENTER = Tenant.DEFAULT.contactCenterId();
  private static final String SETTINGS =
      "/api/v2/ops/contact-centers/" + CENTER + "/settings/screen-recording";

  @TempDir
  private Path folder;

  private RecordingStore store;
  private HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    store = RecordingStore.open(folder.resolve("recordings"));
    UsersFile users = UsersFile.open(folder.resolve("users"));
    PasswordHash ops = PasswordHash.of("ops".toCharArray(), new SecureRandom(), 1000);
    users.put(new User("ops", ops, Set.of(WebServices.OPS)));
    users.put(new User("player", ops, Set.of(WebServices.DECRYPT)));
    Authentication authentication = new Authentication(
        "IRWS",
        new PasswordLogin(users, LoginListener.NOBODY, Clock.systemUTC()),
        new Sessions(Sessions.Settings.of("tapeseal-irws", "/"), Clock.systemUTC()),
        "Your session is over.");
    WebServices services = new WebServices(
        store, WebServices.Node.of(new Location("/US/AK")), folder, () -> server.uri());
    server = HttpServer.builder(services.router(authentication)).start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    store.close();
  }

  private HttpResponse<String> send(String user, String method, String path, String body)
      throws Exception {
    String credentials =
        Base64.getEncoder().encodeToString((user + ":ops").getBytes(StandardCharsets.UTF_8));
    return client.send(
        HttpRequest.newBuilder(server.uri().resolve(path))
            .header("Authorization", "Basic " + credentials)
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode ok(String user, String method, String path, String body) throws Exception {
    HttpResponse<String> answer = send(user, method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    return json(answer);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  private static String code(HttpResponse<String> answer) {
    return json(answer).at("/error/code").asString();
  }

  private static MediaEncryption encryption() {
    MediaRecipient recipient = new MediaRecipient("CN=Recording", BigInteger.ONE, null, null);
    return new MediaEncryption("pkcs7", List.of(recipient), null, null, null, -1);
  }

  private Recording record(RecordingKind kind, int number, boolean encrypted) throws IOException {
    RecordingId id = new RecordingId("recording-" + number);
    MediaId mediaId = new MediaId(id + (kind == RecordingKind.CALL ? ".mp3" : ".mp4"));
    Instant started = STARTED.plusSeconds(number);
    MediaFile.Builder file = MediaFile.builder(mediaId, "audio/mp3")
        .started(started)
        .callUuid("call-" + number)
        .agentId("agent7");
    if (encrypted) {
      file.encryption(encryption());
    }
    try (PendingRecording pending = store.begin(Tenant.DEFAULT, id, started)) {
      try (WritableByteChannel media = pending.create(mediaId, MediaSuffix.CONTENT)) {
        media.write(ByteBuffer.wrap(new byte[100]));
      }
      Recording.Builder metadata = kind == RecordingKind.CALL
          ? Recording.call(id, "852200" + number, "+14160000001")
          : Recording.screen(id);
      return pending.commit(metadata.started(started).media(file.build()).build());
    }
  }

  @Test
  void contactCenters_areListedAsDocumented() throws Exception {
    assertThat(send("ops", "GET", "/api/v2/ops/contact-centers", "").body())
        .isEqualTo("{\"statusCode\":0,\"uris\":[\"" + server.uri()
            + "/api/v2/ops/contact-centers/00000000000000000000000000000001\"]}");
  }

  @Test
  void callRecording_isShownInTheDocumentedShape() throws Exception {
    record(RecordingKind.CALL, 1, false);

    JsonNode call = ok("player", "GET", "/api/v2/recordings/recording-1", "");

    assertThat(call.path("id").asString()).isEqualTo("recording-1");
    assertThat(call.path("callerPhoneNumber").asString()).isEqualTo("8522001");
    assertThat(call.path("startTime").asString()).isEqualTo("2015-09-10T16:58:23.000+0000");
    assertThat(call.at("/mediaFiles/0/size").isString()).isTrue();
    assertThat(call.at("/mediaFiles/0/playPath").asString())
        .isEqualTo("/recordings/recording-1/play/recording-1.mp3");
    assertThat(call.at("/mediaFiles/0/mediaUri").asString())
        .isEqualTo(server.uri() + "/api/v2/recordings/recording-1/play/recording-1.mp3");
    assertThat(
            send("player", "GET", "/api/v2/screen-recordings/recording-1", "").statusCode())
        .isEqualTo(404);
  }

  @Test
  void mediaUri_pointsToTheCryptoServerOfTheNodesLocation_whereTheMediaAreEncrypted()
      throws Exception {
    record(RecordingKind.SCREEN, 1, true);
    record(RecordingKind.SCREEN, 2, false);
    String prefix = "{\"name\":\"decrypt-uri-prefix\",\"location\":\"%s\",\"value\":\"%s\"}";
    ok("ops", "POST", SETTINGS, prefix.formatted("/", "http://everywhere:8008/rcs"));
    ok("ops", "POST", SETTINGS, prefix.formatted("/US", "http://us:8008/rcs/"));
    ok("ops", "POST", SETTINGS, prefix.formatted("/USA", "http://usa:8008/rcs"));

    assertThat(ok("player", "GET", "/api/v2/screen-recordings/recording-1", "")
            .at("/mediaFiles/0/mediaUri")
            .asString())
        .isEqualTo("http://us:8008/rcs/contact-centers/" + CENTER
            + "/screen-recordings/recording-1/play/recording-1.mp4");
    assertThat(ok("player", "GET", "/api/v2/screen-recordings/recording-2", "")
            .at("/mediaFiles/0/mediaUri")
            .asString())
        .isEqualTo(server.uri() + "/api/v2/screen-recordings/recording-2/play/recording-2.mp4");
  }

  @Test
  void screenRecordingCertificates_areHandedOutByTheirDocumentedGroup_andAssignedElsewhere()
      throws Exception {
    String group = "/api/v2/settings/screen-recording-encryption";
    RecordingCertificate certificate =
        RecordingCertificate.read(SampleCertificates.FIRST.certificatePath());
    ScreenCertificates assigned = ScreenCertificates.open(folder);
    assertThat(ok("ops", "GET", group, "").path("settings")).isEmpty();

    assigned.assign(certificate);

    JsonNode setting = ok("ops", "GET", group, "").at("/settings/0");
    assertThat(setting.path("name").asString()).isEqualTo("certificates-1");
    assertThat(setting.path("location").asString()).isEqualTo("/");
    assertThat(setting.path("value").asString())
        .isEqualTo(new String(certificate.toPem(), StandardCharsets.US_ASCII));
    assertThat(ok("ops", "GET", group + "?location=/", "").path("settings")).hasSize(1);
    assertThat(ok("ops", "GET", group + "?location=/US", "").path("settings")).isEmpty();
    assigned.at(new Location("/US")).assign(certificate);
    assertThat(ok("ops", "GET", group + "?location=/US", "")
            .at("/settings/0/location")
            .asString())
        .isEqualTo("/US");
    assertThat(ok("ops", "GET", group, "").path("settings")).hasSize(2);
    assigned.at(new Location("/US")).remove(certificate);
    for (String method : List.of("POST", "PUT", "DELETE")) {
      assertThat(code(send(
              "ops",
              method,
              group + "?location=/",
              "{\"name\":\"certificates-2\",\"location\":\"/\",\"value\":\"x\"}")))
          .as(method)
          .isEqualTo("assigned-elsewhere");
    }
    assigned.remove(certificate);
    assertThat(ok("ops", "GET", group, "").path("settings")).isEmpty();
  }

  @Test
  void settings_areKeptByLocation_listedWithoutPasswords_andDeleted() throws Exception {
    String storage = """
        {"name":"storage","location":"/US/CA","value":[{"storageType":"webDAV","active":true,\
        "credential":{"userName":"u","password":"hunter2","storagePath":"http://s/recordings"}}]}""";
    ok("ops", "POST", "/api/v2/settings/screen-recording", storage);
    ok("ops", "PUT", "/api/v2/settings/screen-recording", storage);
    ok(
        "ops",
        "POST",
        SETTINGS,
        "{\"name\":\"decrypt-uri-prefix\",\"location\":\"/\",\"value\":\"http://h/rcs\"}");

    assertThat(ok("ops", "GET", SETTINGS, "").path("settings")).hasSize(2);
    HttpResponse<String> one = send("ops", "GET", SETTINGS + "?location=/US/CA", "");
    assertThat(json(one).at("/settings/0/name").asString()).isEqualTo("storage");
    assertThat(json(one).at("/settings/0/value/0/credential/userName").asString())
        .isEqualTo("u");
    assertThat(one.body()).doesNotContain("hunter2");
    ok("ops", "DELETE", SETTINGS + "?location=/US/CA", "{\"name\":\"storage\"}");
    assertThat(ok("ops", "GET", SETTINGS, "").path("settings")).hasSize(1);
    assertThat(code(send("ops", "DELETE", SETTINGS + "?location=/US/CA", "{\"name\":\"storage\"}")))
        .isEqualTo("not-found");
    assertThat(code(send("ops", "DELETE", SETTINGS, "{\"name\":\"storage\"}")))
        .isEqualTo("location-missing");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {"name":"decrypt-uri-prefix","location":"/","value":"ftp://host/rcs"}          | not-a-uri
      {"name":"decrypt-uri-prefix","location":"/","value":"http://u:p@host/rcs"}     | not-a-uri
      {"name":"decrypt-uri-prefix","location":"/","value":"http://host/rcs?x=1"}     | not-a-uri
      {"name":"decrypt-uri-prefix","location":"/","value":["http://a/rcs","nonsense"]} | not-a-uri
      {"name":"decrypt-uri-prefix","location":"US","value":"http://host/rcs"}        | setting-invalid
      {"name":"../etc","location":"/","value":"x"}                                   | setting-invalid
      {"name":"storage","location":"/","value":"x"}                                  | not-a-storage
      {"location":"/"}                                                               | setting-invalid
      nonsense                                                                       | setting-invalid
      """)
  void settingThatNobodyCouldUse_isRefused(String body, String code) throws Exception {
    HttpResponse<String> answer = send("ops", "POST", SETTINGS, body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(code(answer)).isEqualTo(code);
    assertThat(ok("ops", "GET", SETTINGS, "").path("settings")).isEmpty();
  }

  @Test
  void unknownCentersAndGroups_areNotFound_andMakeNoFile() throws Exception {
    String setting = "{\"name\":\"x\",\"location\":\"/\",\"value\":\"y\"}";

    assertThat(
            send("ops", "POST", "/api/v2/ops/contact-centers/ff/settings/screen-recording", setting)
                .statusCode())
        .isEqualTo(404);
    assertThat(send("ops", "POST", "/api/v2/settings/nonsense", setting).statusCode())
        .isEqualTo(404);
    assertThat(send("ops", "POST", "/api/v2/settings/..%2F..%2Fusers", setting).statusCode())
        .isIn(400, 404);
    assertThat(folder.resolve("settings")).doesNotExist();
  }

  @Test
  void queries_findByEachParameter_inPagesWithLinks() throws Exception {
    for (int i = 1; i <= 5; i++) {
      record(RecordingKind.CALL, i, false);
    }
    record(RecordingKind.SCREEN, 6, false);

    assertThat(ids("/api/v2/recordings?callerPhoneNumber=85220*")).hasSize(5);
    assertThat(ids("/api/v2/recordings?callerPhoneNumber=8522003")).containsExactly("recording-3");
    assertThat(ids("/api/v2/recordings?callUUID=call-4")).containsExactly("recording-4");
    assertThat(
            ids(
                "/api/v2/recordings?startTime=2015-09-10T16:58:25Z&endTime=2015-09-10T18:58:27%2B02:00"))
        .containsExactly("recording-4", "recording-3");
    assertThat(ok("player", "GET", "/api/v2/screen-recordings?agentId=agent7", "")
            .path("screenRecordings"))
        .hasSize(1);

    JsonNode first = ok("player", "GET", "/api/v2/recordings?agentId=agent7&limit=2", "");
    assertThat(first.path("previousUri").isMissingNode()).isTrue();
    JsonNode second = ok("player", "GET", first.path("nextUri").asString(), "");
    assertThat(second.at("/recordings/0/id").asString()).isEqualTo("recording-3");
    JsonNode third = ok("player", "GET", second.path("nextUri").asString(), "");
    assertThat(third.path("recordings")).hasSize(1);
    assertThat(third.path("nextUri").isMissingNode()).isTrue();
    assertThat(ok("player", "GET", second.path("previousUri").asString(), "")
            .at("/recordings/0/id")
            .asString())
        .isEqualTo("recording-5");
  }

  private List<String> ids(String path) throws Exception {
    return ok("player", "GET", path, "")
        .path("recordings")
        .valueStream()
        .map(recording -> recording.path("id").asString())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?nonsense=1",
        "?limit=0",
        "?limit=x",
        "?startTime=yesterday",
        "?callerPhoneNumber=-",
        "?cursor=x",
        "?agentId=a&agentId=b"
      })
  void queryThatCannotBeAnswered_isRefused(String query) throws Exception {
    HttpResponse<String> answer = send("player", "GET", "/api/v2/recordings" + query, "");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(code(answer)).startsWith("query-");
  }

  @Test
  void insertion_takesMetadataOfStoredMedia_once_andNeverWithoutTheirMedia() throws Exception {
    RecordingPlace place = RecordingPlace.of(Tenant.DEFAULT, STARTED, new RecordingId("inserted"));
    String path = "/internal-api/contact-centers/" + CENTER + "/recordings";
    String metadata = """
        {"id":"inserted","callerPhoneNumber":"1","dialedPhoneNumber":"2","startTime":"2015-09-10T16:58:22.000+0000",\
        "mediaFiles":[{"mediaId":"inserted.mp3","type":"audio/mp3","size":"%d","tenant":"Environment"}],\
        "eventHistory":[]}""";

    assertThat(code(send("ops", "POST", path, metadata.formatted(3))))
        .isEqualTo("media-not-stored");
    Path media = folder
        .resolve("recordings")
        .resolve(CENTER)
        .resolve("Environment")
        .resolve(place.day().toString())
        .resolve("inserted")
        .resolve("inserted.mp3");
    Files.createDirectories(media.getParent());
    Files.write(media, new byte[] {1, 2, 3});
    assertThat(code(send("ops", "POST", path, metadata.formatted(4))))
        .isEqualTo("metadata-invalid");
    assertThat(ok("ops", "POST", path, metadata.formatted(3)).path("id").asString())
        .isEqualTo("inserted");
    assertThat(code(send("ops", "POST", path, metadata.formatted(3)))).isEqualTo("exists");

    assertThat(ids("/api/v2/recordings?callerPhoneNumber=1")).containsExactly("inserted");
    assertThat(media.resolveSibling("recording.json")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "{}",
        "{\"id\":\"../x\",\"mediaFiles\":[]}",
        "{\"id\":\"x\",\"mediaFiles\":[{\"mediaId\":\"../../users\"}]}",
        "{\"id\":\"x\",\"mediaFiles\":[]}",
        "{\"id\":\"x\",\"startTime\":\"2015-09-10T16:58:22Z\",\"mediaFiles\":[]}"
      })
  void insertionOfWhatIsNoRecording_isRefused(String body) throws Exception {
    HttpResponse<String> answer =
        send("ops", "POST", "/internal-api/contact-centers/" + CENTER + "/recordings", body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(code(answer)).isEqualTo("metadata-invalid");
  }

  @Test
  void deletion_needsOps_andRemovesTheMedia() throws Exception {
    record(RecordingKind.CALL, 1, false);

    assertThat(send("player", "DELETE", "/api/v2/recordings/recording-1", "").statusCode())
        .isEqualTo(403);
    ok("ops", "DELETE", "/api/v2/recordings/recording-1", "");
    assertThat(send("ops", "DELETE", "/api/v2/recordings/recording-1", "").statusCode())
        .isEqualTo(404);
    assertThat(store.find(new RecordingId("recording-1"))).isEmpty();
  }

  @Test
  void nobodyIsLetInWithoutAPassword() throws Exception {
    for (String path :
        List.of("/api/v2/recordings?limit=1", SETTINGS, "/api/v2/ops/contact-centers")) {
      HttpResponse<String> answer = client.send(
          HttpRequest.newBuilder(URI.create(server.uri() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(401);
    }
    assertThat(send("player", "GET", SETTINGS, "").statusCode()).isEqualTo(403);
  }
}
