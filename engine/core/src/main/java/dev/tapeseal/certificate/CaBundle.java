package dev.tapeseal.certificate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The certificate authorities that recording certificates must come from.
 *
 * <p>A bundle has an order: the intermediate nearest the recording certificate first, each next one signing the one
 * before, the root last. One self-signed certificate alone is a bundle, a self-signed recording certificate too. A
 * file may hold several such chains one after another. A trust store, whose entries have no order, is taken by {@link
 * #ofStore}.
 *
 * <p>Making one verifies a signature for each certificate; whether an authority may sign what it signed, {@link
 * CertificatePolicy} decides. Immutable and safe for any thread.
 *
 * <pre>{@code
 * CaBundle bundle = CaBundle.read(Path.of("ca_bundle.pem"));
 * CertificatePolicy policy = CertificatePolicy.forRecording().withCa(bundle);
 * }</pre>
 */
public final class CaBundle {

  /** The most certificates that a bundle may have. */
  public static final int MAX_CERTIFICATES = 100;

  private final String source;
  private final List<RecordingCertificate> certificates;
  private final List<String> warnings;

  private CaBundle(String source, List<RecordingCertificate> certificates, List<String> warnings) {
    this.source = source;
    this.certificates = List.copyOf(certificates);
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Reads a PEM file in the documented order.
   *
   * @throws IOException where the file cannot be read
   * @throws CertificateUnreadableException where it is not PEM, or a certificate in it is damaged
   * @throws CaBundleException where the order is wrong, naming the position, the root is missing, or there are more
   *     than {@link #MAX_CERTIFICATES}
   */
  public static CaBundle read(Path file) throws IOException, RecordingCertificateException {
    try (Pem pem = Pem.read(file)) {
      return of(pem);
    } catch (PemException e) {
      throw CertificateFile.notCertificates(e);
    }
  }

  /**
   * Reads PEM that did not come from a file.
   *
   * @param source what messages call it
   * @throws RecordingCertificateException as {@link #read} does
   */
  public static CaBundle parse(byte[] pem, String source) throws RecordingCertificateException {
    try (Pem parsed = Pem.parse(pem, source)) {
      return of(parsed);
    } catch (PemException e) {
      throw CertificateFile.notCertificates(e);
    }
  }

  /**
   * Takes certificates in the documented order.
   *
   * @param source what messages call it
   * @throws CaBundleException as {@link #read} does; also where there is no certificate
   */
  public static CaBundle of(List<RecordingCertificate> certificates, String source)
      throws CaBundleException {
    requireSize(certificates, source);
    requireOrder(certificates, source);
    return new CaBundle(source, certificates, List.of());
  }

  /**
   * Takes the certificates of a trust store, in any order. The self-signed ones are its roots; an intermediate whose
   * root is not there lends no trust.
   *
   * @param source what messages call it, usually the store's file
   * @throws CaBundleException where there is no certificate, none is self-signed, or there are more than {@link
   *     #MAX_CERTIFICATES}
   */
  public static CaBundle ofStore(Collection<RecordingCertificate> certificates, String source)
      throws CaBundleException {
    List<RecordingCertificate> distinct = List.copyOf(new LinkedHashSet<>(certificates));
    requireSize(distinct, source);
    CaBundle bundle = new CaBundle(source, distinct, List.of());
    if (bundle.roots().isEmpty()) {
      throw new CaBundleException(
          source, "no self-signed certificate (expected: a root CA among the certificates)");
    }
    return bundle;
  }

  private static CaBundle of(Pem pem) throws RecordingCertificateException {
    List<RecordingCertificate> certificates = CertificateFile.certificates(pem);
    CaBundle bundle = of(certificates, pem.source());
    List<String> warnings = new ArrayList<>(pem.warnings());
    if (certificates.size() < pem.blocks().size()) {
      warnings.add(
          pem.source() + ": " + (pem.blocks().size() - certificates.size())
              + " blocks that are no certificates (expected: certificates only; a private key does not belong here)");
    }
    return new CaBundle(bundle.source, certificates, warnings);
  }

  private static void requireSize(Collection<RecordingCertificate> certificates, String source)
      throws CaBundleException {
    if (certificates.isEmpty() || certificates.size() > MAX_CERTIFICATES) {
      throw new CaBundleException(
          source, certificates.size() + " certificates (expected: 1 to " + MAX_CERTIFICATES + ")");
    }
  }

  /** Each is signed by the next, unless it is a root: then the next begins another chain. */
  private static void requireOrder(List<RecordingCertificate> certificates, String source)
      throws CaBundleException {
    for (int i = 0; i < certificates.size(); i++) {
      RecordingCertificate certificate = certificates.get(i);
      boolean isLast = i == certificates.size() - 1;
      if (Issuing.isSelfSigned(certificate)
          || (!isLast && Issuing.isSignedBy(certificate, certificates.get(i + 1)))) {
        continue;
      }
      int issuer = indexOfIssuer(certificate, certificates);
      String itsIssuer = "its issuer " + certificate.issuer()
          + (issuer < 0 ? " is not in the bundle" : " stands at position " + (issuer + 1));
      if (isLast) {
        throw new CaBundleException(
            source,
            i + 1,
            certificate.subject() + " is the last and not self-signed, and " + itsIssuer
                + " (expected: the root CA last)");
      }
      throw new CaBundleException(
          source,
          i + 2,
          certificates.get(i + 1).subject() + " did not sign the one before it, "
              + certificate.subject() + ": " + itsIssuer
              + " (expected: each certificate followed by its issuer, the root CA last)");
    }
  }

  private static int indexOfIssuer(
      RecordingCertificate certificate, List<RecordingCertificate> certificates) {
    for (int i = 0; i < certificates.size(); i++) {
      if (Issuing.isSignedBy(certificate, certificates.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** What messages call it, usually the file's name. */
  public String source() {
    return source;
  }

  /** All of them, in the order given. */
  public List<RecordingCertificate> certificates() {
    return certificates;
  }

  /** The self-signed ones, which trust ends at. */
  public List<RecordingCertificate> roots() {
    return certificates.stream().filter(Issuing::isSelfSigned).toList();
  }

  /** What was accepted and should not be in the file: text around the blocks, CRLF, other blocks; one line each. */
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public String toString() {
    return source + ": " + certificates;
  }
}
