package dev.tapeseal.certificate;

import dev.tapeseal.certificate.RecipientIdentifier.SubjectKeyIdentifier;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What is taken from a certificate's own bytes, because JCA would hand it out encoded anew or not at all. */
final class CertificateFields {
  private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
  private static final int MAX_IDENTIFIER_BYTES = 64;
  private static final int RFC_822_NAME = 1;

  private final X509Certificate x509;
  private final byte[] issuerDer;
  private final byte[] publicKeyInfoDer;
  private final byte[] publicKeyBits;

  private CertificateFields(
      X509Certificate x509, DerElement issuer, DerElement publicKeyInfo, byte[] publicKeyBits) {
    this.x509 = x509;
    this.issuerDer = issuer.encoded();
    this.publicKeyInfoDer = publicKeyInfo.encoded();
    this.publicKeyBits = publicKeyBits;
  }

  static CertificateFields of(byte[] der, X509Certificate x509)
      throws CertificateUnreadableException {
    DerElement tbsCertificate =
        DerElement.first(der).require(DerElement.SEQUENCE).child().require(DerElement.SEQUENCE);
    DerElement serialNumber = tbsCertificate.child();
    if (serialNumber.tag() == DerElement.CONTEXT_0) { // the version, which version 1 leaves out
      serialNumber = serialNumber.next(tbsCertificate);
    }
    DerElement signature = serialNumber.require(DerElement.INTEGER).next(tbsCertificate);
    DerElement issuer = signature.next(tbsCertificate).require(DerElement.SEQUENCE);
    DerElement validity = issuer.next(tbsCertificate);
    DerElement subject = validity.next(tbsCertificate);
    DerElement publicKeyInfo = subject.next(tbsCertificate).require(DerElement.SEQUENCE);
    DerElement algorithm = publicKeyInfo.child().require(DerElement.SEQUENCE);
    DerElement publicKey = algorithm.next(publicKeyInfo).require(DerElement.BIT_STRING);
    byte[] bitString = publicKey.content();
    byte[] publicKeyBits =
        Arrays.copyOfRange(bitString, Math.min(1, bitString.length), bitString.length);
    return new CertificateFields(x509, issuer, publicKeyInfo, publicKeyBits);
  }

  /** The issuer's Name as it stands. */
  byte[] issuerDer() {
    return issuerDer;
  }

  SubjectKeyIdentifier subjectKeyIdentifier() throws CertificateUnreadableException {
    byte[] extension = x509.getExtensionValue(SUBJECT_KEY_IDENTIFIER);
    if (extension != null) {
      byte[] identifier = DerElement.first(extension)
          .require(DerElement.OCTET_STRING)
          .child()
          .require(DerElement.OCTET_STRING)
          .content();
      if (identifier.length >= 1 && identifier.length <= MAX_IDENTIFIER_BYTES) {
        return SubjectKeyIdentifier.of(identifier);
      }
    }
    return SubjectKeyIdentifier.of(digest("SHA-1", publicKeyBits));
  }

  String publicKeySha256() {
    return HexFormat.of().formatHex(digest("SHA-256", publicKeyInfoDer));
  }

  /** The first e-mail address of the subject's alternative names; an unreadable extension has none. */
  Optional<String> alternativeEmail() {
    Collection<List<?>> names;
    try {
      names = x509.getSubjectAlternativeNames();
    } catch (CertificateParsingException unreadable) {
      return Optional.empty();
    }
    return names == null
        ? Optional.empty()
        : names.stream()
            .filter(name -> name.get(0).equals(RFC_822_NAME))
            .map(name -> PrintableText.of(name.get(1).toString()))
            .findFirst();
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
