package dev.tapeseal.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is wrong with a head that was decoded: RFC 9112 sections 2.3, 3.2, 6.1 and 6.2. */
final class RequestCheck {
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private RequestCheck() {}

  /** The error to answer before the connection is closed, if any. */
  static Optional<HttpException> fault(HttpRequest head) {
    if (head.decoderResult().isFailure()) {
      return Optional.of(decoding(head.decoderResult().cause()));
    }
    HttpVersion version = head.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      return Optional.of(new HttpException(
          505, "version-not-supported", "This HTTP version is not spoken here.", "Use HTTP/1.1."));
    }
    String host = head.headers().get(HttpHeaderNames.HOST);
    if (host == null && version.equals(HttpVersion.HTTP_1_1)) {
      return Optional.of(HttpException.badRequest("There is no Host."));
    }
    if (host != null) {
      try {
        RequestTarget.requireAuthority(host);
      } catch (HttpException e) {
        return Optional.of(e);
      }
    }
    return framing(head);
  }

  private static Optional<HttpException> framing(HttpRequest head) {
    String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    String coding = head.headers().get(HttpHeaderNames.TRANSFER_ENCODING);
    if (length != null && (coding != null || !LENGTH.matcher(length).matches())) {
      return Optional.of(
          HttpException.badRequest("The Content-Length is not one number that stands alone."));
    }
    if (coding != null && !coding.equalsIgnoreCase("chunked")) {
      return Optional.of(new HttpException(
          501,
          "coding-not-supported",
          "This transfer coding is not understood.",
          "Send chunked, or a length."));
    }
    String expect = head.headers().get(HttpHeaderNames.EXPECT);
    if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
      return Optional.of(new HttpException(
          417,
          "expectation-failed",
          "This expectation is not understood.",
          "Expect 100-continue, or nothing."));
    }
    return Optional.empty();
  }

  private static HttpException decoding(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return new HttpException(
          414,
          "target-too-long",
          "The request line is too long.",
          "Shorten the path or the query.");
    }
    if (cause instanceof TooLongHttpHeaderException
        || cause instanceof StrictRequestDecoder.TooManyFields) {
      return new HttpException(
          431, "headers-too-large", "The headers are too large.", "Send fewer or shorter ones.");
    }
    if (cause instanceof StrictRequestDecoder.BadHead bad && bad.getMessage() != null) {
      return HttpException.badRequest(bad.getMessage());
    }
    return HttpException.badRequest("This is not an HTTP/1.1 request.");
  }
}
