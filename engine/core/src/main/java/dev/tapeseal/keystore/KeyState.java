package dev.tapeseal.keystore;

/** What a key of a key store is for at some instant. Whatever it is, the key opens its recordings. */
public enum KeyState {
  /** Its certificate is valid: recordings may be made under it. */
  ACTIVE,
  /** Its certificate is past its time. It stays, since old recordings need the key. */
  EXPIRED,
  /** Somebody has said that no recordings are to be made under it any more. */
  RETIRED
}
