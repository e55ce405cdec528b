package dev.tapeseal.certificate;

/** Thrown when a certificate has no valid path to an anchor. */
final class PathException extends Exception {

  /** Which demand of RFC 5280 section 6 was not met. */
  enum Reason {
    /** No anchor is reached by names and signatures. */
    NO_PATH,
    /** A path was found, and one of its certificates may not be where it is. */
    INVALID,
    NAME_CONSTRAINTS,
    REVOKED,
    /** A revocation list is missing, outdated or not to be trusted. */
    REVOCATION_UNKNOWN,
    POLICY,
    /** More work than one certificate may cost. */
    TOO_MUCH_WORK
  }

  private final Reason reason;

  PathException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
