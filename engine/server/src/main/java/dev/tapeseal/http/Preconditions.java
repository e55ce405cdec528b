package dev.tapeseal.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The conditions of RFC 9110 section 13, in the order of section 13.2.2. */
final class Preconditions {

  private Preconditions() {}

  /** What a request's conditions come to. */
  enum Outcome {
    /** Answer, by ranges if they are asked for. */
    PROCEED,
    /** Answer the whole: the ranges were asked of another version. */
    PROCEED_WHOLE,
    /** 304. */
    NOT_MODIFIED,
    /** 412. */
    FAILED
  }

  static Outcome evaluate(Request request, Representation representation, Instant now) {
    Optional<Instant> modified =
        representation.lastModified().map(time -> time.truncatedTo(ChronoUnit.SECONDS));
    Optional<String> ifMatch = request.list("If-Match");
    if (ifMatch.isPresent()) {
      if (!EntityTags.names(ifMatch.get(), representation.entityTag(), EntityTags::strongly)) {
        return Outcome.FAILED;
      }
    } else {
      Optional<Instant> limit = date(request, "If-Unmodified-Since");
      if (limit.isPresent() && modified.isPresent() && modified.get().isAfter(limit.get())) {
        return Outcome.FAILED;
      }
    }
    boolean reading = request.method() == Method.GET || request.method() == Method.HEAD;
    Optional<String> ifNoneMatch = request.list("If-None-Match");
    if (ifNoneMatch.isPresent()) {
      if (EntityTags.names(ifNoneMatch.get(), representation.entityTag(), EntityTags::weakly)) {
        return reading ? Outcome.NOT_MODIFIED : Outcome.FAILED;
      }
    } else if (reading) {
      Optional<Instant> since = date(request, "If-Modified-Since");
      if (since.isPresent() && modified.isPresent() && !modified.get().isAfter(since.get())) {
        return Outcome.NOT_MODIFIED;
      }
    }
    Optional<String> ifRange = request.header("If-Range");
    if (ifRange.isPresent() && !rangesAreOf(ifRange.get().strip(), representation, modified, now)) {
      return Outcome.PROCEED_WHOLE;
    }
    return Outcome.PROCEED;
  }

  /** RFC 9110 section 13.1.5: the tag by strong comparison; the date only when it is the very one, and a strong one. */
  private static boolean rangesAreOf(
      String ifRange, Representation representation, Optional<Instant> modified, Instant now) {
    if (ifRange.endsWith("\"")) {
      return representation.entityTag().isPresent()
          && EntityTags.strongly(ifRange, representation.entityTag().get());
    }
    Optional<Instant> date = HttpDates.parse(ifRange);
    return date.isPresent()
        && date.equals(modified)
        && !modified
            .get()
            .plusSeconds(1)
            .isAfter(now); // section 8.8.2.2: not within the second that still runs
  }

  private static Optional<Instant> date(Request request, String name) {
    return request.header(name).flatMap(HttpDates::parse);
  }
}
