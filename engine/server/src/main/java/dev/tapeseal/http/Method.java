package dev.tapeseal.http;

import java.util.Optional;

/** The request methods of RFC 9110 section 9.3 and RFC 5789 that a route can have. */
public enum Method {
  GET,
  HEAD,
  POST,
  PUT,
  PATCH,
  DELETE,
  OPTIONS;

  /** Whether a request by this method changes nothing (RFC 9110 section 9.2.1). */
  public boolean isSafe() {
    return this == GET || this == HEAD || this == OPTIONS;
  }

  /** Method names are case-sensitive; empty for any other. */
  static Optional<Method> of(String name) {
    for (Method method : values()) {
      if (method.name().equals(name)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }
}
