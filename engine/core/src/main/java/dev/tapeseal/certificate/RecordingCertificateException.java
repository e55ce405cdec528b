package dev.tapeseal.certificate;

import java.security.cert.CertificateException;

/**
 * Thrown when a certificate cannot serve: either it is no certificate ({@link CertificateUnreadableException}), or it
 * is one that the policy refuses ({@link CertificateRefusedException}). A file that cannot be opened at all is an
 * {@link java.io.IOException} instead.
 */
public abstract sealed class RecordingCertificateException extends CertificateException
    permits CertificateUnreadableException, CertificateRefusedException {

  RecordingCertificateException(String message) {
    super(message);
  }

  RecordingCertificateException(String message, Throwable cause) {
    super(message, cause);
  }
}
