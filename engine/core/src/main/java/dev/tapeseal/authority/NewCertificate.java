package dev.tapeseal.authority;

import dev.tapeseal.certificate.RecordingCertificate;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.jspecify.annotations.Nullable;

/**
 * One certificate that is being made, as RFC 5280 profiles it: version 3, a random serial number of 159 bits, basic
 * constraints and key usage (both critical), subject key identifier and, where another signs, authority key identifier.
 *
 * @param subject whom it is for
 * @param publicKey the subject's
 */
record NewCertificate(Kind kind, X500Name subject, RSAPublicKey publicKey, Validity validity) {
  private static final int SERIAL_NUMBER_BITS = 159; // positive, in the 20 octets of RFC 5280

  /** What the certificate is for. */
  enum Kind {
    /** Signs certificates and revocation lists. */
    AUTHORITY(KeyUsage.keyCertSign | KeyUsage.cRLSign),
    /** Recordings are encrypted under it. */
    RECORDING(KeyUsage.keyEncipherment),
    /**
     * The same, signed by its own key: it is its own CA file, and verifiers, old ones above all, take a certificate
     * for its own issuer only where it may sign certificates. No further CA may stand below it.
     */
    SELF_SIGNED_RECORDING(KeyUsage.keyEncipherment | KeyUsage.keyCertSign);

    private final int keyUsage;

    Kind(int keyUsage) {
      this.keyUsage = keyUsage;
    }

    private BasicConstraints basicConstraints() {
      return switch (this) {
        case AUTHORITY -> new BasicConstraints(true);
        case RECORDING -> new BasicConstraints(false);
        case SELF_SIGNED_RECORDING -> new BasicConstraints(0);
      };
    }
  }

  /**
   * Who signs.
   *
   * @param certificate the signer's, none where the certificate is signed by its own key
   */
  record Signer(
      @Nullable RecordingCertificate certificate,
      SigningKey key,
      SignatureAlgorithm algorithm,
      SecureRandom random) {}

  RecordingCertificate signedBy(Signer signer) {
    RecordingCertificate issuer = signer.certificate();
    X500Name issuerName = issuer == null
        ? subject
        : nameOf(issuer.x509().getSubjectX500Principal().getEncoded());
    X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
        issuerName,
        serialNumber(signer.random()),
        Date.from(validity.notBefore()),
        Date.from(validity.notAfter()),
        subject,
        publicKey);
    try {
      builder
          .addExtension(Extension.basicConstraints, true, kind.basicConstraints())
          .addExtension(Extension.keyUsage, true, new KeyUsage(kind.keyUsage))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createSubjectKeyIdentifier(publicKey));
      if (issuer != null) {
        byte[] keyIdentifier =
            HexFormat.of().parseHex(issuer.subjectKeyIdentifier().hex());
        builder.addExtension(
            Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyIdentifier));
      }
      var contentSigner = new KeySigner(signer.key(), signer.algorithm());
      return RecordingCertificate.of(
          new JcaX509CertificateConverter().getCertificate(builder.build(contentSigner)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(
          "a certificate of checked parts under an RSA key can always be made", e);
    }
  }

  /** A name exactly as its DER has it. */
  static X500Name nameOf(byte[] der) {
    return X500Name.getInstance(der);
  }

  /** The top bit is set, so that it is positive and never short. */
  private static BigInteger serialNumber(SecureRandom random) {
    return new BigInteger(SERIAL_NUMBER_BITS, random).setBit(SERIAL_NUMBER_BITS - 1);
  }
}
