package dev.tapeseal.store;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place between two recordings in the order of pages: {@code after_} or {@code before_}, the start in
 * milliseconds, and the id of the recording beside it. So pages neither skip nor repeat a recording while others
 * are added.
 */
record Cursor(Direction direction, long startMillis, RecordingId id) {
  private static final Pattern TEXT =
      Pattern.compile("(after|before)_(-?[0-9]{1,18})_([A-Za-z0-9_-]{1,128})");

  enum Direction {
    /** The page begins behind that recording: older ones. */
    AFTER,
    /** The page ends in front of that recording: newer ones. */
    BEFORE
  }

  static Cursor parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "cursor: " + Printable.of(text) + " (expected: one that a page gave)");
    }
    return new Cursor(
        matcher.group(1).equals("after") ? Direction.AFTER : Direction.BEFORE,
        Long.parseLong(matcher.group(2)),
        new RecordingId(matcher.group(3)));
  }

  String text() {
    return (direction == Direction.AFTER ? "after_" : "before_") + startMillis + "_" + id.value();
  }
}
