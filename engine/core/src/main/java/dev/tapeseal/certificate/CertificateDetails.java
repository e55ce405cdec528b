package dev.tapeseal.certificate;

import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAKeyGenParameterSpec;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator is shown of a certificate, or of a request for one, before it is stored. The names of the fields
 * are documented; what exactly stands in them is ours. Control characters of foreign text are replaced.
 *
 * @param subjectName the subject's common name; its whole name where it has none
 * @param serialNumber the certificate's, in lower-case hexadecimal; of a request the subject's serialNumber attribute
 *     (X.520), where it has one
 * @param subjectDn RFC 2253 order
 * @param issuerDn none for a request, whose issuer is whoever grants it
 * @param keyDetails for example {@code RSA, 2048 bits}
 */
public record CertificateDetails(
    String subjectName,
    @Nullable String serialNumber,
    String subjectDn,
    @Nullable String issuerDn,
    String keyDetails) {

  /** The details of a certificate. */
  public static CertificateDetails of(RecordingCertificate certificate) {
    return new CertificateDetails(
        certificate.commonName().orElseGet(certificate::subject),
        certificate.serialNumber(),
        certificate.subject(),
        certificate.issuer(),
        keyDetails(certificate.x509().getPublicKey()));
  }

  /**
   * The details of a request.
   *
   * @throws CertificateUnreadableException where the subject's values cannot be read
   */
  public static CertificateDetails ofRequest(X500Principal subject, String keyDetails)
      throws CertificateUnreadableException {
    DistinguishedNameText name = DistinguishedNameText.of(subject);
    return new CertificateDetails(
        name.commonName().orElse(name.text()),
        name.serialNumber().orElse(null),
        name.text(),
        null,
        keyDetails);
  }

  /** A key's kind and, for RSA, its length; the public exponent where it is an unusual one. */
  public static String keyDetails(PublicKey key) {
    String algorithm = PrintableText.of(key.getAlgorithm());
    if (!(key instanceof RSAPublicKey rsa)) {
      return algorithm;
    }
    String details = algorithm + ", " + rsa.getModulus().bitLength() + " bits";
    return rsa.getPublicExponent().equals(RSAKeyGenParameterSpec.F4)
        ? details
        : details + ", public exponent "
            + PrintableText.of(rsa.getPublicExponent().toString());
  }
}
