package dev.tapeseal.store;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Names one recording in a store. */
public record RecordingId(String value) {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
  private static final int GENERATED_LENGTH = 32;

  /** Refuses a name that could leave the store's folder. */
  public RecordingId {
    if (!SAFE.matcher(value).matches()) {
      throw new IllegalArgumentException("recording id: " + Printable.of(value)
          + " (expected: 1 to 128 letters, digits, '_' or '-')");
    }
  }

  /** Makes an id in the look of the documented ones: 32 digits and capital letters, 160 random bits. */
  public static RecordingId generate(RandomGenerator random) {
    StringBuilder id = new StringBuilder(GENERATED_LENGTH);
    for (int i = 0; i < GENERATED_LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new RecordingId(id.toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
