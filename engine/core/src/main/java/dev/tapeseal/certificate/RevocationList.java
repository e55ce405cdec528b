package dev.tapeseal.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A certificate revocation list (RFC 5280 section 5) that was given: none is ever fetched.
 *
 * <p>Its signature and its time are judged where it is used, in {@link CertificatePolicy#withRevocationLists}.
 * Immutable and safe for any thread.
 */
public final class RevocationList {

  /** The most bytes that a file of revocation lists may have. */
  public static final int MAX_BYTES = 16 * 1024 * 1024;

  private static final Set<String> LABELS = Set.of("X509 CRL");

  private final X509CRL x509;
  private final String source;

  private RevocationList(X509CRL x509, String source) {
    this.x509 = x509;
    this.source = source;
  }

  /**
   * Takes a list that JCA has read.
   *
   * @param source what messages call it
   */
  public static RevocationList of(X509CRL x509, String source) {
    return new RevocationList(x509, PrintableText.of(source));
  }

  /**
   * Reads the lists of a file: one in DER, or PEM with at least one.
   *
   * @throws IOException where the file cannot be read
   * @throws CertificateUnreadableException where it holds no revocation list, is damaged, or is longer than {@link
   *     #MAX_BYTES}
   */
  public static List<RevocationList> readAll(Path file)
      throws IOException, CertificateUnreadableException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    return parse(bytes, file.toString());
  }

  /**
   * Reads lists that did not come from a file.
   *
   * @throws CertificateUnreadableException as {@link #readAll} does
   */
  public static List<RevocationList> parse(byte[] bytes, String source)
      throws CertificateUnreadableException {
    String name = PrintableText.of(source);
    if (bytes.length > MAX_BYTES) {
      throw new CertificateUnreadableException(name + ": more than " + MAX_BYTES
          + " bytes (expected: revocation lists of at most that)");
    }
    if (bytes.length > 0 && bytes[0] == DerElement.SEQUENCE) {
      return List.of(list(bytes, name));
    }
    List<RevocationList> lists = new ArrayList<>();
    try (Pem pem = Pem.parse(bytes, name)) {
      for (PemBlock block : pem.blocks()) {
        if (LABELS.contains(block.label())) {
          lists.add(list(block.der(), name));
        }
      }
    } catch (PemException e) {
      throw new CertificateUnreadableException(
          e.getMessage() + "; a revocation list is DER or has the line -----BEGIN X509 CRL-----",
          e);
    }
    if (lists.isEmpty()) {
      throw new CertificateUnreadableException(
          name + ": no revocation list (expected: BEGIN X509 CRL or DER)");
    }
    return lists;
  }

  private static RevocationList list(byte[] der, String source)
      throws CertificateUnreadableException {
    try {
      DerElement element = DerElement.first(der).require(DerElement.SEQUENCE);
      if (element.end() != der.length) {
        throw new CertificateUnreadableException("offset " + element.end() + ": "
            + (der.length - element.end()) + " bytes after the list");
      }
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return new RevocationList(
          (X509CRL) factory.generateCRL(new ByteArrayInputStream(der)), source);
    } catch (GeneralSecurityException | RuntimeException e) {
      // RuntimeException too: what a parser throws over foreign bytes means damage.
      throw new CertificateUnreadableException(
          source + ": the revocation list is damaged or not X.509: "
              + PrintableText.of(String.valueOf(e.getMessage())),
          e);
    }
  }

  /** The list as JCA has it. */
  public X509CRL x509() {
    return x509;
  }

  /** What messages call it, usually the file's name. */
  public String source() {
    return source;
  }

  @Override
  public String toString() {
    return source + " (revocation list of "
        + DistinguishedNameText.printable(x509.getIssuerX500Principal()) + ")";
  }
}
