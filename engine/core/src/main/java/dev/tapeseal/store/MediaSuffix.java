package dev.tapeseal.store;

/** Which of the files that make up one stored media file. Files appear in a store in this order. */
public enum MediaSuffix {
  /** The media themselves, encrypted or clear. */
  CONTENT(""),
  /** What authenticates media that are encrypted with CBC. */
  MAC(".mac"),
  /** A detached envelope. */
  ENVELOPE(".p7"),
  /** A key envelope. */
  KEY_ENVELOPE(".p7k");

  private final String text;

  MediaSuffix(String text) {
    this.text = text;
  }

  /**
   * The one with this text.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static MediaSuffix of(String text) {
    for (MediaSuffix suffix : values()) {
      if (suffix.text.equals(text)) {
        return suffix;
      }
    }
    throw new IllegalArgumentException(
        "suffix: '" + text + "' (expected: that of a file that a store has a place for)");
  }

  /** What is appended to the media id. */
  public String text() {
    return text;
  }
}
