package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of one connection, one after the other, out of the bytes that came so far, and refuses everything
 * that two readers could understand differently (RFC 9112 sections 2.2, 3, 5, 6 and 7): lines end in CRLF alone, a header
 * line stands on one line with no space before its colon, a length or a coding or a host is there once, and a length not
 * beside a coding. Chunk extensions, which nobody uses and smugglers do, are refused too.
 *
 * <p>After a refusal it is of no more use: where the request ends is not known. Confined to one thread.
 */
final class RequestParser {
  private static final Pattern REQUEST_LINE =
      Pattern.compile("([A-Za-z0-9!#$%&'*+.^_`|~-]+) ([\\x21-\\x7E]+) HTTP/([0-9])\\.([0-9])");
  private static final Pattern FIELD =
      Pattern.compile("([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \\t]*([\\x20-\\x7E\\t\\x80-\\xFF]*)");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,15}");
  private static final Pattern CODINGS_THEN_CHUNKED =
      Pattern.compile("(?i)(?!chunked\\b)([A-Za-z0-9-]+[ \\t]*,[ \\t]*)+chunked");
  private static final int MAX_CHUNK_LINE_BYTES = 17;
  private static final int MAX_EMPTY_LINES = 8;

  private enum State {
    REQUEST_LINE,
    FIELDS,
    /** Bytes of a body whose length is known, {@link #remaining} of them. */
    LENGTH,
    CHUNK_SIZE,
    /** Bytes of a chunk, {@link #remaining} of them. */
    CHUNK,
    CHUNK_END,
    TRAILERS,
    END
  }

  private final HttpLimits.Heads limits;
  private State state = State.REQUEST_LINE;
  private @Nullable HttpRequest request;
  private int scannedBytes; // of an unfinished line: known to hold no LF
  private int emptyLines;
  private int fieldBytes;
  private int fields;
  private long remaining;

  RequestParser(HttpLimits.Heads limits) {
    this.limits = limits;
  }

  /**
   * Takes the lines that are there, and gives the request when its head is complete; null before that.
   *
   * @throws HttpException 400, 414, 417, 431, 501 or 505 for a head that is refused
   */
  @Nullable
  HttpRequest head(ByteBuf in) {
    if (state == State.END) {
      startOver();
    }
    while (true) {
      HttpRequest begun = request;
      String line = begun == null
          ? line(in, limits.requestLineBytes(), RequestParser::tooLongLine)
          : line(in, limits.headerBytes() - fieldBytes, RequestParser::tooLargeHeaders);
      if (line == null) {
        return null;
      }
      if (begun == null) {
        if (!line.isEmpty()) {
          request = requestLine(line);
          state = State.FIELDS;
        } else if (++emptyLines > MAX_EMPTY_LINES) { // RFC 9112 section 2.2 allows some
          throw HttpException.badRequest("Empty lines come instead of a request.");
        }
      } else if (line.isEmpty()) {
        finish(begun);
        return begun;
      } else {
        field(line, begun.headers());
      }
    }
  }

  /** Whether all of the request's body was taken. */
  boolean bodyEnded() {
    return state == State.END;
  }

  /**
   * The next bytes of the body that are there, at most so many; null when there are none. They are of {@code in} and last
   * as long as it does.
   *
   * @throws HttpException 400 for a body that is not framed as it must be, 431 for endless trailers
   */
  @Nullable
  ByteBuf body(ByteBuf in, int maxBytes) {
    while (true) {
      switch (state) {
        case LENGTH, CHUNK -> {
          int count = (int) Math.min(remaining, Math.min(maxBytes, in.readableBytes()));
          if (count == 0) {
            return null;
          }
          remaining -= count;
          if (remaining == 0) {
            state = state == State.CHUNK ? State.CHUNK_END : State.END;
          }
          return in.readSlice(count);
        }
        case CHUNK_END -> {
          String line = line(in, 2, RequestParser::badFraming);
          if (line == null) {
            return null;
          }
          state = State.CHUNK_SIZE;
        }
        case CHUNK_SIZE -> {
          String line = line(in, MAX_CHUNK_LINE_BYTES, RequestParser::badFraming);
          if (line == null) {
            return null;
          }
          if (!CHUNK_SIZE.matcher(line).matches()) {
            throw badFraming();
          }
          remaining = Long.parseLong(line, 16);
          state = remaining == 0 ? State.TRAILERS : State.CHUNK;
        }
        case TRAILERS -> {
          String line = line(in, limits.headerBytes() - fieldBytes, RequestParser::tooLargeHeaders);
          if (line == null) {
            return null;
          }
          if (line.isEmpty()) {
            state = State.END;
          } else if (!FIELD.matcher(line).matches()) { // what they say is not wanted
            throw badFraming();
          }
        }
        case REQUEST_LINE, FIELDS, END -> {
          return null;
        }
      }
    }
  }

  private void startOver() {
    state = State.REQUEST_LINE;
    request = null;
    emptyLines = 0;
    fieldBytes = 0;
    fields = 0;
  }

  private interface TooLong {
    HttpException error();
  }

  /** The next line without its CRLF, or null when it is not all there. */
  private @Nullable String line(ByteBuf in, int maxBytes, TooLong tooLong) {
    int start = in.readerIndex();
    int end = in.indexOf(start + scannedBytes, in.writerIndex(), (byte) '\n');
    int length = (end < 0 ? in.writerIndex() : end + 1) - start;
    if (length > maxBytes) {
      throw tooLong.error();
    }
    if (end < 0) {
      scannedBytes = length;
      return null;
    }
    scannedBytes = 0;
    if (state == State.FIELDS || state == State.TRAILERS) {
      fieldBytes += length;
    }
    if (length < 2 || in.getByte(end - 1) != '\r') {
      throw HttpException.badRequest("A line does not end in CRLF.");
    }
    String line = in.toString(start, length - 2, StandardCharsets.ISO_8859_1);
    in.readerIndex(end + 1);
    return line;
  }

  private static HttpRequest requestLine(String line) {
    Matcher parts = REQUEST_LINE.matcher(line);
    if (!parts.matches()) {
      throw HttpException.badRequest("The request line is not a method, a target and a version.");
    }
    boolean old = parts.group(4).equals("0");
    if (!parts.group(3).equals("1") || !(old || parts.group(4).equals("1"))) {
      throw new HttpException(
          505, "version-not-supported", "This HTTP version is not spoken here.", "Use HTTP/1.1.");
    }
    return new DefaultHttpRequest(
        old ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1,
        HttpMethod.valueOf(parts.group(1)),
        parts.group(2),
        DefaultHttpHeadersFactory.headersFactory().withValidation(false)); // validated here
  }

  private void field(String line, HttpHeaders headers) {
    if (++fields > limits.headerFields()) {
      throw tooLargeHeaders();
    }
    Matcher parts = FIELD.matcher(line);
    if (!parts.matches()) {
      throw HttpException.badRequest("A header line is folded, or not a name and a value.");
    }
    headers.add(parts.group(1), parts.group(2).stripTrailing());
  }

  /** Checks what the fields say of the message itself, and how its body is framed. */
  private void finish(HttpRequest head) {
    boolean old = head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    HttpHeaders headers = head.headers();
    String host = only(headers, "Host");
    if (host != null) {
      RequestTarget.requireAuthority(host);
    } else if (!old) {
      throw HttpException.badRequest("There is no Host.");
    }
    String length = only(headers, "Content-Length");
    String coding = only(headers, "Transfer-Encoding");
    if (coding != null) {
      if (old || length != null) {
        throw HttpException.badRequest(
            "There is a Transfer-Encoding in HTTP/1.0, or beside a Content-Length.");
      }
      requireChunked(coding);
      state = State.CHUNK_SIZE;
    } else if (length != null) {
      if (!LENGTH.matcher(length).matches()) {
        throw HttpException.badRequest("The Content-Length is not one number.");
      }
      remaining = Long.parseLong(length);
      state = remaining == 0 ? State.END : State.LENGTH;
    } else {
      state = State.END;
    }
    String expect = headers.get(HttpHeaderNames.EXPECT);
    if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
      throw new HttpException(
          417,
          "expectation-failed",
          "This expectation is not understood.",
          "Expect 100-continue, or nothing.");
    }
  }

  private static void requireChunked(String coding) {
    if (CODINGS_THEN_CHUNKED.matcher(coding).matches()) {
      throw new HttpException(
          501,
          "coding-not-supported",
          "This transfer coding is not understood.",
          "Send chunked, or a length.");
    }
    if (!coding.equalsIgnoreCase("chunked")) {
      throw HttpException.badRequest("The Transfer-Encoding is not 'chunked'.");
    }
  }

  private static @Nullable String only(HttpHeaders headers, String name) {
    List<String> values = headers.getAll(name);
    if (values.size() > 1) {
      throw HttpException.badRequest("There is more than one " + name + ".");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  private static HttpException badFraming() {
    return HttpException.badRequest("The body is not framed as HTTP/1.1 has it.");
  }

  private static HttpException tooLongLine() {
    return new HttpException(
        414, "target-too-long", "The request line is too long.", "Shorten the path or the query.");
  }

  private static HttpException tooLargeHeaders() {
    return new HttpException(
        431, "headers-too-large", "The headers are too large.", "Send fewer or shorter ones.");
  }
}
