package dev.tapeseal.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What kind of value a setting has: how it is read, and what a message says is expected.
 *
 * @param valueClass the value's class
 * @param name one word for lists, for example {@code duration}
 * @param expected for messages, for example {@code 0 to 65535}
 */
record SettingType<T>(Class<T> valueClass, String name, String expected, Reader<T> reader) {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9}) ?([A-Za-z]*)");
  private static final Map<String, Duration> DURATION_UNITS = Map.of(
      "ms", Duration.ofMillis(1),
      "s", Duration.ofSeconds(1),
      "m", Duration.ofMinutes(1),
      "h", Duration.ofHours(1),
      "d", Duration.ofDays(1));
  private static final Map<String, Long> SIZE_UNITS =
      Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  /**
   * Reads a value; an {@link IllegalArgumentException} of any message means that the text is none.
   */
  @FunctionalInterface
  interface Reader<T> {
    /** Paths count from the folder. */
    T read(String text, Path folder);
  }

  static SettingType<String> text() {
    return matching("text", Pattern.compile("\\S(.{0,1022}\\S)?"), "1 to 1024 characters");
  }

  static SettingType<String> matching(String name, Pattern pattern, String expected) {
    return new SettingType<>(String.class, name, expected, (text, folder) -> {
      require(pattern.matcher(text).matches());
      return text;
    });
  }

  /** Taken as it stands, blanks at its end too. */
  static SettingType<Secret> secret() {
    return new SettingType<>(
        Secret.class, "secret", "any text", (text, folder) -> Secret.copyOf(text.toCharArray()));
  }

  static SettingType<Path> path() {
    return new SettingType<>(Path.class, "path", "a path", (text, folder) -> {
      require(!text.isEmpty());
      try {
        return folder.resolve(Path.of(text));
      } catch (InvalidPathException e) {
        throw new IllegalArgumentException(e);
      }
    });
  }

  static SettingType<Integer> wholeNumber(int min, int max) {
    return new SettingType<>(Integer.class, "number", min + " to " + max, (text, folder) -> {
      require(WHOLE_NUMBER.matcher(text).matches());
      long number = Long.parseLong(text);
      require(number >= min && number <= max);
      return (int) number;
    });
  }

  static SettingType<Duration> duration(String min, String max) {
    Duration shortest = parseDuration(min);
    Duration longest = parseDuration(max);
    String expected = "a duration such as 500ms, 30s, 5m, 12h or 30d, from " + min + " to " + max;
    return new SettingType<>(Duration.class, "duration", expected, (text, folder) -> {
      Duration duration = parseDuration(text);
      require(duration.compareTo(shortest) >= 0 && duration.compareTo(longest) <= 0);
      return duration;
    });
  }

  static SettingType<Integer> sizeBytes(String min, String max) {
    long smallest = parseSizeBytes(min);
    long largest = parseSizeBytes(max);
    String expected = "bytes, such as 65536, 64KiB or 1MiB, from " + min + " to " + max;
    return new SettingType<>(Integer.class, "size", expected, (text, folder) -> {
      long sizeBytes = parseSizeBytes(text);
      require(sizeBytes >= smallest && sizeBytes <= largest);
      return (int) sizeBytes;
    });
  }

  /** One of an enum's constants, written in lower case with {@code -} between words. */
  static <E extends Enum<E>> SettingType<E> choice(Class<E> choices) {
    List<E> constants = Arrays.asList(choices.getEnumConstants());
    String expected =
        constants.stream().map(SettingType::written).collect(Collectors.joining(" or "));
    return new SettingType<>(
        choices,
        "choice",
        expected,
        (text, folder) -> constants.stream()
            .filter(constant -> written(constant).equals(text))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(text)));
  }

  /** An address that holds no password: it is shown in lists and logs. */
  static SettingType<URI> httpUri() {
    return new SettingType<>(
        URI.class,
        "address",
        "an http or https address without user and password",
        (text, folder) -> {
          try {
            URI uri = new URI(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            require((scheme.equals("http") || scheme.equals("https"))
                && uri.getHost() != null
                && uri.getUserInfo() == null);
            return uri;
          } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
          }
        });
  }

  static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A duration in the largest of the units that it is a whole number of. */
  static String written(Duration duration) {
    return DURATION_UNITS.entrySet().stream()
        .filter(unit -> duration.toMillis() % unit.getValue().toMillis() == 0)
        .filter(unit -> duration.compareTo(unit.getValue()) >= 0)
        .max(Map.Entry.comparingByValue())
        .map(unit -> duration.toMillis() / unit.getValue().toMillis() + unit.getKey())
        .orElse("0s");
  }

  private static Duration parseDuration(String text) {
    Matcher amount = amount(text);
    Duration unit = DURATION_UNITS.get(amount.group(2));
    if (unit == null) {
      throw new IllegalArgumentException(text);
    }
    return unit.multipliedBy(Long.parseLong(amount.group(1)));
  }

  private static long parseSizeBytes(String text) {
    Matcher amount = amount(text);
    Long unit = SIZE_UNITS.get(amount.group(2));
    if (unit == null) {
      throw new IllegalArgumentException(text);
    }
    return Long.parseLong(amount.group(1)) * unit; // 9 digits: no overflow
  }

  private static Matcher amount(String text) {
    Matcher amount = AMOUNT.matcher(text);
    require(amount.matches());
    return amount;
  }

  private static void require(boolean isSound) {
    if (!isSound) {
      throw new IllegalArgumentException();
    }
  }
}
