package dev.tapeseal.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A range of bytes as HTTP writes it: {@code 0-99}, {@code 100-} to the end, {@code -50} the last 50.
 *
 * @param first the first byte's offset, -1 for a suffix
 * @param last the last byte's offset, included; {@link Long#MAX_VALUE} for the end; for a suffix its length
 */
record ByteRange(long first, long last) {
  private static final Pattern SYNTAX = Pattern.compile("(\\d{0,18})-(\\d{0,18})");

  /** Reads the option's argument. */
  static final class Converter implements ITypeConverter<ByteRange> {
    @Override
    public ByteRange convert(String text) {
      Matcher range = SYNTAX.matcher(text);
      if (range.matches() && !text.equals("-")) {
        String from = range.group(1);
        String to = range.group(2);
        long first = from.isEmpty() ? -1 : Long.parseLong(from);
        long last = to.isEmpty() ? Long.MAX_VALUE : Long.parseLong(to);
        if (first <= last && (first >= 0 || last > 0)) {
          return new ByteRange(first, last);
        }
      }
      throw new TypeConversionException(
          "'" + text + "' (expected: offsets from 0, both ends included: 0-99, 100- or -50)");
    }
  }

  /** Where it begins in a file of this size. */
  long start(long size) {
    if (first >= 0) {
      return first;
    }
    return Math.max(0, size - last);
  }

  /** Where it ends in a file of this size, not included. */
  long end(long size) {
    if (first < 0 || last >= size) {
      return size;
    }
    return last + 1;
  }
}
