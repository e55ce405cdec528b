package dev.tapeseal.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a client that has logged in is known by: a random id in a cookie, and a token that requests which change
 * something must bring along. Any thread.
 */
public final class Session {
  private final String id;
  private final String csrfToken;
  private final Principal principal;
  private final Instant created;
  private final Map<Class<?>, Object> attachments = new ConcurrentHashMap<>();
  private volatile Instant lastUsed;

  Session(String id, String csrfToken, Principal principal, Instant now) {
    this.id = id;
    this.csrfToken = csrfToken;
    this.principal = principal;
    this.created = now;
    this.lastUsed = now;
  }

  String id() {
    return id;
  }

  /** What the client must send as {@link Authentication#CSRF_HEADER} with requests that change something. */
  public String csrfToken() {
    return csrfToken;
  }

  /** Whose session it is. */
  public Principal principal() {
    return principal;
  }

  /** When it began. */
  public Instant created() {
    return created;
  }

  /** Keeps something of a service's own for as long as the session lasts; one of a type. */
  public <T> void attach(Class<T> type, T value) {
    attachments.put(type, type.cast(value));
  }

  /** What was attached. */
  public <T> Optional<T> attachment(Class<T> type) {
    return Optional.ofNullable(attachments.get(type)).map(type::cast);
  }

  Instant lastUsed() {
    return lastUsed;
  }

  void used(Instant now) {
    lastUsed = now;
  }

  boolean hasToken(Optional<String> token) {
    return token.isPresent()
        && MessageDigest.isEqual(
            token.get().getBytes(StandardCharsets.ISO_8859_1),
            csrfToken.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public String toString() {
    return "Session[" + principal.name() + "]";
  }
}
