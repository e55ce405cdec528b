package dev.tapeseal.http;

import java.io.IOException;
import java.util.Optional;

/**
 * Decides whether a request may go on, before its body is read. Runs on a worker thread and may block.
 */
@FunctionalInterface
public interface Guard {

  /** Lets everybody in, as nobody. */
  Guard ANYONE = request -> new Admission(Optional.empty(), Optional.empty());

  /**
   * Who sent the request.
   *
   * @throws HttpException with status 401, 403, 429 or 503 to keep it out
   * @throws IOException when who it is cannot be found out; answered 500
   */
  Admission admit(Request request) throws IOException;

  /** Who was let in, and by which session, where by one. */
  record Admission(Optional<Principal> principal, Optional<Session> session) {}
}
