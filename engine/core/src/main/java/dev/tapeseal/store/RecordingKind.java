package dev.tapeseal.store;

/** What was recorded. */
public enum RecordingKind {
  /** A call's voice. */
  CALL,
  /** An agent's screen. */
  SCREEN
}
