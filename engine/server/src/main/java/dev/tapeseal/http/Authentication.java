package dev.tapeseal.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Lets in whoever logs in by HTTP Basic (RFC 7617) or has a session. A request in a session that changes something must
 * bring the session's token; one by Basic that changes something must not come from a page of another site, whose
 * browser would send the password unasked. Any thread but an event loop.
 */
public final class Authentication {
  /** The header that brings {@link Session#csrfToken}. */
  public static final String CSRF_HEADER = "X-CSRF-Token";

  private static final String BASIC = "Basic ";

  private final String realm;
  private final PasswordLogin login;
  private final Sessions sessions;
  private final String unknownSessionMessage;

  /**
   * Makes one.
   *
   * @param realm what Basic names it to the user
   * @param unknownSessionMessage what a client learns whose session is over or from before a restart
   */
  public Authentication(
      String realm, PasswordLogin login, Sessions sessions, String unknownSessionMessage) {
    if (!realm.matches("[A-Za-z0-9 ._-]{1,64}")) {
      throw new IllegalArgumentException(
          "realm: '" + realm + "' (expected: letters, digits, spaces, '.', '_', '-')");
    }
    this.realm = realm;
    this.login = login;
    this.sessions = sessions;
    this.unknownSessionMessage = unknownSessionMessage;
  }

  /** Lets in everybody who is known. */
  public Guard known() {
    return this::admit;
  }

  /** Lets in who holds one of these privileges; others are answered 403. */
  public Guard requires(String... anyOfThese) {
    List<String> privileges = List.of(anyOfThese);
    return request -> {
      Guard.Admission admission = admit(request);
      Principal principal = admission.principal().orElseThrow();
      if (privileges.stream().noneMatch(principal::has)) {
        throw new HttpException(
            403,
            "not-permitted",
            "You lack the privilege for this.",
            "Ask for one of: " + privileges + ".");
      }
      return admission;
    };
  }

  private Guard.Admission admit(Request request) throws IOException {
    List<String> authorization = request.headers("Authorization");
    if (!authorization.isEmpty()) {
      requireOwnSite(request);
      return new Guard.Admission(Optional.of(basic(request, authorization)), Optional.empty());
    }
    String id = sessions
        .idOf(request)
        .orElseThrow(
            () -> unknown("You are not logged in.", "Log in, or send a user name and a password."));
    Session session = sessions
        .find(id)
        .orElseThrow(() -> unknown(unknownSessionMessage, "Log out, and log in again."));
    if (!login.stands(session)) {
      sessions.endAll(session.principal().name());
      throw unknown(unknownSessionMessage, "Log out, and log in again.");
    }
    if (!request.method().isSafe() && !session.hasToken(request.header(CSRF_HEADER))) {
      throw new HttpException(
          403,
          "csrf-token-missing",
          "The request lacks the session's token.",
          "Send it as " + CSRF_HEADER + ".");
    }
    return new Guard.Admission(Optional.of(session.principal()), Optional.of(session));
  }

  /** RFC 7617: {@code Basic} and, in base64, name, colon, password in UTF-8. */
  private Principal basic(Request request, List<String> authorization) throws IOException {
    String header = authorization.get(0);
    if (authorization.size() > 1 || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      throw unknown("This authentication is not understood.", "Use HTTP Basic.");
    }
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
    } catch (IllegalArgumentException e) {
      throw unknown("The credentials are not base64.", "Send them as RFC 7617 has it.");
    }
    int colon = 0;
    while (colon < decoded.length && decoded[colon] != ':') {
      colon++;
    }
    char[] password = new char[0];
    try {
      if (colon == decoded.length) {
        throw unknown("The credentials have no colon.", "Send them as RFC 7617 has it.");
      }
      String name = new String(decoded, 0, colon, StandardCharsets.UTF_8);
      password = characters(decoded, colon + 1);
      return login.login(name, password, request.remoteAddress().getAddress());
    } catch (HttpException e) {
      throw e.status() == 401 ? e.header("WWW-Authenticate", challenge()) : e;
    } finally {
      Arrays.fill(decoded, (byte) 0);
      Arrays.fill(password, '\0');
    }
  }

  private char[] characters(byte[] bytes, int from) {
    try {
      CharBuffer decoded = StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, bytes.length - from));
      char[] characters = new char[decoded.remaining()];
      decoded.get(characters);
      Arrays.fill(decoded.array(), '\0');
      return characters;
    } catch (CharacterCodingException e) {
      throw new HttpException(
          401, "not-authenticated", "The password is not UTF-8.", "Send it as RFC 7617 has it.");
    }
  }

  private static void requireOwnSite(Request request) {
    String site = request.header("Sec-Fetch-Site").orElse("none");
    if (!request.method().isSafe() && !site.equals("none") && !site.equals("same-origin")) {
      throw new HttpException(
          403,
          "cross-site",
          "The request comes from a page of another site.",
          "Send it from a page of this one.");
    }
  }

  private HttpException unknown(String message, String hint) {
    return new HttpException(401, "not-authenticated", message, hint)
        .header("WWW-Authenticate", challenge());
  }

  private String challenge() {
    return "Basic realm=\"" + realm + "\", charset=\"UTF-8\"";
  }
}
