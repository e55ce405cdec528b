package dev.tapeseal.certificate;

import java.security.cert.CertificateException;

/**
 * Thrown when a certificate cannot serve: it is no certificate ({@link CertificateUnreadableException}), or one that
 * the policy refuses ({@link CertificateRefusedException}), or certificates are no CA bundle ({@link
 * CaBundleException}). A file that cannot be opened at all is an {@link java.io.IOException} instead.
 */
public abstract sealed class RecordingCertificateException extends CertificateException
    permits CertificateUnreadableException, CertificateRefusedException, CaBundleException {

  RecordingCertificateException(String message) {
    super(message);
  }

  RecordingCertificateException(String message, Throwable cause) {
    super(message, cause);
  }
}
