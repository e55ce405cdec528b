package dev.tapeseal.http;

import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Makes answers of responses: conditions and ranges are decided here, and content is opened. On a worker thread. */
final class Answers {
  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;
  private static final int NOT_MODIFIED = 304;

  private Answers() {}

  /**
   * Makes an answer ready.
   *
   * @throws HttpException 412 and 416
   * @throws IOException when content cannot be opened, or its first bytes not read
   */
  static Answer prepare(Request request, Response response, ByteBufAllocator allocator, Instant now)
      throws IOException {
    if (response.body() instanceof Response.Body.Bytes body) {
      return Answer.ofBytes(response.status(), response.headers(), body.bytes());
    }
    if (response.body() instanceof Response.Body.Stream body) {
      ReadableByteChannel channel =
          body.lengthBytes() < 0 ? body.channel() : exactly(body.channel(), body.lengthBytes());
      if (request.method() == Method.HEAD) {
        channel.close();
        return new Answer(
            response.status(),
            response.headers(),
            body.lengthBytes(),
            Answer.NO_BYTES,
            Answer.NOTHING);
      }
      if (body.beginning() == Response.Beginning.SENT_AT_ONCE) {
        return new Answer(
            response.status(), response.headers(), body.lengthBytes(), Answer.NO_BYTES, channel);
      }
      return Answer.opening(
          response.status(), response.headers(), body.lengthBytes(), channel, allocator);
    }
    return content(
        request,
        response,
        ((Response.Body.Content) response.body()).representation(),
        allocator,
        now);
  }

  private static Answer content(
      Request request,
      Response response,
      Representation content,
      ByteBufAllocator allocator,
      Instant now)
      throws IOException {
    List<Map.Entry<String, String>> headers = new ArrayList<>(response.headers());
    content.entityTag().ifPresent(tag -> headers.add(Map.entry("ETag", tag)));
    content
        .lastModified()
        .ifPresent(time -> headers.add(Map.entry("Last-Modified", HttpDates.format(time))));
    long length = content.lengthBytes();

    RangeHeader.Selection selection = new RangeHeader.Selection.Whole();
    switch (Preconditions.evaluate(request, content, now)) {
      case FAILED ->
        throw new HttpException(
            412,
            "precondition-failed",
            "The content is not the version that the request names.",
            "Ask for it anew.");
      case NOT_MODIFIED -> {
        return Answer.ofBytes(NOT_MODIFIED, headers, new byte[0]);
      }
      case PROCEED_WHOLE -> {}
      case PROCEED -> selection = selectionOf(request, length);
    }
    if (selection instanceof RangeHeader.Selection.Unsatisfiable) {
      throw new HttpException(
              416,
              "range-not-satisfiable",
              "None of the ranges lies in the content.",
              "Ask for less than its length.")
          .header("Content-Range", "bytes */" + length);
    }
    if (selection instanceof RangeHeader.Selection.Parts parts && parts.ranges().size() > 1) {
      PartsChannel.Framing framing =
          new PartsChannel.Framing(boundary(), content.mediaType(), length);
      headers.add(
          Map.entry("Content-Type", "multipart/byteranges; boundary=" + framing.boundary()));
      PartsChannel body = new PartsChannel(content.opener().open(), parts.ranges(), framing);
      return Answer.opening(
          PARTIAL_CONTENT, headers, framing.length(parts.ranges()), body, allocator);
    }
    headers.add(Map.entry("Content-Type", content.mediaType()));
    if (selection instanceof RangeHeader.Selection.Parts parts) {
      ByteRange range = parts.ranges().get(0);
      headers.add(Map.entry("Content-Range", range.contentRange(length)));
      return Answer.opening(
          PARTIAL_CONTENT, headers, range.length(), slice(content, range), allocator);
    }
    headers.add(Map.entry("Accept-Ranges", "bytes")); // who gets a part knows it
    return Answer.opening(OK, headers, length, exactly(content.opener().open(), length), allocator);
  }

  /** GET alone has ranges (RFC 9110 section 14.2); several Range fields are none that is valid. */
  private static RangeHeader.Selection selectionOf(Request request, long length) {
    List<String> ranges = request.headers("Range");
    return request.method() == Method.GET && ranges.size() == 1
        ? RangeHeader.select(ranges.get(0), length)
        : new RangeHeader.Selection.Whole();
  }

  private static ReadableByteChannel slice(Representation content, ByteRange range)
      throws IOException {
    SeekableByteChannel channel = content.opener().open();
    try {
      channel.position(range.first());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    return exactly(channel, range.length());
  }

  private static ReadableByteChannel exactly(ReadableByteChannel source, long length) {
    return new SliceChannel(source, length);
  }

  private static String boundary() {
    return String.format("%020d", ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
  }
}
