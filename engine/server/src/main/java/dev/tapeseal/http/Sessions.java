package dev.tapeseal.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The sessions of one service, in memory: after a restart there are none. Bounded in number, for all and for each user,
 * whose oldest makes room. Any thread.
 */
public final class Sessions {
  private static final int RANDOM_BYTES = 32;

  private final Settings settings;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> sessions =
      new LinkedHashMap<>(); // guarded by this; by the id's hash

  /**
   * How sessions are kept.
   *
   * @param cookie its name
   * @param path what the cookie is sent to
   * @param idle after which a session that is not used ends
   * @param lifetime after which every session ends
   * @param most sessions at a time
   * @param mostPerUser likewise, of one user
   */
  public record Settings(
      String cookie, String path, Duration idle, Duration lifetime, int most, int mostPerUser) {
    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/_.-]*");

    /** Refuses what cannot stand in a cookie, and what would end every session at once. */
    public Settings {
      if (!COOKIE.matcher(cookie).matches()) {
        throw new IllegalArgumentException(
            "cookie: '" + cookie + "' (expected: letters, digits, '_' and '-')");
      }
      if (!PATH.matcher(path).matches()) {
        throw new IllegalArgumentException(
            "cookie path: '" + path + "' (expected: to begin with '/')");
      }
      if (idle.isNegative() || idle.isZero() || lifetime.compareTo(idle) < 0) {
        throw new IllegalArgumentException("session: " + idle + " idle, " + lifetime
            + " at most (expected: 0 < idle <= lifetime)");
      }
      if (most < 1 || mostPerUser < 1) {
        throw new IllegalArgumentException(
            "sessions: " + most + ", " + mostPerUser + " a user (expected: >= 1)");
      }
    }

    /** Half an hour idle, twelve hours at most, 10,000 sessions, 100 of a user. */
    public static Settings of(String cookie, String path) {
      return new Settings(cookie, path, Duration.ofMinutes(30), Duration.ofHours(12), 10_000, 100);
    }

    /** The same where a session ends after another time without use; the lifetime grows where it is shorter than that. */
    public Settings withIdle(Duration time) {
      return new Settings(
          cookie, path, time, lifetime.compareTo(time) < 0 ? time : lifetime, most, mostPerUser);
    }
  }

  /** Makes an empty store. */
  public Sessions(Settings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Begins a session.
   *
   * @throws HttpException 503 when there are too many
   */
  public synchronized Session begin(Principal principal) {
    Instant now = clock.instant();
    sessions.values().removeIf(session -> isOver(session, now));
    List<Map.Entry<String, Session>> own = sessions.entrySet().stream()
        .filter(entry -> entry.getValue().principal().name().equals(principal.name()))
        .toList();
    if (own.size() >= settings.mostPerUser) {
      sessions.remove(own.get(0).getKey());
    }
    if (sessions.size() >= settings.most) {
      throw HttpException.busy("There are too many sessions.");
    }
    Session session = new Session(randomText(), randomText(), principal, now);
    sessions.put(hash(session.id()), session);
    return session;
  }

  /** The session of an id that still lasts; using it keeps it from ending idle. */
  synchronized Optional<Session> find(String id) {
    Instant now = clock.instant();
    String hash = hash(id);
    Session session = sessions.get(hash);
    if (session == null || isOver(session, now)) {
      sessions.remove(hash);
      return Optional.empty();
    }
    session.used(now);
    return Optional.of(session);
  }

  /** Ends a session. */
  public synchronized void end(Session session) {
    sessions.remove(hash(session.id()));
  }

  /** Ends all sessions of a user. */
  public synchronized void endAll(String userName) {
    sessions.values().removeIf(session -> session.principal().name().equals(userName));
  }

  /** How many there are. */
  public synchronized int count() {
    Instant now = clock.instant();
    sessions.values().removeIf(session -> isOver(session, now));
    return sessions.size();
  }

  /** The response with the session's cookie: HttpOnly, SameSite=Strict, and Secure over TLS. */
  public Response withCookie(Response response, Session session, Request request) {
    return response.header("Set-Cookie", cookie(session.id(), request, ""));
  }

  /** The response that makes the client forget the cookie. */
  public Response withoutCookie(Response response, Request request) {
    return response.header("Set-Cookie", cookie("", request, "; Max-Age=0"));
  }

  private String cookie(String value, Request request, String more) {
    return settings.cookie + "=" + value + "; Path=" + settings.path + "; HttpOnly; SameSite=Strict"
        + (request.secure() ? "; Secure" : "") + more;
  }

  /** The id that a request brings in its cookies; none when it brings two. */
  Optional<String> idOf(Request request) {
    Optional<String> id = Optional.empty();
    for (String header : request.headers("Cookie")) {
      for (String pair : header.split(";", -1)) {
        String cookie = pair.strip();
        if (!cookie.startsWith(settings.cookie + "=")) {
          continue;
        }
        if (id.isPresent()) {
          return Optional.of(""); // one of them is not ours: no session has this id
        }
        id = Optional.of(cookie.substring(settings.cookie.length() + 1));
      }
    }
    return id;
  }

  private boolean isOver(Session session, Instant now) {
    return !session.lastUsed().plus(settings.idle).isAfter(now)
        || !session.created().plus(settings.lifetime).isAfter(now);
  }

  private String randomText() {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Looked up by a hash, so that how long it takes tells nothing of an id. */
  private static String hash(String id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
