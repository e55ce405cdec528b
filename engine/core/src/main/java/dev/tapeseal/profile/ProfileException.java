package dev.tapeseal.profile;

import java.io.IOException;
import java.util.List;

/**
 * Thrown when what is provisioned cannot be used or changed as asked. Which kind it is tells whose
 * turn it is to act; the message is one sentence with the cure.
 */
public abstract sealed class ProfileException extends IOException {

  private ProfileException(String message) {
    super(message);
  }

  /**
   * A file is not JSON, has another shape, or an option's value does not fit: somebody must correct
   * the file.
   */
  public static final class Invalid extends ProfileException {
    Invalid(String message) {
      super(message);
    }
  }

  /**
   * Certificate options are corrupt; {@link #options} tells which: they must be removed and added
   * again.
   */
  public static final class CorruptCertificate extends ProfileException {
    private final transient List<CertificateOption.Corrupt> options;

    CorruptCertificate(String message, List<CertificateOption.Corrupt> options) {
      super(message);
      this.options = List.copyOf(options);
    }

    /** The options that are corrupt, at least one. */
    public List<CertificateOption.Corrupt> options() {
      return options;
    }
  }

  /**
   * Certificates do not pass the policy, so that nothing may be recorded; {@link #reasons} tells
   * why, each.
   */
  public static final class CertificatesRefused extends ProfileException {
    private final transient List<String> reasons;

    CertificatesRefused(String message, List<String> reasons) {
      super(message);
      this.reasons = List.copyOf(reasons);
    }

    /** One sentence for each certificate that did not pass, at least one. */
    public List<String> reasons() {
      return reasons;
    }
  }

  /**
   * A CA file is named and cannot be read, or is none: nothing may be recorded, since chains are always checked where
   * one is named.
   */
  public static final class CaFileUnusable extends ProfileException {
    CaFileUnusable(String message) {
      super(message);
    }
  }

  /** There is no such profile, or the certificate is not deployed in it. */
  public static final class NotFound extends ProfileException {
    NotFound(String message) {
      super(message);
    }
  }

  /** It is there already, or there are as many as there may be. */
  public static final class Conflict extends ProfileException {
    Conflict(String message) {
      super(message);
    }
  }
}
