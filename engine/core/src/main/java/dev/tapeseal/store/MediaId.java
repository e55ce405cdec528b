package dev.tapeseal.store;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Names one media file of a recording; it is the file's name too.
 *
 * <p>For example {@code 011AP643CSAPR4FKQGQE31TAES00029V_2015-09-10_16-58-22-006B015F-1000427D-00000001.mp3}.
 */
public record MediaId(String value) {
  /** Leaves room for a suffix and for the name under which the file is written. */
  static final int MAX_LENGTH = 200;

  private static final Pattern SAFE =
      Pattern.compile("[A-Za-z0-9_+][A-Za-z0-9_.+=@,~-]{0," + (MAX_LENGTH - 1) + "}");
  private static final Pattern RESERVED = Pattern.compile(
      ".*\\.\\..*|.*\\.|recording\\.json|.*\\.(mac|p7|p7k|part)", Pattern.CASE_INSENSITIVE);
  private static final Pattern EXTENSION = Pattern.compile("[a-z0-9]{1,8}");
  private static final DateTimeFormatter STARTED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd_HH-mm-ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Refuses what is not a plain file name, and the names that a store gives to other files. */
  public MediaId {
    if (!SAFE.matcher(value).matches() || RESERVED.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "media id: " + Printable.of(value) + " (expected: 1 to " + MAX_LENGTH
              + " of the characters A-Z a-z 0-9 _ . + = @ , ~ -, a plain file name that does not end in"
              + " .mac, .p7, .p7k or .part)");
    }
  }

  /**
   * Makes an id by the documented pattern; the three numbers at its end are random.
   *
   * @param callUuid the call's UUID, which a media id begins with
   * @param started when the media start, written in UTC
   * @param extension for example {@code mp3}
   */
  public static MediaId generate(
      String callUuid, Instant started, String extension, RandomGenerator random) {
    if (!EXTENSION.matcher(extension).matches()) {
      throw new IllegalArgumentException("file extension: " + Printable.of(extension)
          + " (expected: 1 to 8 lower-case letters or digits)");
    }
    return new MediaId("%s_%s-%08X-%08X-%08X.%s"
        .formatted(
            callUuid,
            STARTED.format(started),
            random.nextInt(),
            random.nextInt(),
            random.nextInt(),
            extension));
  }

  /** The name of the file that holds the media, or of a companion beside it. */
  public String fileName(MediaSuffix suffix) {
    return value + suffix.text();
  }

  @Override
  public String toString() {
    return value;
  }
}
