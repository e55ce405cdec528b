package dev.tapeseal.proxy;

import java.io.IOException;

/** Thrown when a crypto server cannot be reached, does not answer in time, or cuts its answer short. */
final class UpstreamException extends IOException {
  UpstreamException(String message) {
    super(message);
  }

  UpstreamException(String message, Throwable cause) {
    super(message, cause);
  }
}
