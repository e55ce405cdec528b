package dev.tapeseal.rcs;

import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.http.HttpServer;
import dev.tapeseal.http.LoginListener;
import dev.tapeseal.http.Metrics;
import dev.tapeseal.http.PasswordHash;
import dev.tapeseal.http.PasswordLogin;
import dev.tapeseal.http.User;
import dev.tapeseal.http.UsersFile;
import dev.tapeseal.keystore.KeyLimits;
import dev.tapeseal.keystore.KeyMaterial;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.profile.Provisioning;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.settings.DataFolder;
import dev.tapeseal.store.RecordingStore;
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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A crypto server over a data folder, its users {@code player} and {@code admin}, and a client of it. */
final class RunningRcs implements AutoCloseable {
  final Path folder;
  final RecordingStore store;
  final RecordingKeyStore keys;
  final Provisioning provisioning;
  final UsersFile users;
  final Metrics metrics = new Metrics();
  private final AuditLog audit;
  private final CryptoServer rcs;
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  private RunningRcs(Path folder, Optional<CaBundle> trusted) throws Exception {
    this.folder = folder;
    store = RecordingStore.open(folder.resolve("recordings"));
    try (KeyPassword password = KeyPassword.of("changeit".toCharArray())) {
      keys = RecordingKeyStore.openOrBegin(folder.resolve("keystore.p12"), password);
    }
    users = UsersFile.open(folder.resolve("users"));
    put("player", "secret", CryptoServer.DECRYPT);
    put("admin", "secret", CryptoServer.ADMINISTER_CERTIFICATES);
    provisioning = Provisioning.open(DataFolder.open(folder, Map.of()), trusted);
    audit = AuditLog.open(folder.resolve("audit.log"), Clock.systemUTC());
    rcs =
        CryptoServer.builder(keys, store, provisioning, audit).metrics(metrics).build();
    server = listen();
  }

  static RunningRcs in(Path folder) throws Exception {
    return new RunningRcs(folder, Optional.empty());
  }

  static RunningRcs trusting(CaBundle authorities, Path folder) throws Exception {
    return new RunningRcs(folder, Optional.of(authorities));
  }

  private HttpServer listen() throws IOException {
    PasswordLogin login = new PasswordLogin(users, LoginListener.NOBODY, Clock.systemUTC());
    return HttpServer.builder(rcs.router(login, Clock.systemUTC()))
        .metrics(metrics)
        .start();
  }

  HttpServer server() {
    return server;
  }

  void restart() throws IOException {
    server.close();
    server = listen();
  }

  void put(String user, String password, String privilege) throws IOException {
    PasswordHash hash = PasswordHash.of(password.toCharArray(), new SecureRandom(), 1000);
    users.put(new User(user, hash, Set.of(privilege)));
  }

  void importKey(String alias, SampleIdentity identity) throws Exception {
    try (KeyMaterial material =
        KeyMaterial.read(identity.keyPath(), identity.certificatePath(), null, null)) {
      keys.importKey(alias, material, KeyLimits.NONE);
    }
  }

  List<String> auditLog() throws IOException {
    return Files.readAllLines(folder.resolve("audit.log"));
  }

  /** An answer and its JSON. */
  record Reply(HttpResponse<byte[]> whole) {
    int status() {
      return whole.statusCode();
    }

    byte[] body() {
      return whole.body();
    }

    JsonNode json() {
      return JsonMapper.shared().readTree(body());
    }

    String code() {
      return json().at("/error/code").asString();
    }

    String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }
  }

  HttpRequest.Builder as(String user, String path) {
    String basic =
        Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
    return open(path).header("Authorization", "Basic " + basic);
  }

  private HttpRequest.Builder open(String path) {
    return HttpRequest.newBuilder(server.uri().resolve(path)).timeout(Duration.ofSeconds(60));
  }

  Reply send(HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Reply(answer);
  }

  Reply get(String user, String path) throws Exception {
    return send(as(user, path));
  }

  /** A session: its cookie and its token. */
  record Session(String cookie, String token) {}

  Session login(String user) throws Exception {
    Reply begun = send(open("/rcs/session")
        .POST(HttpRequest.BodyPublishers.ofString(
            "{\"user\":\"" + user + "\",\"password\":\"secret\"}")));
    String cookie = begun.whole().headers().firstValue("Set-Cookie").orElseThrow();
    return new Session(
        cookie.substring(0, cookie.indexOf(';')), begun.json().path("csrfToken").asString());
  }

  HttpRequest.Builder in(Session session, String path) {
    return open(path).header("Cookie", session.cookie()).header("X-CSRF-Token", session.token());
  }

  @Override
  public void close() throws IOException {
    server.close();
    rcs.close();
    audit.close();
    keys.close();
    store.close();
  }
}
