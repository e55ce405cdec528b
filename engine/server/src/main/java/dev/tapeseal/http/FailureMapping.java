package dev.tapeseal.http;

import java.util.Optional;

/**
 * Turns what a handler throws, or what its content throws before the first byte, into an answer; empty leaves it to the
 * next mapping and at last to 500 with an incident id.
 */
@FunctionalInterface
public interface FailureMapping {

  /** The answer for a failure, or empty where this mapping does not know it. */
  Optional<HttpException> answer(Throwable failure);
}
