package dev.tapeseal.store;

/** What was recorded. */
public enum RecordingKind {
  /** A call's voice. */
  CALL("recordings"),
  /** An agent's screen. */
  SCREEN("screen-recordings");

  private final String collection;

  RecordingKind(String collection) {
    this.collection = collection;
  }

  /** What recordings of this kind stand under in the paths of the documented resources. */
  public String collection() {
    return collection;
  }
}
