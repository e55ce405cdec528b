package dev.tapeseal.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. Fields are confined to the connection's event loop; guard, handler and content run on
 * workers, one step after the other.
 *
 * <p>It ends exactly once, by {@link AnswerWriter#end}, whatever becomes of the client, and gives back what it took: its
 * worker's admission, the body's memory, the content's channel.
 */
final class Exchange {
  private static final int NO_BODY = 0;

  private final HttpConnection connection;
  private final Service service;
  private final HttpRequest head;
  private final Optional<Method> method;
  private final AnswerWriter writer;
  private boolean bodyPending;
  private boolean admitted;
  private boolean uploading;
  private boolean bodyRefused;
  private @Nullable Intake intake;

  /**
   * A request to answer.
   *
   * @param bodyPending some of it is not read yet
   */
  Exchange(HttpConnection connection, Service service, HttpRequest head, boolean bodyPending) {
    this.connection = connection;
    this.service = service;
    this.head = head;
    this.method = Method.of(head.method().name());
    this.bodyPending = bodyPending;
    this.writer = new AnswerWriter(connection, service, head, this::ended);
    service.metrics().requestStarted();
  }

  /** What is no request, to be refused: where it ends is not known, so that nothing after it is read. */
  static Exchange ofNoRequest(HttpConnection connection, Service service) {
    HttpRequest none = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    return new Exchange(connection, service, none, true);
  }

  /** Finds the route, and has its guard asked. */
  void begin() {
    try {
      RequestTarget target = RequestTarget.parse(head.uri());
      Router.Match match = service.router().match(method, target.segments());
      writer.routed(match.route());
      requireFit(match.route());
      if (!service.workers().admit()) {
        throw HttpException.busy("Too many requests wait already.");
      }
      admitted = true;
      Request request = new Request(
          method.orElseThrow(),
          target,
          match,
          head.headers(),
          connection.remoteAddress(),
          connection.secure());
      service.workers().execute(() -> admit(request));
    } catch (HttpException e) {
      refuse(e);
    }
  }

  private void requireFit(Route route) {
    if (bodyPending && route.bodyMode() == Route.BodyMode.NONE) {
      throw BodyException.tooLarge(NO_BODY);
    }
    if (lengthOf(head) > route.maxBodyBytes()) {
      throw BodyException.tooLarge(route.maxBodyBytes());
    }
  }

  /** On a worker. */
  private void admit(Request request) {
    Request known;
    try {
      known = request.admitted(request.route().guard().admit(request));
    } catch (Exception | StackOverflowError e) {
      respond(request, Failures.responseTo(e, request, service.router()));
      return;
    }
    switch (request.route().bodyMode()) {
      case STREAM -> onEventLoop(() -> stream(known));
      case BYTES -> onEventLoop(() -> buffer(known));
      case NONE -> handle(known);
    }
  }

  /** On a worker. */
  private void handle(Request request) {
    Response response;
    try {
      response = request.route().handler().handle(request);
    } catch (Exception | StackOverflowError e) {
      response = Failures.responseTo(e, request, service.router());
    }
    respond(request, response);
  }

  /** On a worker: opens the content and reads its first bytes. */
  private void respond(Request request, Response response) {
    Answer answer;
    try {
      answer = Answers.prepare(
          request, response, connection.channel().alloc(), service.clock().instant());
    } catch (Exception | StackOverflowError e) {
      answer = Answer.of(Failures.responseTo(e, request, service.router()));
    }
    Answer ready = answer;
    onEventLoop(() -> answer(ready));
  }

  private void answer(Answer answer) {
    writer.write(
        answer, uploading ? service.uploads() : service.workers(), bodyPending && !uploading);
  }

  /** Answers by an error. On the event loop. */
  void refuse(HttpException error) {
    writer.write(Answer.of(error.response()), service.workers(), bodyPending);
  }

  private void buffer(Request request) {
    if (!bodyPending) {
      service.workers().execute(() -> handle(request));
      return;
    }
    takeBody(new BodyBuffer(
        request.route().maxBodyBytes(),
        service.bodyMemory(),
        body -> service.workers().execute(() -> handle(request.withBody(body)))));
  }

  private void stream(Request request) {
    if (!service.uploads().admit()) {
      refuse(HttpException.busy("Too many uploads run already."));
      return;
    }
    uploading = true;
    BodyChannel body = new BodyChannel(
        request.route().maxBodyBytes(), () -> onEventLoop(() -> connection.takeBody()));
    if (bodyPending) {
      takeBody(body);
    } else {
      body.end();
    }
    service.uploads().execute(() -> handle(request.withBodyChannel(body)));
  }

  private void takeBody(Intake newIntake) {
    intake = newIntake;
    if (!connection.channel().isActive()) {
      newIntake.fail(new ClientGoneException());
      writer.abandon();
      return;
    }
    if (HttpUtil.is100ContinueExpected(head)
        && head.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      writer.writeContinue();
    }
    connection.takeBody();
  }

  /** How many bytes of the body are wanted now; 0 when none are, or later. */
  int bodyRoom() {
    Intake taker = intake;
    return taker == null || !bodyPending || bodyRefused ? 0 : taker.room();
  }

  /**
   * Takes the next part of the body.
   *
   * @throws HttpException when it is too long
   */
  void onBody(ByteBuf part) {
    if (intake != null) {
      intake.take(part);
    }
  }

  /** All of the body was given. */
  void onBodyEnd() {
    bodyPending = false;
    if (intake != null) {
      intake.end();
    }
  }

  /**
   * Takes no more of the body. The handler of a streamed body learns it by its next read and answers; that of a body in
   * memory was not called.
   */
  void refuseBody(HttpException error) {
    Intake taker = intake;
    if (taker == null || bodyRefused || !bodyPending) {
      return;
    }
    bodyRefused = true;
    taker.fail(new BodyException(error));
    if (!uploading) {
      refuse(error);
    }
  }

  /** The connection is gone. */
  void onInactive() {
    Intake taker = intake;
    if (taker != null && bodyPending) {
      taker.fail(new ClientGoneException());
      if (!uploading) {
        writer.abandon();
      }
    }
    writer.cancel();
  }

  private void ended(boolean mayGoOn) {
    if (intake != null) {
      intake.release();
    }
    if (uploading) {
      service.uploads().leave();
    }
    if (admitted) {
      service.workers().leave();
    }
    service.metrics().requestEnded();
    connection.exchangeEnded(mayGoOn && !bodyPending);
  }

  private void onEventLoop(Runnable step) {
    Channel channel = connection.channel();
    try {
      channel.eventLoop().execute(step);
    } catch (RejectedExecutionException e) {
      step.run(); // the loop has ended with the server: nobody else touches the fields now
    }
  }

  private static long lengthOf(HttpRequest head) {
    String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    return length == null || !length.matches("[0-9]{1,18}") ? 0 : Long.parseLong(length);
  }
}
