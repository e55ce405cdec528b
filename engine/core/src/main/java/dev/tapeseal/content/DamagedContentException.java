package dev.tapeseal.content;

import java.io.IOException;

/** Thrown when content is not what was encrypted: changed, cut short, put together anew, or of another key. */
public final class DamagedContentException extends IOException {
  private final String what;

  public DamagedContentException(String what) {
    super(what);
    this.what = what;
  }

  /** What is wrong, in a sentence. */
  public String what() {
    return what;
  }
}
