package dev.tapeseal.http;

/**
 * Answers the requests of one route. It runs on a worker thread of the server, so that it may block; several run at
 * once.
 */
@FunctionalInterface
public interface Handler {

  /**
   * Answers one request.
   *
   * @throws HttpException to answer with an error
   * @throws Exception anything else is answered as the router's {@link FailureMapping} says, or by 500 with an incident
   *     id
   */
  Response handle(Request request) throws Exception;
}
