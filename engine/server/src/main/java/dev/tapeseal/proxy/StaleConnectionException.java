package dev.tapeseal.proxy;

import java.io.IOException;

/**
 * Thrown when a connection that was kept turns out to be ended before anything of an answer came: its server may have
 * ended it between two requests, so that the request may go again by another (RFC 9112 section 9.3.1).
 */
final class StaleConnectionException extends IOException {
  StaleConnectionException() {
    super("the crypto server ended a connection that was kept");
  }
}
