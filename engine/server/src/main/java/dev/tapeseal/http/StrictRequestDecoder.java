package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's request decoder with what it lets through refused: folded lines, which it joins (RFC 9112 section 5.2); other
 * whitespace than one space in the request line (section 3); bare CR and control characters in a field line (section
 * 2.2); more than one Host, Content-Length or Transfer-Encoding, some of which it merges for HTTP/1.0.
 *
 * <p>It watches the bytes that the decoder consumes: a head's lines are consumed whole, in order, and nothing else
 * together with them. A request without a body is one message: no {@code LastHttpContent} follows it.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {

  /** Tells the connection that the first byte of a request is there. */
  record HeadStarted() {}

  /** Why a head is refused. */
  static final class BadHead extends IllegalArgumentException {
    BadHead(String why) {
      super(why);
    }
  }

  /** Thrown for more fields than the limits allow. */
  static final class TooManyFields extends IllegalArgumentException {
    TooManyFields() {
      super("too many fields");
    }
  }

  private static final int MAX_CHUNK_BYTES = 64 * 1024;

  private final int maxFields;
  private boolean inHead = true;
  private boolean announced;
  private boolean requestLineSeen;
  private int fields;
  private int hosts;
  private int lengths;
  private int codings;
  private @Nullable RuntimeException violation;

  StrictRequestDecoder(HttpLimits.Heads limits) {
    super(new HttpDecoderConfig()
        .setMaxInitialLineLength(limits.requestLineBytes())
        .setMaxHeaderSize(limits.headerBytes())
        .setMaxChunkSize(MAX_CHUNK_BYTES)
        .setInitialBufferSize(512)
        .setStrictLineParsing(true)
        .setUseRfc9112TransferEncoding(true)
        .setAllowDuplicateContentLengths(false));
    this.maxFields = limits.headerFields();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    int from = buffer.readerIndex();
    int before = out.size();
    if (inHead && !announced && buffer.isReadable()) {
      announced = true;
      ctx.fireUserEventTriggered(new HeadStarted());
    }
    super.decode(ctx, buffer, out);
    if (inHead) {
      inspect(buffer, from, buffer.readerIndex());
    }
    for (int i = before; i < out.size(); i++) {
      if (out.get(i) instanceof HttpRequest head) {
        inHead = false;
        if (violation != null && head.decoderResult().isSuccess()) {
          head.setDecoderResult(DecoderResult.failure(violation));
        }
      } else if (out.get(i) instanceof LastHttpContent && i > before) {
        out.remove(i); // the end of a body that is not there
        startOver();
      } else if (out.get(i) instanceof LastHttpContent) {
        startOver();
      }
    }
  }

  private void startOver() {
    inHead = true;
    announced = false;
    requestLineSeen = false;
    fields = 0;
    hosts = 0;
    lengths = 0;
    codings = 0;
    violation = null;
  }

  private void inspect(ByteBuf buffer, int from, int to) {
    int start = from;
    while (start < to) {
      int lineFeed = buffer.indexOf(start, to, (byte) '\n');
      if (lineFeed < 0) {
        return; // what the decoder refused: it says why itself
      }
      int end = lineFeed > start && buffer.getByte(lineFeed - 1) == '\r' ? lineFeed - 1 : lineFeed;
      if (end > start) {
        if (requestLineSeen) {
          inspectField(buffer, start, end);
        } else {
          inspectRequestLine(buffer, start, end);
        }
      }
      start = lineFeed + 1;
    }
  }

  private void inspectRequestLine(ByteBuf buffer, int start, int end) {
    requestLineSeen = true;
    int spaces = 0;
    byte previous = ' ';
    for (int i = start; i < end; i++) {
      byte b = buffer.getByte(i);
      if (b == ' ' && previous != ' ') {
        spaces++;
      } else if (b <= ' ' || b == 0x7F) { // bytes beyond ASCII are negative
        refuse("The request line holds a byte that it must not.");
      }
      previous = b;
    }
    if (spaces != 2) {
      refuse("The request line is not a method, a target and a version.");
    }
  }

  private void inspectField(ByteBuf buffer, int start, int end) {
    if (++fields > maxFields && violation == null) {
      violation = new TooManyFields();
    }
    byte first = buffer.getByte(start);
    if (first == ' ' || first == '\t') {
      refuse("A header line is folded.");
    }
    int colon = -1;
    for (int i = start; i < end; i++) {
      byte b = buffer.getByte(i);
      if (b == ':' && colon < 0) {
        colon = i;
      }
      if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7F) {
        refuse("A header line holds a control character.");
      }
    }
    if (colon > start) {
      count(buffer.toString(start, colon - start, StandardCharsets.ISO_8859_1));
    }
  }

  private void count(String name) {
    if (name.equalsIgnoreCase("Host") && ++hosts > 1) {
      refuse("There is more than one Host.");
    } else if (name.equalsIgnoreCase("Content-Length") && ++lengths > 1) {
      refuse("There is more than one Content-Length.");
    } else if (name.equalsIgnoreCase("Transfer-Encoding") && ++codings > 1) {
      refuse("There is more than one Transfer-Encoding.");
    } else if (name.equalsIgnoreCase("Sec-WebSocket-Key1")) {
      refuse(
          "There are no WebSockets here."); // the decoder would take 8 bytes after the head for a
      // body
    }
  }

  private void refuse(String why) {
    if (violation == null) {
      violation = new BadHead(why);
    }
  }
}
