package dev.tapeseal.authority;

/**
 * Thrown when no certificate is made. Which kind it is tells whose turn it is to act; the message is one sentence that
 * names the request or the authority, and says what was wrong, what is expected and what to do.
 */
public abstract sealed class IssuanceException extends Exception {

  private IssuanceException(String message, Throwable cause) {
    super(message, cause);
  }

  private IssuanceException(String message) {
    super(message);
  }

  /** The file is no certificate request (PKCS#10), or a damaged one. */
  public static final class RequestUnreadable extends IssuanceException {
    RequestUnreadable(String message) {
      super(message);
    }

    RequestUnreadable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** What is asked for is not granted: a signature that is not the key's, a weak key, a validity that is too long. */
  public static final class RequestRefused extends IssuanceException {
    RequestRefused(String message) {
      super(message);
    }

    RequestRefused(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The authority may not sign: it expired, its key is another's, or its chain forbids it. */
  public static final class AuthorityUnfit extends IssuanceException {
    AuthorityUnfit(String message) {
      super(message);
    }

    AuthorityUnfit(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
