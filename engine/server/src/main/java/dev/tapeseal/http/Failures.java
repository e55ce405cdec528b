package dev.tapeseal.http;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a failure is answered with. One that nobody expected is answered 500 with an incident id, under which the log has
 * all of it; the client learns nothing else.
 */
final class Failures {
  private static final Logger LOGGER = LoggerFactory.getLogger(Failures.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int INCIDENT_BYTES = 8;

  private Failures() {}

  static Response responseTo(Throwable failure, Request request, Router router) {
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof HttpException error) {
      return error.response();
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BodyException body) {
        return body.answer().response();
      }
      if (cause instanceof ClientGoneException) {
        return HttpException.badRequest("The body is not complete.").response();
      }
    }
    Optional<HttpException> known = router.answerFor(failure);
    if (known.isPresent()) {
      return known.get().response();
    }
    byte[] id = new byte[INCIDENT_BYTES];
    RANDOM.nextBytes(id);
    String incident = HexFormat.of().formatHex(id);
    LOGGER.error("incident {}: {} failed", incident, request, failure);
    return Response.error(
        500,
        "internal",
        "Something failed that should not: incident " + incident + ".",
        "Tell the operator the incident's id; the log says more.");
  }

  static void logCut(String route, Throwable failure) {
    if (failure instanceof ClientGoneException) {
      LOGGER.debug("{}: the client went away", route);
    } else {
      LOGGER.warn("{}: cut after the first byte", route, failure);
    }
  }
}
