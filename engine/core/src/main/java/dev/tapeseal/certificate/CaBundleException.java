package dev.tapeseal.certificate;

/**
 * Thrown when certificates are no CA bundle: out of order, without their root, or too many. The message begins with
 * the bundle's name, and says which certificate is wrong and what was expected there.
 */
public final class CaBundleException extends RecordingCertificateException {
  private final int position;

  CaBundleException(String source, int position, String message) {
    super(source + ", certificate " + position + ": " + message);
    this.position = position;
  }

  CaBundleException(String source, String message) {
    super(source + ": " + message);
    this.position = 0;
  }

  /** Which certificate is wrong, counted from 1; 0 where it is none in particular. */
  public int position() {
    return position;
  }
}
