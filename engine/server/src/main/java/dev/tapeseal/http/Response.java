package dev.tapeseal.http;

import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An answer: a status, headers, and a body that is bytes, a {@link Representation}, or a stream. Immutable; every change
 * gives a new one. {@code Date}, {@code Content-Length}, {@code Connection} and the like are the server's business;
 * {@code Cache-Control: no-store} is added where a handler says nothing else.
 */
public final class Response {
  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7E\\t\\x80-\\xFF]*");

  /** The length of a stream that is not known before it ends. */
  static final long UNKNOWN = -1;

  sealed interface Body {
    final class Bytes implements Body {
      private final byte[] bytes;

      Bytes(byte[] bytes) {
        this.bytes = bytes;
      }

      byte[] bytes() {
        return bytes;
      }
    }

    record Content(Representation representation) implements Body {}

    record Stream(ReadableByteChannel channel, long lengthBytes, Beginning beginning)
        implements Body {}
  }

  /** Whether a stream's first bytes are read before the head is sent, so that their failure can have a status. */
  enum Beginning {
    READ_FIRST,
    SENT_AT_ONCE
  }

  private static final Body EMPTY = new Body.Bytes(new byte[0]);

  private final int status;
  private final List<Map.Entry<String, String>> headers;
  private final Body body;

  private Response(int status, List<Map.Entry<String, String>> headers, Body body) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " (expected: 200 to 599)");
    }
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** An answer without a body. */
  public static Response of(int status) {
    return new Response(status, List.of(), EMPTY);
  }

  /** An answer of bytes that exist. */
  public static Response bytes(int status, String mediaType, byte[] bytes) {
    return new Response(status, List.of(), new Body.Bytes(bytes)).header("Content-Type", mediaType);
  }

  /** An answer of text in UTF-8. */
  public static Response text(int status, String text) {
    return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** An answer of JSON; see {@link Json}. */
  public static Response json(int status, Object value) {
    return bytes(status, "application/json", Json.write(value));
  }

  /** An error as all of ours look: {@code {"error":{"code","message","hint"}}}. */
  public static Response error(int status, String code, String message, String hint) {
    Map<String, String> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", message);
    error.put("hint", hint);
    return json(status, Map.of("error", error));
  }

  /** Content by the request's conditions and ranges: 200, 206, 304, 412 or 416. */
  public static Response content(Representation representation) {
    return new Response(200, List.of(), new Body.Content(representation));
  }

  /** A stream of unknown length; the server closes the channel. When it fails later, the connection is cut. */
  public static Response stream(int status, String mediaType, ReadableByteChannel channel) {
    return new Response(status, List.of(), new Body.Stream(channel, UNKNOWN, Beginning.READ_FIRST))
        .header("Content-Type", mediaType);
  }

  /**
   * A stream of unknown length of which nothing is read before the head is sent: a failure ends in a cut connection, be
   * it at the first byte.
   */
  public static Response streamAtOnce(int status, String mediaType, ReadableByteChannel channel) {
    return new Response(
            status, List.of(), new Body.Stream(channel, UNKNOWN, Beginning.SENT_AT_ONCE))
        .header("Content-Type", mediaType);
  }

  /** A stream whose length is known; when it turns out shorter, the connection is cut. */
  public static Response stream(
      int status, String mediaType, ReadableByteChannel channel, long lengthBytes) {
    if (lengthBytes < 0) {
      throw new IllegalArgumentException("length: " + lengthBytes + " bytes (expected: >= 0)");
    }
    return new Response(
            status, List.of(), new Body.Stream(channel, lengthBytes, Beginning.READ_FIRST))
        .header("Content-Type", mediaType);
  }

  /**
   * The same answer with one more header.
   *
   * @throws IllegalArgumentException for a name that is not a token, or a value with control characters
   */
  public Response header(String name, String value) {
    if (!HEADER_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("header name: '" + name + "' (expected: a token)");
    }
    if (!HEADER_VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "value of header " + name + " (expected: no control characters, Latin-1)");
    }
    List<Map.Entry<String, String>> more = new ArrayList<>(headers);
    more.add(Map.entry(name, value));
    return new Response(status, List.copyOf(more), body);
  }

  /** The status. */
  public int status() {
    return status;
  }

  List<Map.Entry<String, String>> headers() {
    return headers;
  }

  Body body() {
    return body;
  }
}
