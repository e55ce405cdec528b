package dev.tapeseal.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Thrown by a handler or a guard to answer with an error. The client is told all of it, so that it must hold nothing
 * that is secret. It has no stack trace: it is an answer and not a defect.
 */
public final class HttpException extends RuntimeException {
  private final int status;
  private final String code;
  private final String hint;
  private final transient Map<String, String> headers;

  /**
   * Makes an error answer.
   *
   * @param status 400 to 599
   * @param code what programs tell the error by, such as {@code not-found}
   * @param message one sentence: what was wrong
   * @param hint one sentence: what to do about it
   */
  public HttpException(int status, String code, String message, String hint) {
    this(status, code, message, hint, Map.of());
  }

  private HttpException(
      int status, String code, String message, String hint, Map<String, String> headers) {
    super(message, null, false, false);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("error status: " + status + " (expected: 400 to 599)");
    }
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.headers = headers;
  }

  /** The same error with one more header. */
  public HttpException header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpException(status, code, message(), hint, more);
  }

  /** 400 to 599. */
  public int status() {
    return status;
  }

  /** What programs tell the error by. */
  public String code() {
    return code;
  }

  private String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** The answer: {@code {"error":{"code","message","hint"}}}. */
  Response response() {
    Response response = Response.error(status, code, message(), hint);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      response = response.header(header.getKey(), header.getValue());
    }
    return response;
  }

  static HttpException badRequest(String message) {
    return new HttpException(400, "bad-request", message, "Correct the request and send it again.");
  }

  static HttpException busy(String message) {
    return new HttpException(503, "busy", message, "Try again in a moment.")
        .header("Retry-After", "1");
  }
}
