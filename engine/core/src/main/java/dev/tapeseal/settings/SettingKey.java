package dev.tapeseal.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of one setting, with all that there is to know about it. {@link SettingKeys} has them
 * all.
 *
 * <p>The name is what stands in {@code rcs.properties}; the {@link #environmentVariable} follows
 * from it. Immutable.
 *
 * @param <T> the class of its values
 */
public final class SettingKey<T> {
  static final String ENVIRONMENT_PREFIX = "TAPESEAL_";
  /** A password that somebody put into an address after all must not come back in a message. */
  private static final Pattern CREDENTIALS = Pattern.compile("(?i)password|//[^/?]*@");

  private final String name;
  private final SettingType<T> type;
  private final @Nullable String defaultText;
  private final String description;

  private SettingKey(
      String name, SettingType<T> type, @Nullable String defaultText, String description) {
    this.name = name;
    this.type = type;
    this.defaultText = defaultText;
    this.description = description;
  }

  static <T> SettingKey<T> withoutDefault(String name, SettingType<T> type, String description) {
    return new SettingKey<>(name, type, null, description);
  }

  static <T> SettingKey<T> withDefault(
      String name, SettingType<T> type, String defaultText, String description) {
    return new SettingKey<>(name, type, defaultText, description);
  }

  /** Its name in a file, for example {@code http.port}. */
  public String name() {
    return name;
  }

  /** Its name in the environment, for example {@code TAPESEAL_HTTP_PORT}. */
  public String environmentVariable() {
    return environmentVariable(name);
  }

  static String environmentVariable(String name) {
    return ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  /**
   * The kind of its values in one word: {@code text}, {@code path}, {@code number}, {@code
   * duration} and so on.
   */
  public String type() {
    return type.name();
  }

  /** What values are accepted, unit and range included. */
  public String expected() {
    return type.expected();
  }

  /** The value, as it would be written, where nobody sets one. */
  public Optional<String> defaultText() {
    return Optional.ofNullable(defaultText);
  }

  /** What it is for, in one line. */
  public String description() {
    return description;
  }

  /** Whether its values are never shown. */
  public boolean isSecret() {
    return type.valueClass() == Secret.class;
  }

  /**
   * Reads a value.
   *
   * @param folder what a relative path counts from
   * @param place what the message begins with when it is none
   */
  T parse(String text, Path folder, String place) throws SettingsException {
    String value = isSecret() ? text : text.strip();
    try {
      return type.reader().read(value, folder);
    } catch (IllegalArgumentException e) {
      String shown = isSecret() || CREDENTIALS.matcher(value).find() ? "value" : Shown.of(value);
      throw new SettingsException(
          place + ": " + name + ": " + shown + " (expected: " + expected() + ")", e);
    }
  }

  /** The value as its own class; only its own values are ever given. */
  T cast(Object value) {
    return type.valueClass().cast(value);
  }

  /** A value for people to read. */
  String shown(Object value) {
    if (value instanceof Enum<?> constant) {
      return SettingType.written(constant);
    }
    if (value instanceof Duration duration) {
      return SettingType.written(duration);
    }
    return isSecret() ? Secret.HIDDEN : value.toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
