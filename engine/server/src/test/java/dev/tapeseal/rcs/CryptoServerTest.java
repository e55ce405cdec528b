package dev.tapeseal.rcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.capture.CallSession;
import dev.tapeseal.capture.Interaction;
import dev.tapeseal.capture.Recorder;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.http.HttpServer;
import dev.tapeseal.http.LoginListener;
import dev.tapeseal.http.PasswordHash;
import dev.tapeseal.http.PasswordLogin;
import dev.tapeseal.http.User;
import dev.tapeseal.http.UsersFile;
import dev.tapeseal.keystore.KeyLimits;
import dev.tapeseal.keystore.KeyMaterial;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.media.AudioFormat;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingStore;
import dev.tapeseal.store.Tenant;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the crypto server gives to whom, over real sockets, with real recordings and keys. */
class CryptoServerTest {
  private static final int FRAME_BYTES = 160;
  private static final int WAV_HEADER_BYTES = 58;

  @TempDir
  private Path folder;

  private RecordingStore store;
  private RecordingKeyStore keys;
  private AuditLog audit;
  private CryptoServer rcs;
  private HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final byte[] spoken = new byte[500 * FRAME_BYTES];

  @BeforeEach
  void start() throws Exception {
    new Random(20150910).nextBytes(spoken);
    store = RecordingStore.open(folder.resolve("recordings"));
    try (KeyPassword password = KeyPassword.of("changeit".toCharArray())) {
      keys = RecordingKeyStore.openOrBegin(folder.resolve("keystore.p12"), password);
    }
    importKey(SampleCertificates.FIRST);
    UsersFile users = UsersFile.open(folder.resolve("users"));
    PasswordHash hash = PasswordHash.of("secret".toCharArray(), new SecureRandom(), 1000);
    users.put(new User("player", hash, Set.of(CryptoServer.DECRYPT)));
    users.put(new User("admin", hash, Set.of(CryptoServer.ADMINISTER_CERTIFICATES)));
    users.put(new User("proxy", hash, Set.of(CryptoServer.DECRYPT)));
    audit = AuditLog.open(folder.resolve("audit.log"), Clock.systemUTC());
    rcs = CryptoServer.builder(
            keys, store, Provisioning.open(DataFolder.open(folder, Map.of())), audit)
        .proxyAccount("proxy")
        .build();
    startServer();
  }

  private void startServer() throws IOException {
    PasswordLogin login = new PasswordLogin(
        UsersFile.open(folder.resolve("users")), LoginListener.NOBODY, Clock.systemUTC());
    server = HttpServer.builder(rcs.router(login, Clock.systemUTC())).start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    rcs.close();
    audit.close();
    keys.close();
    store.close();
  }

  private void importKey(SampleIdentity identity) throws Exception {
    try (KeyMaterial material =
        KeyMaterial.read(identity.keyPath(), identity.certificatePath(), null, null)) {
      keys.importKey("calls", material, KeyLimits.NONE);
    }
  }

  private Recording record(SampleIdentity identity) throws Exception {
    RecordingCertificate certificate = RecordingCertificate.read(identity.certificatePath());
    try (CallSession call = Recorder.into(store)
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
    return "/rcs/contact-centers/" + Tenant.DEFAULT.contactCenterId() + "/recordings/"
        + recording.id() + "/play/" + recording.mediaFiles().get(0).mediaId();
  }

  private Path stored(Recording recording) {
    return folder
        .resolve("recordings")
        .resolve(String.valueOf(recording.mediaFiles().get(0).descriptor().get("path")));
  }

  private HttpRequest.Builder request(String user, String path) {
    String basic =
        Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
    return HttpRequest.newBuilder(server.uri().resolve(path))
        .header("Authorization", "Basic " + basic);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static JsonNode json(HttpResponse<byte[]> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  private List<JsonNode> auditLog() throws IOException {
    List<JsonNode> entries = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("audit.log"))) {
      entries.add(JsonMapper.shared().readTree(line));
    }
    return entries;
  }

  @Test
  void recording_playsDecrypted_wholeAndByRange() throws Exception {
    Recording recording = record(SampleCertificates.FIRST);

    HttpResponse<byte[]> whole = send(request("player", playPath(recording)));
    HttpResponse<byte[]> range =
        send(request("player", playPath(recording)).header("Range", "bytes=40000-40159"));

    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.headers().firstValue("Content-Type")).contains("audio/wav");
    assertThat(whole.body().length).isGreaterThan(spoken.length);
    assertThat(Arrays.copyOfRange(whole.body(), WAV_HEADER_BYTES, WAV_HEADER_BYTES + spoken.length))
        .isEqualTo(spoken);
    assertThat(range.statusCode()).isEqualTo(206);
    assertThat(range.body()).isEqualTo(Arrays.copyOfRange(whole.body(), 40_000, 40_160));
  }

  @Test
  void head_tellsTheLengthOfThePlaintext_andDecryptsNothing() throws Exception {
    Recording recording = record(SampleCertificates.FIRST);

    HttpResponse<byte[]> head = send(
        request("player", playPath(recording)).method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0))
        .isEqualTo(send(request("player", playPath(recording))).body().length);
  }

  @Test
  void everyPlayback_isAudited_withWhoAndWhat() throws Exception {
    Recording recording = record(SampleCertificates.FIRST);

    send(request("player", playPath(recording))
        .header("Range", "bytes=0-9")
        .header("X-Tapeseal-Player", "somebody"));
    send(request("proxy", playPath(recording)).header("X-Tapeseal-Player", "alice"));

    List<JsonNode> entries = auditLog();
    assertThat(entries).hasSize(2);
    assertThat(entries.get(0).path("user").asString()).isEqualTo("player");
    assertThat(entries.get(0).path("recording").asString())
        .isEqualTo(recording.id().value());
    assertThat(entries.get(0).path("range").asString()).isEqualTo("bytes=0-9");
    assertThat(entries.get(0).path("certificate").asString()).isEqualTo("calls");
    assertThat(entries.get(0).path("outcome").asString()).isEqualTo("opened");
    assertThat(entries.get(1).path("user").asString()).isEqualTo("alice by proxy");
    assertThat(entries.get(1).path("certificate").asString())
        .as("certificate of a session key that was unwrapped before")
        .isEqualTo("calls");
  }

  @Test
  void whateverKeepsARecordingFromBeingOpened_isAnsweredTheSame_andAuditedApart() throws Exception {
    List<String> answers = new ArrayList<>();
    answers.add(answerAfter(record(SampleCertificates.SECOND), path -> {}));
    answers.add(answerAfter(record(SampleCertificates.FIRST), path -> flip(path, 5)));
    answers.add(answerAfter(record(SampleCertificates.FIRST), path -> flip(path, 300)));
    answers.add(answerAfter(record(SampleCertificates.FIRST), path -> flip(path, -1)));
    answers.add(answerAfter(record(SampleCertificates.FIRST), path -> cut(path, 20)));
    answers.add(answerAfter(record(SampleCertificates.FIRST), path -> cut(path, 1)));
    answers.add(
        answerAfter(record(SampleCertificates.FIRST), path -> Files.write(path, new byte[0])));
    answers.add(answerAfter(
        record(SampleCertificates.FIRST),
        path -> Files.delete(path.resolveSibling(path.getFileName() + ".mac"))));
    answers.add(answerAfter(
        record(SampleCertificates.FIRST),
        path -> flip(path.resolveSibling(path.getFileName() + ".mac"), -1)));

    assertThat(answers).allMatch(answer -> answer.equals(answers.get(0)));
    assertThat(answers.get(0)).startsWith("422 {\"error\":{\"code\":\"not-decryptable\"");
    assertThat(auditLog().stream()
            .map(entry -> entry.path("outcome").asString())
            .distinct()
            .count())
        .as("outcomes in the audit log")
        .isGreaterThan(4);
  }

  private interface Damage {
    void to(Path file) throws IOException;
  }

  private String answerAfter(Recording recording, Damage damage) throws Exception {
    damage.to(stored(recording));
    HttpResponse<byte[]> answer = send(request("player", playPath(recording)));
    return answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at < 0 ? bytes.length + at : at] ^= 1;
    Files.write(file, bytes);
  }

  private static void cut(Path file, int tail) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - tail));
  }

  @Test
  void message_isDecryptedAsItComes() throws Exception {
    Recording recording = record(SampleCertificates.FIRST);
    byte[] whole = send(request("player", playPath(recording))).body();

    HttpResponse<byte[]> answer = send(request("player", "/rcs/decrypt")
        .POST(HttpRequest.BodyPublishers.ofFile(stored(recording))));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(whole);
    HttpResponse<byte[]> nonsense = send(request("player", "/rcs/decrypt")
        .POST(HttpRequest.BodyPublishers.ofString("this is no envelope")));
    assertThat(nonsense.statusCode()).isEqualTo(422);
  }

  @Test
  void mediaThatAreGone_andRecordingsThatNeverWere_areNotFound() throws Exception {
    Recording recording = record(SampleCertificates.FIRST);
    Files.delete(stored(recording));

    assertThat(
            json(send(request("player", playPath(recording)))).at("/error/code").asString())
        .isEqualTo("not-stored");
    assertThat(send(request(
                "player",
                "/rcs/contact-centers/" + Tenant.DEFAULT.contactCenterId()
                    + "/recordings/none/play/none.wav"))
            .statusCode())
        .isEqualTo(404);
    assertThat(
            send(request("player", playPath(recording).replace("recordings", "screen-recordings")))
                .statusCode())
        .isEqualTo(404);
    assertThat(send(request("player", playPath(recording).replaceFirst("0001/", "0002/")))
            .statusCode())
        .isEqualTo(404);
  }

  @Test
  void session_playsUntilItIsEnded_orTheServerRestarts() throws Exception {
    Recording recording = record(SampleCertificates.FIRST);
    HttpResponse<byte[]> begun = send(HttpRequest.newBuilder(server.uri().resolve("/rcs/session"))
        .POST(
            HttpRequest.BodyPublishers.ofString("{\"user\":\"player\",\"password\":\"secret\"}")));
    String setCookie = begun.headers().firstValue("Set-Cookie").orElseThrow();
    String cookie = setCookie.substring(0, setCookie.indexOf(';'));
    assertThat(setCookie).contains("HttpOnly").contains("SameSite=Strict").contains("Path=/rcs");

    assertThat(bySession(cookie, playPath(recording)).statusCode()).isEqualTo(200);
    server.close();
    startServer();

    HttpResponse<byte[]> afterRestart = bySession(cookie, playPath(recording));
    assertThat(afterRestart.statusCode()).isEqualTo(401);
    assertThat(json(afterRestart).at("/error/message").asString())
        .isEqualTo("RCS is not available");
  }

  private HttpResponse<byte[]> bySession(String cookie, String path) throws Exception {
    return send(HttpRequest.newBuilder(server.uri().resolve(path)).header("Cookie", cookie));
  }

  @Test
  void playback_needsThePrivilegeToDecrypt() throws Exception {
    Recording recording = record(SampleCertificates.FIRST);

    assertThat(send(request("admin", playPath(recording))).statusCode()).isEqualTo(403);
    assertThat(send(HttpRequest.newBuilder(server.uri().resolve(playPath(recording))))
            .statusCode())
        .isEqualTo(401);
  }
}
