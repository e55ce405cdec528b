package dev.tapeseal.certificate;

/** Thrown when what was given is not a certificate: not PEM, a key, damaged. The message says what it is instead. */
public final class CertificateUnreadableException extends RecordingCertificateException {

  CertificateUnreadableException(String message) {
    super(message);
  }

  CertificateUnreadableException(String message, Throwable cause) {
    super(message, cause);
  }
}
