package dev.tapeseal.certificate;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * A distinguished name as people read it, control characters replaced.
 *
 * @param serialNumber the attribute of X.520, not a certificate's own
 * @param text RFC 2253 order; {@code (empty)} where the name has no parts
 */
record DistinguishedNameText(
    String text,
    Optional<String> commonName,
    Optional<String> email,
    Optional<String> serialNumber) {
  private static final Map<String, String> KEYWORDS = Map.of(
      BCStyle.EmailAddress.getId(), "EMAILADDRESS", BCStyle.SERIALNUMBER.getId(), "SERIALNUMBER");

  static DistinguishedNameText of(X500Principal principal) throws CertificateUnreadableException {
    try {
      String text = printable(principal);
      X500Name name = X500Name.getInstance(principal.getEncoded());
      return new DistinguishedNameText(
          text.isEmpty() ? "(empty)" : text,
          attribute(name, BCStyle.CN),
          attribute(name, BCStyle.EmailAddress),
          attribute(name, BCStyle.SERIALNUMBER));
    } catch (RuntimeException e) { // JCA leaves the values of a name unread; they may be anything
      throw new CertificateUnreadableException("a distinguished name cannot be read", e);
    }
  }

  /** The name in RFC 2253 order. */
  static String printable(X500Principal principal) {
    return PrintableText.of(principal.getName(X500Principal.RFC2253, KEYWORDS));
  }

  /** The attribute's last, that is most specific, value. */
  private static Optional<String> attribute(X500Name name, ASN1ObjectIdentifier type) {
    return Arrays.stream(name.getRDNs(type))
        .flatMap(part -> Arrays.stream(part.getTypesAndValues()))
        .filter(typeAndValue -> typeAndValue.getType().equals(type))
        .reduce((earlier, later) -> later)
        .map(typeAndValue -> PrintableText.of(text(typeAndValue.getValue())));
  }

  private static String text(ASN1Encodable value) {
    return value instanceof ASN1String string ? string.getString() : IETFUtils.valueToString(value);
  }
}
