package dev.tapeseal.keystore;

/** The two forms in which a private key lies in a PEM file; either may be encrypted. */
public enum KeyFormat {
  /** {@code PRIVATE KEY} (RFC 5958); encrypted, {@code ENCRYPTED PRIVATE KEY}. */
  PKCS8,
  /** {@code RSA PRIVATE KEY} (RFC 8017), OpenSSL's traditional form; encrypted, with {@code DEK-Info}. */
  PKCS1
}
