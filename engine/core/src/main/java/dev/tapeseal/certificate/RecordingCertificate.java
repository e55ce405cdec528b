package dev.tapeseal.certificate;

import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import dev.tapeseal.certificate.RecipientIdentifier.SubjectKeyIdentifier;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A certificate that recordings are encrypted under: an X.509 public key, and who it belongs to (RFC 5280).
 *
 * <p>Having one says nothing about whether it may be used; {@link CertificatePolicy} does. Immutable and safe for any
 * thread. Two are equal when their DER is. It is long because a certificate says much: most of it are accessors.
 */
public final class RecordingCertificate {
  private final X509Certificate x509;
  private final byte[] der;
  private final byte[] issuerDer;
  private final SubjectKeyIdentifier subjectKeyIdentifier;
  private final String publicKeySha256;
  private final DistinguishedNameText subject;
  private final DistinguishedNameText issuer;
  private final Optional<String> email;
  private final Optional<String> source;

  private RecordingCertificate(X509Certificate x509, byte[] der, Optional<String> source)
      throws CertificateUnreadableException {
    CertificateFields fields = CertificateFields.of(der, x509);
    this.x509 = x509;
    this.der = der;
    this.issuerDer = fields.issuerDer();
    this.subjectKeyIdentifier = fields.subjectKeyIdentifier();
    this.publicKeySha256 = fields.publicKeySha256();
    this.subject = DistinguishedNameText.of(x509.getSubjectX500Principal());
    this.issuer = DistinguishedNameText.of(x509.getIssuerX500Principal());
    this.email = subject.email().or(fields::alternativeEmail);
    this.source = source;
  }

  /**
   * Takes a certificate that JCA has read.
   *
   * @throws CertificateUnreadableException where its DER cannot be read
   */
  public static RecordingCertificate of(X509Certificate x509)
      throws CertificateUnreadableException {
    try {
      return new RecordingCertificate(x509, x509.getEncoded(), Optional.empty());
    } catch (CertificateEncodingException e) {
      throw new CertificateUnreadableException(
          "the certificate cannot be encoded: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the first certificate of a PEM file; other blocks, keys among them, are passed over.
   *
   * @throws IOException where the file cannot be read
   * @throws CertificateUnreadableException where it is not PEM, has no certificate, or its DER is damaged; the message
   *     begins with the file's name
   */
  public static RecordingCertificate read(Path file)
      throws IOException, CertificateUnreadableException {
    return CertificateFile.read(file).get(0);
  }

  /**
   * Reads every certificate of a PEM file in the file's order: at least one, at most {@link Pem#MAX_BLOCKS}.
   *
   * @throws IOException where the file cannot be read
   * @throws CertificateUnreadableException as {@link #read} does
   */
  public static List<RecordingCertificate> readAll(Path file)
      throws IOException, CertificateUnreadableException {
    return CertificateFile.read(file);
  }

  /**
   * Reads every certificate of PEM that did not come from a file.
   *
   * @param source what messages call it
   * @throws CertificateUnreadableException as {@link #read} does
   */
  public static List<RecordingCertificate> parse(byte[] pem, String source)
      throws CertificateUnreadableException {
    return CertificateFile.parse(pem, source);
  }

  /** For a certificate read from its own DER. */
  static RecordingCertificate of(X509Certificate x509, byte[] der, String source)
      throws CertificateUnreadableException {
    return new RecordingCertificate(x509, der.clone(), Optional.of(source));
  }

  /** The certificate as JCA has it. */
  public X509Certificate x509() {
    return x509;
  }

  /** A copy of the certificate's DER. */
  public byte[] encoded() {
    return der.clone();
  }

  /** The certificate as a PEM block. */
  public byte[] toPem() {
    return Pem.encode("CERTIFICATE", der);
  }

  /** Whether the key is one that RSA key transport takes; RSASSA-PSS keys are not. */
  public boolean isRsa() {
    return x509.getPublicKey() instanceof RSAPublicKey key && key.getAlgorithm().equals("RSA");
  }

  /** The key's algorithm, for example {@code RSA} or {@code EC}. */
  public String keyAlgorithm() {
    return PrintableText.of(x509.getPublicKey().getAlgorithm());
  }

  /**
   * The RSA key.
   *
   * @throws IllegalStateException where the key is of another kind, which {@link CertificatePolicy} refuses
   */
  public RSAPublicKey publicKey() {
    if (isRsa() && x509.getPublicKey() instanceof RSAPublicKey key) {
      return key;
    }
    throw new IllegalStateException(this + ": a key for " + keyAlgorithm() + " (expected: RSA)");
  }

  /** The length of the RSA modulus in bits; fails as {@link #publicKey} does. */
  public int modulusBits() {
    return publicKey().getModulus().bitLength();
  }

  /** How an envelope names this certificate: issuer and serial number. */
  public IssuerAndSerialNumber identifier() {
    return new IssuerAndSerialNumber(x509.getIssuerX500Principal(), x509.getSerialNumber());
  }

  /** The issuer's Name exactly as the certificate has it, DER, a copy: envelopes repeat it byte for byte. */
  public byte[] issuerDer() {
    return issuerDer.clone();
  }

  /**
   * The subject key identifier of the extension; without a usable one the SHA-1 of the public key, which is what most
   * CAs put there (RFC 5280 section 4.2.1.2, method 1).
   */
  public SubjectKeyIdentifier subjectKeyIdentifier() {
    return subjectKeyIdentifier;
  }

  /** The SHA-256 of the SubjectPublicKeyInfo in lower-case hexadecimal: one key, whatever its certificates. */
  public String publicKeySha256() {
    return publicKeySha256;
  }

  /** A form of what names a certificate: for those who keep it elsewhere, as the metadata of recordings do. */
  @FunctionalInterface
  public interface Naming<T> {
    /**
     * Makes it.
     *
     * @param issuer for people to read
     * @param subjectKeyIdentifier in lower-case hexadecimal
     * @param publicKeySha256 of the SubjectPublicKeyInfo in lower-case hexadecimal
     */
    T of(
        String issuer,
        BigInteger serialNumber,
        String subjectKeyIdentifier,
        String publicKeySha256);
  }

  /** What names it, in another form. */
  public <T> T named(Naming<T> naming) {
    return naming.of(issuer(), x509.getSerialNumber(), subjectKeyIdentifier.hex(), publicKeySha256);
  }

  /** The subject for people to read, RFC 2253 order, for example {@code CN=Interaction Recording,O=Acme}. */
  public String subject() {
    return subject.text();
  }

  /** The issuer for people to read. */
  public String issuer() {
    return issuer.text();
  }

  /** The issuer's common name. */
  public Optional<String> issuerCommonName() {
    return issuer.commonName();
  }

  /** The subject's common name. */
  public Optional<String> commonName() {
    return subject.commonName();
  }

  /** The e-mail address of the subject, else of its alternative names. */
  public Optional<String> email() {
    return email;
  }

  /** The serial number in lower-case hexadecimal. */
  public String serialNumber() {
    return x509.getSerialNumber().toString(16);
  }

  /** The first instant at which it is valid. */
  public Instant notBefore() {
    return x509.getNotBefore().toInstant();
  }

  /** The last instant at which it is valid. */
  public Instant notAfter() {
    return x509.getNotAfter().toInstant();
  }

  /** Whether the instant lies in its period, both ends included (RFC 5280 section 4.1.2.5). */
  public boolean isValidAt(Instant at) {
    // The end has no fraction of a second, so the whole of its last second belongs to it.
    return !at.isBefore(notBefore()) && at.getEpochSecond() <= notAfter().getEpochSecond();
  }

  /** The file it was read from, and which block where the file has several. */
  public Optional<String> source() {
    return source;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordingCertificate that && Arrays.equals(der, that.der);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(der);
  }

  /** Names it for messages: where it came from, its subject and serial number. */
  @Override
  public String toString() {
    String name = subject() + " #" + serialNumber();
    return source.map(from -> from + " (" + name + ")").orElse(name);
  }
}
