package dev.tapeseal.keystore;

/** Whether a key may be deleted that recordings need. */
public enum UnreadableRecordings {
  REFUSE,
  /** They are lost with the key, and whoever deletes it knows. */
  ACCEPT
}
