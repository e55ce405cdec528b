package dev.tapeseal.certificate;

import java.math.BigInteger;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;

/** Which certificate an encrypted key is for (RFC 5652 section 6.2.1). */
public sealed interface RecipientIdentifier {

  /** The usual form: the certificate's issuer and serial number. */
  record IssuerAndSerialNumber(X500Principal issuer, BigInteger serialNumber)
      implements RecipientIdentifier {
    /** The issuer for people to read: control characters of a foreign name are replaced. */
    public String issuerText() {
      return DistinguishedNameText.printable(issuer);
    }

    @Override
    public String toString() {
      return issuerText() + " #" + serialNumber.toString(16);
    }
  }

  /** The certificate's subject key identifier, 1 to 64 bytes in lower-case hexadecimal. */
  record SubjectKeyIdentifier(String hex) implements RecipientIdentifier {

    /** Takes the identifier's bytes, without an OCTET STRING header. */
    public static SubjectKeyIdentifier of(byte[] identifier) {
      return new SubjectKeyIdentifier(HexFormat.of().formatHex(identifier));
    }

    @Override
    public String toString() {
      return "subject key identifier " + hex;
    }
  }
}
