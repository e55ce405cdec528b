package dev.tapeseal.rcs;

import dev.tapeseal.http.Metrics;
import dev.tapeseal.keystore.UnwrapOutcome;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/**
 * What the crypto server counts beside what every server does: bytes and the time to the first byte of a playback stand
 * under its route. Any thread.
 */
record RcsMetrics(Metrics metrics) {

  /** A session key was needed. */
  void sessionKey(boolean cached) {
    metrics
        .counter(
            "tapeseal_rcs_session_keys",
            "Session keys that were needed, by where they came from",
            "source",
            cached ? "cache" : "unwrap")
        .add(1);
  }

  /** An RSA decryption came to an end. */
  void unwrapped(UnwrapOutcome outcome) {
    metrics
        .counter(
            "tapeseal_rcs_unwraps",
            "Session keys that were unwrapped, by how that went",
            "outcome",
            outcome.name().toLowerCase(Locale.ROOT))
        .add(1);
  }

  /** What is asked for when the metrics are read: how many sessions there are. */
  void watch(DoubleSupplier sessions) {
    metrics.gauge("tapeseal_rcs_sessions", "Sessions", sessions);
  }
}
