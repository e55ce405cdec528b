package dev.tapeseal.http;

import java.io.IOException;

/** Thrown by a request's body when it is refused while it comes, with what to answer for it. */
final class BodyException extends IOException {
  private final transient HttpException answer;

  BodyException(HttpException answer) {
    super(answer.getMessage());
    this.answer = answer;
  }

  HttpException answer() {
    return answer;
  }

  static HttpException tooLarge(long maxBytes) {
    return new HttpException(
        413, "body-too-large", "The body is longer than " + maxBytes + " bytes.", "Send less.");
  }

  static HttpException tooSlow() {
    return new HttpException(
        408, "body-too-slow", "The body comes too slowly.", "Send it faster, or in parts.");
  }
}
