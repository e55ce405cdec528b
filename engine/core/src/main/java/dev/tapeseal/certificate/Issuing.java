package dev.tapeseal.certificate;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.RSAPublicKey;

/** Who signed a certificate, by name and by signature. Whether they were allowed to is not asked here. */
final class Issuing {
  /** What the largest key costs to verify with is bounded: 16,384 bits take some milliseconds. */
  private static final int MAX_KEY_BITS = 16_384;

  private static final int MAX_EXPONENT_BITS = 64;

  private Issuing() {}

  static boolean isSelfSigned(RecordingCertificate certificate) {
    return isSelfSigned(certificate.x509());
  }

  static boolean isSelfSigned(X509Certificate certificate) {
    return isSignedBy(certificate, certificate);
  }

  static boolean isSignedBy(RecordingCertificate certificate, RecordingCertificate issuer) {
    return isSignedBy(certificate.x509(), issuer.x509());
  }

  static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
    return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
        && verifies(certificate, issuer.getPublicKey());
  }

  /**
   * Whether the issuer belongs above the certificate in a path. A DSA key that inherits its parameters verifies only
   * there, so its name is enough here.
   */
  static boolean maySign(X509Certificate certificate, X509Certificate issuer) {
    boolean inherits = issuer.getPublicKey() instanceof DSAPublicKey key && key.getParams() == null;
    return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
        && (inherits || verifies(certificate, issuer.getPublicKey()));
  }

  private static boolean verifies(X509Certificate certificate, PublicKey key) {
    if (!isBounded(key)) {
      return false;
    }
    try {
      certificate.verify(key);
      return true;
    } catch (GeneralSecurityException | RuntimeException doesNot) {
      // RuntimeException too: a foreign key or signature that breaks the verifier verifies nothing.
      return false;
    }
  }

  private static boolean isBounded(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return rsa.getModulus().bitLength() <= MAX_KEY_BITS
          && rsa.getPublicExponent().bitLength() <= MAX_EXPONENT_BITS;
    }
    if (key instanceof DSAPublicKey dsa) {
      return dsa.getParams() != null && dsa.getParams().getP().bitLength() <= MAX_KEY_BITS;
    }
    return true; // elliptic curves: the platform knows those with names only, of 571 bits at most
  }
}
