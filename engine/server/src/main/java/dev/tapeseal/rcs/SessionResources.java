package dev.tapeseal.rcs;

import dev.tapeseal.http.Authentication;
import dev.tapeseal.http.Credentials;
import dev.tapeseal.http.PasswordLogin;
import dev.tapeseal.http.Request;
import dev.tapeseal.http.Response;
import dev.tapeseal.http.Route;
import dev.tapeseal.http.Session;
import dev.tapeseal.http.Sessions;
import dev.tapeseal.keystore.RecordingKeyStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Logging in and out. */
final class SessionResources {
  private static final String PATH = "/rcs/session";
  private static final int MAX_CREDENTIALS_BYTES = 4096;

  private final RecordingKeyStore keys;
  private final PasswordLogin login;
  private final Sessions sessions;

  SessionResources(RecordingKeyStore keys, PasswordLogin login, Sessions sessions) {
    this.keys = keys;
    this.login = login;
    this.sessions = sessions;
  }

  List<Route> routes(Authentication authentication) {
    return List.of(
        Route.post(PATH).bodyUpTo(MAX_CREDENTIALS_BYTES).handledBy(this::begin),
        Route.get(PATH)
            .guardedBy(authentication.known())
            .handledBy(request -> Response.json(200, of(request))),
        Route.delete(PATH).guardedBy(authentication.known()).handledBy(this::end));
  }

  private Response begin(Request request) throws IOException {
    try (Credentials credentials = request.json(Credentials.class)) {
      Session session = login.begin(credentials, request, sessions);
      KnownCertificates.remember(session, keys);
      Map<String, Object> answer =
          of(session.principal().name(), session.principal().privileges());
      answer.put("csrfToken", session.csrfToken());
      return sessions.withCookie(Response.json(201, answer), session, request);
    }
  }

  private static Map<String, Object> of(Request request) {
    return of(request.principal().name(), request.principal().privileges());
  }

  private static Map<String, Object> of(String user, Iterable<String> privileges) {
    TreeSet<String> sorted = new TreeSet<>();
    privileges.forEach(sorted::add);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("user", user);
    answer.put("privileges", sorted);
    return answer;
  }

  private Response end(Request request) {
    request.session().ifPresent(sessions::end);
    return sessions.withoutCookie(Response.of(204), request);
  }
}
