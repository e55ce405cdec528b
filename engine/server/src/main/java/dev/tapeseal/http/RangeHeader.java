package dev.tapeseal.http;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code Range} header asks for (RFC 9110 section 14.2). Where the RFC leaves a choice it is made as nginx makes
 * it: ranges that ask for more than the whole are answered by the whole, a malformed set is unsatisfiable, another unit
 * is ignored, spaces inside a range are allowed. So 1,300 overlapping ranges cost one answer of the whole.
 */
final class RangeHeader {
  /** More ranges than these are answered by the whole (RFC 9110 section 17.15). */
  static final int MAX_RANGES = 64;

  private static final String UNIT = "bytes=";

  private RangeHeader() {}

  /** What to send. */
  sealed interface Selection {
    /** All of it, with 200. */
    record Whole() implements Selection {}

    /** Nothing, with 416. */
    record Unsatisfiable() implements Selection {}

    /** One or more parts in the order that was asked for, with 206. */
    record Parts(List<ByteRange> ranges) implements Selection {}
  }

  private static final class Malformed extends Exception {
    Malformed() {
      super("malformed", null, false, false);
    }
  }

  static Selection select(String header, long length) {
    if (header.length() <= UNIT.length()
        || !header.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return new Selection.Whole();
    }
    List<ByteRange> ranges = new ArrayList<>();
    long asked = 0;
    try {
      for (String part : header.substring(UNIT.length()).split(",", -1)) {
        String spec = part.strip();
        if (spec.isEmpty()) {
          continue; // an empty element of a list means nothing (RFC 9110 section 5.6.1.2)
        }
        long first = firstOf(spec, length);
        long last = lastOf(spec, length);
        if (length == 0 && first == 0) {
          return new Selection.Whole(); // nothing, all of it: 416 would not help anybody
        }
        if (first > last) {
          continue; // unsatisfiable on its own, or backwards, which nginx passes over too
        }
        asked = Math.min(length + 1, asked + (last - first + 1));
        if (ranges.size() <= MAX_RANGES) {
          ranges.add(new ByteRange(first, last));
        }
      }
    } catch (Malformed e) {
      return new Selection.Unsatisfiable();
    }
    if (ranges.isEmpty()) {
      return new Selection.Unsatisfiable();
    }
    return ranges.size() > MAX_RANGES || asked > length
        ? new Selection.Whole()
        : new Selection.Parts(List.copyOf(ranges));
  }

  private static long firstOf(String spec, long length) throws Malformed {
    int dash = dashOf(spec);
    String first = spec.substring(0, dash).strip();
    if (!first.isEmpty()) {
      return number(first);
    }
    return Math.max(0, length - number(spec.substring(dash + 1).strip())); // the last bytes
  }

  private static long lastOf(String spec, long length) throws Malformed {
    int dash = dashOf(spec);
    String last = spec.substring(dash + 1).strip();
    if (dash == 0 || last.isEmpty()) {
      return length - 1;
    }
    return Math.min(length - 1, number(last));
  }

  private static int dashOf(String spec) throws Malformed {
    int dash = spec.indexOf('-');
    if (dash < 0) {
      throw new Malformed();
    }
    return dash;
  }

  /** Digits; a number that no length reaches counts as the largest (RFC 9110 section 14.1.2). */
  private static long number(String digits) throws Malformed {
    if (digits.isEmpty()) {
      throw new Malformed();
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new Malformed();
      }
      value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
    }
    return value;
  }
}
