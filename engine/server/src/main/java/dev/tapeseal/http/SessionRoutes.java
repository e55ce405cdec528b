package dev.tapeseal.http;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Logging in to a service and out of it: a session that is begun, shown and ended at one path. Safe for any thread. */
public final class SessionRoutes {
  private static final int MAX_CREDENTIALS_BYTES = 4096;

  private final String path;
  private final PasswordLogin login;
  private final Sessions sessions;
  private final Begun begun;

  /** Hears of a session before its client does. */
  @FunctionalInterface
  public interface Begun {
    /** Nothing more is done at a login. */
    Begun NOTHING = session -> {};

    /** A login succeeded. */
    void begun(Session session) throws IOException;
  }

  /**
   * Makes them.
   *
   * @param path below the sessions' cookie path
   * @param sessions those that the service's {@link Authentication} knows
   */
  public SessionRoutes(String path, PasswordLogin login, Sessions sessions, Begun begun) {
    this.path = path;
    this.login = login;
    this.sessions = sessions;
    this.begun = begun;
  }

  /** The routes. */
  public List<Route> routes(Authentication authentication) {
    return List.of(
        Route.post(path).bodyUpTo(MAX_CREDENTIALS_BYTES).handledBy(this::begin),
        Route.get(path)
            .guardedBy(authentication.known())
            .handledBy(request -> Response.json(200, of(request.principal()))),
        Route.delete(path).guardedBy(authentication.known()).handledBy(this::end));
  }

  private Response begin(Request request) throws IOException {
    try (Credentials credentials = request.json(Credentials.class)) {
      Session session = login.begin(credentials, request, sessions);
      begun.begun(session);
      Map<String, Object> answer = of(session.principal());
      answer.put("csrfToken", session.csrfToken());
      return sessions.withCookie(Response.json(201, answer), session, request);
    }
  }

  private static Map<String, Object> of(Principal principal) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("user", principal.name());
    answer.put("privileges", new TreeSet<>(principal.privileges()));
    return answer;
  }

  private Response end(Request request) {
    request.session().ifPresent(sessions::end);
    return sessions.withoutCookie(Response.of(204), request);
  }
}
