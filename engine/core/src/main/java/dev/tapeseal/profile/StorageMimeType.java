package dev.tapeseal.profile;

import java.util.Arrays;
import java.util.Optional;

/** The documented kinds of call recordings. */
public enum StorageMimeType {
  WAV("audio/wav"),
  MP3("audio/mp3");

  private final String text;

  StorageMimeType(String text) {
    this.text = text;
  }

  /** As it stands in a profile and in metadata, for example {@code audio/wav}. */
  public String text() {
    return text;
  }

  static Optional<StorageMimeType> of(String text) {
    return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
  }

  @Override
  public String toString() {
    return text;
  }
}
