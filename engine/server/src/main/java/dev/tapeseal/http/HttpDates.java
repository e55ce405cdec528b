package dev.tapeseal.http;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/** Dates as RFC 9110 section 5.6.7 has them: written in the fixed form, read in all three. */
final class HttpDates {

  private HttpDates() {}

  static String format(Instant instant) {
    return DateFormatter.format(Date.from(instant));
  }

  /** Empty for what is not a date, which the fields that hold one are ignored for. */
  static Optional<Instant> parse(String text) {
    Date date = DateFormatter.parseHttpDate(text);
    return date == null ? Optional.empty() : Optional.of(date.toInstant());
  }
}
