package dev.tapeseal.keystore;

/** Hears of every unwrap that a service does. Called on the thread that unwraps, before the answer; must not block. */
@FunctionalInterface
public interface UnwrapAudit {

  /**
   * Tells of one unwrap.
   *
   * @param entry whose private key was used
   * @param outcome what the client must not learn
   */
  void unwrapped(KeyEntry entry, UnwrapOutcome outcome);
}
