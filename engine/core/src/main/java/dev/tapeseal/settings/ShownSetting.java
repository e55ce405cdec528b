package dev.tapeseal.settings;

/**
 * One setting as people see it.
 *
 * @param key which it is
 * @param value its value; {@code (hidden)} where it is a secret, {@code (not set)} where there is
 *     none
 * @param origin where the value came from
 */
public record ShownSetting(SettingKey<?> key, String value, Origin origin) {

  static final String NOT_SET = "(not set)";

  /** Whether somebody set it, or it has a default. */
  public boolean isSet() {
    return !value.equals(NOT_SET);
  }

  @Override
  public String toString() {
    return key + " = " + value + "  # " + origin;
  }
}
