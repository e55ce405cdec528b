package dev.tapeseal.certificate;

/**
 * Thrown when bytes are not PEM, or PEM that is damaged. The message begins with the file's name, says on which
 * line reading stopped and why; it never quotes the content, which may be a private key.
 */
public final class PemException extends Exception {

  PemException(String message) {
    super(message);
  }
}
