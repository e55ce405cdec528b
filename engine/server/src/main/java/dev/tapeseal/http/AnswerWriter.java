package dev.tapeseal.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Puts one answer on the wire: head, length or chunks, body, and whether the connection stays. Confined to the event
 * loop. Ends once, with whether the next request may come.
 */
final class AnswerWriter {

  /** Called when the answer is all sent, or never will be. */
  @FunctionalInterface
  interface Ended {
    void ended(boolean mayGoOn);
  }

  private final HttpConnection connection;
  private final Service service;
  private final HttpRequest request;
  private final Ended whenEnded;
  private final long startNanos = System.nanoTime();
  private String route = "none";
  private Optional<String> playback = Optional.empty();
  private boolean begun;
  private boolean ended;
  private boolean keepAlive;
  private @Nullable BodyPump pump;

  AnswerWriter(HttpConnection connection, Service service, HttpRequest request, Ended whenEnded) {
    this.connection = connection;
    this.service = service;
    this.request = request;
    this.whenEnded = whenEnded;
  }

  /** The route is known, for the metrics. */
  void routed(Route found) {
    route = found.template();
    playback = found.playback();
  }

  void writeContinue() {
    connection
        .channel()
        .writeAndFlush(new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  /**
   * Writes the answer; a second one for the same request is dropped.
   *
   * @param pumping where the rest of the body is read
   * @param bodyUnread some of the request's body is not read and never will be
   */
  void write(Answer answer, Executor pumping, boolean bodyUnread) {
    Channel channel = connection.channel();
    if (begun || ended || !channel.isActive()) {
      discard(answer, pumping);
      abandon();
      return;
    }
    begun = true;
    keepAlive = !bodyUnread
        && HttpUtil.isKeepAlive(request)
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && !service.draining().get();
    Duration toFirstByte = Duration.ofNanos(System.nanoTime() - startNanos);
    long bytes = Math.max(answer.lengthBytes(), answer.first().readableBytes());
    boolean withoutBody = request.method().equals(HttpMethod.HEAD)
        || answer.status() == 304
        || answer.status() == 204;

    DefaultHttpResponse head = head(answer);
    BodyPump.WhenDone whenSent = failure -> {
      if (failure == null) {
        Duration whole = Duration.ofNanos(System.nanoTime() - startNanos);
        String method = Method.of(request.method().name()).map(Method::name).orElse("other");
        service
            .metrics()
            .answered(method, route, answer.status(), toFirstByte, whole, withoutBody ? 0 : bytes);
        playback.ifPresent(name ->
            service.metrics().played(name, answer.status(), toFirstByte, withoutBody ? 0 : bytes));
      }
      end(failure);
    };
    if (withoutBody) {
      discard(answer, pumping);
      channel.write(head).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
      send(LastHttpContent.EMPTY_LAST_CONTENT, whenSent);
    } else if (answer.isWhole()) {
      channel.write(head).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
      send(new DefaultLastHttpContent(answer.first()), whenSent);
    } else {
      channel.write(head).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
      long remaining = answer.lengthBytes() < 0
          ? Response.UNKNOWN
          : answer.lengthBytes() - answer.first().readableBytes();
      pump = new BodyPump(channel, pumping, answer.rest(), remaining, whenSent);
      pump.start(answer.first());
    }
  }

  private void send(Object last, BodyPump.WhenDone whenSent) {
    connection.channel().writeAndFlush(last).addListener(future -> whenSent.done(future.cause()));
  }

  private DefaultHttpResponse head(Answer answer) {
    DefaultHttpResponse head =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
    HttpHeaders headers = head.headers();
    headers.set("Date", HttpDates.format(service.clock().instant()));
    for (Map.Entry<String, String> header : answer.headers()) {
      headers.add(header.getKey(), header.getValue());
    }
    if (!headers.contains("Cache-Control")) {
      headers.set("Cache-Control", HttpHeaderValues.NO_STORE);
    }
    headers.set("X-Content-Type-Options", "nosniff");
    if (answer.lengthBytes() >= 0) {
      if (answer.status() != 304 && answer.status() != 204) {
        headers.set("Content-Length", answer.lengthBytes());
      }
    } else if (request.method().equals(HttpMethod.HEAD)) {
      headers.remove("Content-Length");
    } else if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      headers.set("Transfer-Encoding", HttpHeaderValues.CHUNKED);
    }
    if (!keepAlive) {
      headers.set("Connection", HttpHeaderValues.CLOSE);
    }
    return head;
  }

  /** There will be no answer: the client is gone. */
  void abandon() {
    if (!begun) {
      begun = true;
      connection.cut();
      end(new ClientGoneException());
    }
  }

  /** The connection is gone; what runs for it learns it when it comes back. */
  void cancel() {
    BodyPump running = pump;
    if (running != null) {
      running.cancel();
    }
  }

  private void end(@Nullable Throwable failure) {
    if (ended) {
      return;
    }
    ended = true;
    if (failure != null) {
      if (pump != null) {
        service.metrics().cut(route);
      }
      Failures.logCut(route, failure);
      connection.cut();
    }
    whenEnded.ended(failure == null && keepAlive);
  }

  private void discard(Answer answer, Executor pumping) {
    pumping.execute(() -> {
      try {
        answer.discard();
      } catch (IOException e) {
        Failures.logCut(route, e);
      }
    });
  }
}
