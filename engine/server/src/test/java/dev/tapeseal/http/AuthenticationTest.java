package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Basic and session authentication, privileges, tokens and the lock-out; over real sockets. */
class AuthenticationTest {
  private static final String PASSWORD = "correct: horse, bättery";

  @TempDir
  Path folder;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-02T03:04:05Z"));
  private final List<String> audit = Collections.synchronizedList(new ArrayList<>());
  private UsersFile users;
  private HttpServer server;

  private final class SetClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("UTC alone");
    }

    @Override
    public Instant instant() {
      return now.get();
    }
  }

  @BeforeEach
  void start() throws IOException {
    Clock clock = new SetClock();
    users = UsersFile.open(folder.resolve("users"));
    add("ops", "administer", "decrypt");
    add("player", "decrypt");
    PasswordLogin login =
        new PasswordLogin(users, (outcome, name, from) -> audit.add(outcome + " " + name), clock);
    Sessions sessions = new Sessions(Sessions.Settings.of("tapeseal", "/rcs"), clock);
    Authentication authentication =
        new Authentication("RCS", login, sessions, "RCS is not available");
    server = HttpServer.builder(Router.of(
            Route.get("/rcs/me")
                .guardedBy(authentication.known())
                .handledBy(request -> Response.text(200, request.principal().name())),
            Route.post("/rcs/change")
                .guardedBy(authentication.requires("administer"))
                .bodyUpTo(100)
                .handledBy(request -> Response.of(204)),
            Route.post("/rcs/session").bodyUpTo(1000).handledBy(request -> {
              try (Credentials credentials = request.json(Credentials.class)) {
                Session session = sessions.begin(login.login(credentials, request));
                return sessions.withCookie(
                    Response.json(201, Map.of("csrfToken", session.csrfToken())), session, request);
              }
            }),
            Route.delete("/rcs/session").guardedBy(authentication.known()).handledBy(request -> {
              request.session().ifPresent(sessions::end);
              return sessions.withoutCookie(Response.of(204), request);
            })))
        .start();
  }

  private void add(String name, String... privileges) throws IOException {
    PasswordHash hash = PasswordHash.of(PASSWORD.toCharArray(), new SecureRandom(), 1000);
    users.put(new User(name, hash, Set.of(privileges)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String basic(String name, String password) {
    byte[] credentials = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(credentials) + "\r\n";
  }

  private RawClient.Reply send(String method, String path, String headerLines, String body)
      throws IOException {
    try (RawClient client = RawClient.of(server)) {
      return client
          .send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headerLines
              + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body)
          .reply();
    }
  }

  private record LoggedIn(String cookie, String token) {
    String cookieLine() {
      return "Cookie: other=1; " + cookie + "\r\n";
    }

    String tokenLine() {
      return "X-CSRF-Token: " + token + "\r\n";
    }
  }

  private LoggedIn logIn(String name) throws IOException {
    String body = "{\"user\":\"" + name + "\",\"password\":\"correct: horse, b\\u00e4ttery\"}";
    RawClient.Reply reply = send("POST", "/rcs/session", "", body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    String cookie = reply.header("Set-Cookie").orElseThrow();
    assertThat(cookie).matches("tapeseal=[A-Za-z0-9_-]{43}; Path=/rcs; HttpOnly; SameSite=Strict");
    String token = reply.text().replaceAll(".*\"csrfToken\":\"([^\"]+)\".*", "$1");
    return new LoggedIn(cookie.substring(0, cookie.indexOf(';')), token);
  }

  @Test
  void basic_admitsWithTheRightPassword() throws IOException {
    assertThat(send("GET", "/rcs/me", basic("player", PASSWORD), "").text()).isEqualTo("player");
    assertThat(audit).containsExactly("ADMITTED player");
  }

  @Test
  void whoIsNotKnown_is401_withAChallenge_andLearnsNotWhichItWas() throws IOException {
    RawClient.Reply none = send("GET", "/rcs/me", "", "");
    assertThat(none.status()).isEqualTo(401);
    assertThat(none.header("WWW-Authenticate")).contains("Basic realm=\"RCS\", charset=\"UTF-8\"");
    assertThat(none.text()).contains("\"code\":\"not-authenticated\"");

    RawClient.Reply wrong = send("GET", "/rcs/me", basic("player", "wrong"), "");
    RawClient.Reply nobody = send("GET", "/rcs/me", basic("nobody", "wrong"), "");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(nobody.text()).isEqualTo(wrong.text());
  }

  @Test
  void credentialsThatAreNone_are401() throws IOException {
    for (String credentials :
        List.of("Basic", "Basic !", "Basic cGxheWVy", "Bearer x", "Basic /w==")) {
      assertThat(send("GET", "/rcs/me", "Authorization: " + credentials + "\r\n", "")
              .status())
          .as(credentials)
          .isEqualTo(401);
    }
    assertThat(send("GET", "/rcs/me", basic("player", PASSWORD) + basic("player", PASSWORD), "")
            .status())
        .isEqualTo(401);
  }

  @Test
  void whoLacksThePrivilege_is403() throws IOException {
    assertThat(send("POST", "/rcs/change", basic("ops", PASSWORD), "x").status())
        .isEqualTo(204);
    assertThat(send("POST", "/rcs/change", basic("player", PASSWORD), "x").status())
        .isEqualTo(403);
  }

  @Test
  void session_admitsByItsCookie_andChangesByItsToken() throws IOException {
    LoggedIn ops = logIn("ops");

    assertThat(send("GET", "/rcs/me", ops.cookieLine(), "").text()).isEqualTo("ops");
    assertThat(send("POST", "/rcs/change", ops.cookieLine(), "x").status()).isEqualTo(403);
    assertThat(send("POST", "/rcs/change", ops.cookieLine() + "X-CSRF-Token: x\r\n", "x")
            .status())
        .isEqualTo(403);
    assertThat(
            send("POST", "/rcs/change", ops.cookieLine() + ops.tokenLine(), "x").status())
        .isEqualTo(204);
  }

  @Test
  void sessionThatEnded_is401_inTheServicesWords() throws IOException {
    LoggedIn ops = logIn("ops");
    RawClient.Reply bye = send("DELETE", "/rcs/session", ops.cookieLine() + ops.tokenLine(), "");
    assertThat(bye.status()).isEqualTo(204);
    assertThat(bye.header("Set-Cookie"))
        .contains("tapeseal=; Path=/rcs; HttpOnly; SameSite=Strict; Max-Age=0");

    RawClient.Reply after = send("GET", "/rcs/me", ops.cookieLine(), "");

    assertThat(after.status()).isEqualTo(401);
    assertThat(after.text()).contains("RCS is not available");
  }

  @Test
  void session_endsIdle_andInTheEndAnyway() throws IOException {
    LoggedIn idle = logIn("ops");
    LoggedIn busy = logIn("ops");
    for (int minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      now.updateAndGet(time -> time.plus(Duration.ofMinutes(20)));
      assertThat(send("GET", "/rcs/me", busy.cookieLine(), "").status()).isEqualTo(200);
    }
    assertThat(send("GET", "/rcs/me", idle.cookieLine(), "").status()).isEqualTo(401);
    now.updateAndGet(time -> time.plus(Duration.ofMinutes(20)));
    assertThat(send("GET", "/rcs/me", busy.cookieLine(), "").status()).isEqualTo(401);
  }

  @Test
  void pageOfAnotherSite_cannotUseTheBrowsersPassword() throws IOException {
    String cross = basic("ops", PASSWORD) + "Sec-Fetch-Site: cross-site\r\n";

    assertThat(send("POST", "/rcs/change", cross, "x").status()).isEqualTo(403);
  }

  @Test
  void credentialsThatLackSomething_are400() throws IOException {
    for (String body : List.of("{}", "{\"user\":\"ops\"}", "{\"password\":\"x\"}", "[]", "7")) {
      assertThat(send("POST", "/rcs/session", "", body).status()).as(body).isEqualTo(400);
    }
  }

  @Test
  void twoCookies_areNone() throws IOException {
    LoggedIn ops = logIn("ops");

    assertThat(send("GET", "/rcs/me", ops.cookieLine() + ops.cookieLine(), "").status())
        .isEqualTo(401);
  }

  @Test
  void refusedRequest_isRefusedBeforeItsBodyIsRead() throws IOException {
    try (RawClient client = RawClient.of(server)) {
      client.send(
          "POST /rcs/change HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");

      assertThat(client.reply().status()).isEqualTo(401);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void thousandsOfGuesses_evaluateAtMostTwenty() throws Exception {
    ExecutorService guessers = Executors.newFixedThreadPool(16);
    List<Future<Integer>> answers = new ArrayList<>();
    for (int g = 0; g < 16; g++) {
      int first = g * 625;
      answers.add(guessers.submit(() -> guess(first, 625)));
    }
    int locked = 0;
    for (Future<Integer> answer : answers) {
      locked += answer.get();
    }
    guessers.shutdown();

    assertThat(audit.stream().filter(line -> line.startsWith("REFUSED")).count())
        .isBetween(1L, 20L);
    assertThat(locked).isGreaterThan(9_900);
    assertThat(audit).noneMatch(line -> line.startsWith("ADMITTED"));
  }

  private int guess(int first, int count) throws IOException {
    int locked = 0;
    try (RawClient client = RawClient.of(server)) {
      for (int i = first; i < first + count; i++) {
        String name = i % 3 == 0 ? "ops" : "user" + i;
        RawClient.Reply reply = client.get("/rcs/me", basic(name, "guess" + i)).reply();
        assertThat(reply.status()).isIn(401, 429, 503);
        if (reply.status() == 429) {
          locked++;
          assertThat(reply.header("Retry-After")).isPresent();
        }
      }
    }
    return locked;
  }

  @Test
  void nameThatIsLocked_isOpenAgain_afterAMinute() throws IOException {
    for (int i = 0; i < PasswordLogin.FAILURES_PER_NAME; i++) {
      assertThat(send("GET", "/rcs/me", basic("ops", "guess" + i), "").status()).isEqualTo(401);
    }
    assertThat(send("GET", "/rcs/me", basic("ops", PASSWORD), "").status()).isEqualTo(429);
    assertThat(send("GET", "/rcs/me", basic("player", PASSWORD), "").status()).isEqualTo(200);

    now.updateAndGet(time -> time.plus(Duration.ofSeconds(61)));

    assertThat(send("GET", "/rcs/me", basic("ops", PASSWORD), "").status()).isEqualTo(200);
  }

  @Test
  void passwordThatChanges_isAskedForAtOnce() throws IOException {
    assertThat(send("GET", "/rcs/me", basic("ops", PASSWORD), "").status()).isEqualTo(200);

    users.put(
        new User("ops", PasswordHash.of("new".toCharArray(), new SecureRandom(), 1000), Set.of()));

    assertThat(send("GET", "/rcs/me", basic("ops", PASSWORD), "").status()).isEqualTo(401);
    assertThat(send("GET", "/rcs/me", basic("ops", "new"), "").status()).isEqualTo(200);
    users.remove("ops");
    assertThat(send("GET", "/rcs/me", basic("ops", "new"), "").status()).isEqualTo(401);
  }
}
