package dev.tapeseal.certificate;

import java.security.cert.X509Certificate;
import java.util.Optional;

/** What is demanded of the authorities of a path beyond RFC 5280. */
@FunctionalInterface
interface AuthorityRule {

  /** Nothing. */
  AuthorityRule NONE = (authority, isRoot) -> Optional.empty();

  /**
   * What is wrong with it; empty where nothing is.
   *
   * @param isRoot whether the path ends there, so that nobody's signature vouches for it
   */
  Optional<String> objection(X509Certificate authority, boolean isRoot);
}
