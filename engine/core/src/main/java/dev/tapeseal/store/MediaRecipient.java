package dev.tapeseal.store;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One of the recording certificates that a media file is encrypted for: what it takes to find the private key, or
 * to tell what is lost without it.
 *
 * @param issuer the certificate's issuer as RFC 2253 writes it; null where the recipient has only a key identifier
 * @param serialNumber the certificate's serial number; null as the issuer
 * @param subjectKeyIdentifier in lower-case hexadecimal; null where the certificate has none
 * @param publicKeySha256 of the SubjectPublicKeyInfo, 64 digits of lower-case hexadecimal; null where unknown
 */
public record MediaRecipient(
    @Nullable String issuer,
    @Nullable BigInteger serialNumber,
    @Nullable String subjectKeyIdentifier,
    @Nullable String publicKeySha256) {

  private static final Pattern KEY_IDENTIFIER = Pattern.compile("([0-9a-f]{2}){1,64}");

  /** Refuses a recipient that names no certificate. */
  public MediaRecipient {
    if ((issuer == null) != (serialNumber == null)) {
      throw new IllegalArgumentException(
          "recipient: an issuer or a serial number alone (expected: both or none)");
    }
    if (issuer == null && subjectKeyIdentifier == null) {
      throw new IllegalArgumentException(
          "recipient: names no certificate (expected: issuer and serial number, or a subject key identifier)");
    }
    if (subjectKeyIdentifier != null
        && !KEY_IDENTIFIER.matcher(subjectKeyIdentifier).matches()) {
      throw new IllegalArgumentException(
          "subject key identifier: " + Printable.of(subjectKeyIdentifier)
              + " (expected: 1 to 64 bytes in lower-case hexadecimal)");
    }
    if (publicKeySha256 != null) {
      MediaEncryption.checkHex("SHA-256 of the public key", publicKeySha256, 32);
    }
  }
}
