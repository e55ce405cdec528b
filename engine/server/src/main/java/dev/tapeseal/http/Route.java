package dev.tapeseal.http;

import java.util.Optional;

/**
 * A method, a path template, and who answers.
 *
 * <p>A template is made of literal segments and parameters: {@code {name}} stands for one segment, {@code {name+}} for
 * one in which an encoded slash ({@code %2F}) is allowed. A GET route answers HEAD too.
 */
public final class Route {

  /** How a request's body reaches the handler. */
  enum BodyMode {
    NONE,
    BYTES,
    STREAM
  }

  private final Method method;
  private final PathTemplate template;
  private final BodyMode bodyMode;
  private final long maxBodyBytes;
  private final Guard guard;
  private final Handler handler;
  private final Optional<String> playback;

  private Route(
      Method method,
      PathTemplate template,
      BodyMode bodyMode,
      long maxBodyBytes,
      Guard guard,
      Handler handler,
      Optional<String> playback) {
    this.method = method;
    this.template = template;
    this.bodyMode = bodyMode;
    this.maxBodyBytes = maxBodyBytes;
    this.guard = guard;
    this.handler = handler;
    this.playback = playback;
  }

  /** A route that takes no body, answers everybody, and answers 501 until {@link #handledBy} gives it a handler. */
  public static Route of(Method method, String template) {
    return new Route(
        method,
        PathTemplate.parse(template),
        BodyMode.NONE,
        0,
        Guard.ANYONE,
        request -> {
          throw new HttpException(
              501, "not-implemented", "This route has no handler.", "Tell the operator.");
        },
        Optional.empty());
  }

  /** A GET route, which answers HEAD too. */
  public static Route get(String template) {
    return of(Method.GET, template);
  }

  /** A POST route. */
  public static Route post(String template) {
    return of(Method.POST, template);
  }

  /** A PUT route. */
  public static Route put(String template) {
    return of(Method.PUT, template);
  }

  /** A DELETE route. */
  public static Route delete(String template) {
    return of(Method.DELETE, template);
  }

  /** Takes a body into memory before the handler is called; a longer one is answered 413. */
  public Route bodyUpTo(int maxBytes) {
    return new Route(method, template, BodyMode.BYTES, maxBytes, guard, handler, playback);
  }

  /**
   * Calls the handler at once and hands it the body as it comes, by {@link Request#bodyChannel()}, in constant memory.
   * Each such request holds one of the server's few upload threads for as long as it lasts.
   */
  public Route bodyStreamedUpTo(long maxBytes) {
    return new Route(method, template, BodyMode.STREAM, maxBytes, guard, handler, playback);
  }

  /** Decides who may, before the body is read. */
  public Route guardedBy(Guard newGuard) {
    return new Route(method, template, bodyMode, maxBodyBytes, newGuard, handler, playback);
  }

  /** Answers by a handler. */
  public Route handledBy(Handler newHandler) {
    return new Route(method, template, bodyMode, maxBodyBytes, guard, newHandler, playback);
  }

  /** Counts its answers as playback, too: how soon the first byte came, how many bytes, and by which status. */
  public Route playingFor(String service) {
    return new Route(
        method, template, bodyMode, maxBodyBytes, guard, handler, Optional.of(service));
  }

  /** The method. */
  public Method method() {
    return method;
  }

  /** The path template as it was written. */
  public String template() {
    return template.text();
  }

  PathTemplate path() {
    return template;
  }

  BodyMode bodyMode() {
    return bodyMode;
  }

  long maxBodyBytes() {
    return maxBodyBytes;
  }

  Guard guard() {
    return guard;
  }

  Handler handler() {
    return handler;
  }

  Optional<String> playback() {
    return playback;
  }

  @Override
  public String toString() {
    return method + " " + template.text();
  }
}
