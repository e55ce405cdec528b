package dev.tapeseal.keystore;

/** How an unwrap for a service went: for the audit, never for the client. */
public enum UnwrapOutcome {
  /** The session key was unwrapped. */
  OPENED,
  /** The encrypted key is another key's, damaged, or holds no session key of this length. */
  REJECTED,
  /** The key is limited to RSAES-OAEP, and the encrypted key is PKCS#1 v1.5. */
  ONLY_OAEP
}
