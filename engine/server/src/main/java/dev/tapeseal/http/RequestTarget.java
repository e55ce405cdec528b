package dev.tapeseal.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The request target of RFC 9112 section 3.2, decoded once: origin form, or absolute form of http and https. Refuses
 * what a path could leave its folder by: dot segments, encoded or not, backslashes, control characters, malformed UTF-8.
 *
 * @param path as it was sent
 * @param segments the path's decoded segments; one that holds a slash was sent with {@code %2F}
 * @param query decoded as {@code application/x-www-form-urlencoded}
 */
record RequestTarget(String path, List<String> segments, Map<String, List<String>> query) {
  private static final int MAX_QUERY_PARAMETERS = 100;
  private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?#]+)(.*)");

  /** Letters, digits, '-', '.', '_', or an IPv6 address in brackets; then perhaps a port. */
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{0,5})?");

  static RequestTarget parse(String target) {
    String pathAndQuery = target;
    Matcher absolute = ABSOLUTE.matcher(target);
    if (absolute.matches()) {
      requireAuthority(absolute.group(1));
      String rest = absolute.group(2);
      pathAndQuery = rest.startsWith("/") ? rest : "/" + rest;
    }
    if (!pathAndQuery.startsWith("/") || pathAndQuery.indexOf('#') >= 0) {
      throw HttpException.badRequest("The request target is not a path.");
    }
    int question = pathAndQuery.indexOf('?');
    String path = question < 0 ? pathAndQuery : pathAndQuery.substring(0, question);
    String query = question < 0 ? "" : pathAndQuery.substring(question + 1);
    return new RequestTarget(path, segmentsOf(path), queryOf(query));
  }

  static void requireAuthority(String authority) {
    if (!AUTHORITY.matcher(authority).matches()) {
      throw HttpException.badRequest(
          "The host is not a host name or an address, with a port or without.");
    }
  }

  private static List<String> segmentsOf(String path) {
    List<String> segments = new ArrayList<>();
    for (String raw : path.substring(1).split("/", -1)) {
      String segment = decode(raw, "path");
      for (String part : segment.split("/", -1)) {
        if (part.equals(".") || part.equals("..")) {
          throw HttpException.badRequest("The path holds a dot segment.");
        }
      }
      if (segment.indexOf('\\') >= 0 || segment.chars().anyMatch(Character::isISOControl)) {
        throw HttpException.badRequest("The path holds a backslash or a control character.");
      }
      segments.add(segment);
    }
    return List.copyOf(segments);
  }

  private static Map<String, List<String>> queryOf(String query) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (query.isEmpty()) {
      return parameters;
    }
    String[] pairs = query.split("&", MAX_QUERY_PARAMETERS + 1);
    if (pairs.length > MAX_QUERY_PARAMETERS) {
      throw HttpException.badRequest(
          "The query has more than " + MAX_QUERY_PARAMETERS + " parameters.");
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters
          .computeIfAbsent(decode(name.replace('+', ' '), "query"), unused -> new ArrayList<>())
          .add(decode(value.replace('+', ' '), "query"));
    }
    return parameters;
  }

  /** Percent-decoding, once; what it gives must be UTF-8 without NUL. */
  private static String decode(String text, String where) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = hexAt(text, i + 1);
        int low = hexAt(text, i + 2);
        if (high < 0 || low < 0) {
          throw HttpException.badRequest(
              "The " + where + " holds a '%' without two hexadecimal digits.");
        }
        bytes[length++] = (byte) ((high << 4) | low);
        i += 2;
      } else {
        bytes[length++] = (byte) c;
      }
    }
    try {
      String decoded = StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
      if (decoded.indexOf('\0') >= 0) {
        throw HttpException.badRequest("The " + where + " holds a NUL.");
      }
      return decoded;
    } catch (CharacterCodingException e) {
      throw HttpException.badRequest("The " + where + " is not UTF-8.");
    }
  }

  private static int hexAt(String text, int index) {
    return index < text.length() ? Character.digit(text.charAt(index), 16) : -1;
  }
}
