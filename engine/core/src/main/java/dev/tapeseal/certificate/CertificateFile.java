package dev.tapeseal.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the certificates of a PEM file, and says what the file is where it has none. */
final class CertificateFile {
  private static final Set<String> LABELS = Set.of("CERTIFICATE", "X509 CERTIFICATE");
  private static final String EXPECTED = " (expected: BEGIN CERTIFICATE)";

  private CertificateFile() {}

  static List<RecordingCertificate> read(Path file)
      throws IOException, CertificateUnreadableException {
    try (Pem pem = Pem.read(file)) {
      return certificates(pem);
    } catch (PemException e) {
      throw notCertificates(e);
    }
  }

  static List<RecordingCertificate> parse(byte[] bytes, String source)
      throws CertificateUnreadableException {
    try (Pem pem = Pem.parse(bytes, source)) {
      return certificates(pem);
    } catch (PemException e) {
      throw notCertificates(e);
    }
  }

  static CertificateUnreadableException notCertificates(PemException cause) {
    return new CertificateUnreadableException(
        cause.getMessage() + "; a certificate has the line -----BEGIN CERTIFICATE-----", cause);
  }

  /** The certificates among the blocks, at least one. */
  static List<RecordingCertificate> certificates(Pem pem) throws CertificateUnreadableException {
    List<RecordingCertificate> certificates = new ArrayList<>();
    for (PemBlock block : pem.blocks()) {
      if (LABELS.contains(block.label())) {
        certificates.add(certificate(block, nameOf(pem, block)));
      }
    }
    if (certificates.isEmpty()) {
      throw new CertificateUnreadableException(
          pem.source() + ": " + whatItIs(pem.blocks().get(0).label()));
    }
    return certificates;
  }

  private static String nameOf(Pem pem, PemBlock block) {
    return pem.blocks().size() == 1 ? pem.source() : pem.source() + ", block " + block.position();
  }

  private static RecordingCertificate certificate(PemBlock block, String source)
      throws CertificateUnreadableException {
    byte[] der = block.der();
    try {
      // Checked before JCA sees it, which passes over what follows and reads PEM and PKCS#7 too.
      DerElement element = DerElement.first(der).require(DerElement.SEQUENCE);
      if (element.end() != der.length) {
        throw new CertificateUnreadableException("offset " + element.end() + ": "
            + (der.length - element.end()) + " bytes after the certificate");
      }
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      X509Certificate x509 =
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
      return RecordingCertificate.of(x509, der, source);
    } catch (CertificateException | RuntimeException e) {
      // RuntimeException too: the parsers meet bytes that nobody vouches for, and whatever they
      // throw means damage.
      throw new CertificateUnreadableException(
          source + ": the certificate is damaged or not X.509: "
              + PrintableText.of(String.valueOf(e.getMessage())),
          e);
    }
  }

  private static String whatItIs(String label) {
    String cure = switch (label) {
      case "PUBLIC KEY", "RSA PUBLIC KEY" ->
        "; a bare public key does not say whose it is and until when: give" + " its certificate";
      case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST" ->
        "; have a CA sign the request and give what it" + " returns";
      case "TRUSTED CERTIFICATE" -> "; convert it with openssl x509 -in FILE -out CERT.pem";
      case "PKCS7", "CMS" -> "; unpack it with openssl pkcs7 -in FILE -print_certs -out CERT.pem";
      default ->
        label.endsWith("PRIVATE KEY")
            ? "; give the certificate that belongs to this key, and keep the key away from recorders"
            : "";
    };
    String article =
        "AEIO".indexOf(label.isEmpty() ? 'P' : label.charAt(0)) >= 0 || label.startsWith("RSA")
            ? "an "
            : "a ";
    return article + label + ", not a certificate" + EXPECTED + cure;
  }
}
