package dev.tapeseal.authority;

import dev.tapeseal.certificate.RecordingCertificate;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of one's own: signs recording certificates with its RSA key, SHA-256, as RFC 5280 profiles
 * them.
 *
 * <p>Serial numbers are random, 159 bits. Certificates begin now, to the second, and end so many days later. Confined
 * to one thread; a signature takes some milliseconds.
 */
public final class CertificateAuthority {

  /** The longest validity, in days: a century. */
  public static final int MAX_DAYS = 36_525;

  private static final int SERIAL_NUMBER_BITS = 159; // positive, in the 20 octets of RFC 5280
  private static final String SIGNATURE_ALGORITHM = "SHA256withRSA";

  private final RecordingCertificate certificate;
  private final RsaKeyPair keyPair;
  private final Clock clock;
  private final SecureRandom random;

  private CertificateAuthority(
      RecordingCertificate certificate, RsaKeyPair keyPair, Clock clock, SecureRandom random) {
    this.certificate = certificate;
    this.keyPair = keyPair;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Makes a root authority: version 3, basic constraints CA (critical), key usage for signing certificates and CRLs
   * (critical), subject key identifier.
   *
   * @param commonName 1 to 64 characters
   * @param keyPair stays the caller's, and is needed as long as the authority signs
   * @param days 1 to {@link #MAX_DAYS}
   */
  public static CertificateAuthority selfSigned(
      String commonName, RsaKeyPair keyPair, int days, Clock clock, SecureRandom random) {
    SubjectName.requireLength("CN", commonName, 64);
    X500Name name =
        new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
    Validity validity = Validity.of(days, clock);
    X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
        name,
        serialNumber(random),
        Date.from(validity.notBefore()),
        Date.from(validity.notAfter()),
        name,
        keyPair.publicKey());
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      addSubjectKeyIdentifier(builder, keyPair.publicKey());
      return new CertificateAuthority(signed(builder, keyPair), keyPair, clock, random);
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw cannotFail(e);
    }
  }

  /**
   * Signs a recording certificate: not a CA, key usage key encipherment alone (critical), subject and authority key
   * identifiers.
   *
   * @param subject whom it is for
   * @param publicKey the key that recordings are encrypted under
   * @param days 1 to {@link #MAX_DAYS}, and no longer than the authority itself is valid
   */
  public RecordingCertificate sign(SubjectName subject, RSAPublicKey publicKey, int days) {
    Validity validity = Validity.of(days, clock);
    if (validity.notAfter().isAfter(certificate.notAfter())) {
      throw new IllegalArgumentException("validity: " + days + " days, until " + validity.notAfter()
          + " (expected: no longer than the authority's own, until " + certificate.notAfter()
          + ")");
    }
    X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
        certificate.x509(),
        serialNumber(random),
        Date.from(validity.notBefore()),
        Date.from(validity.notAfter()),
        new X500Principal(subjectDer(subject)),
        publicKey);
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyEncipherment))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              new JcaX509ExtensionUtils()
                  .createAuthorityKeyIdentifier(certificate.x509().getPublicKey()));
      addSubjectKeyIdentifier(builder, publicKey);
      return signed(builder, keyPair);
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw cannotFail(e);
    }
  }

  /** The authority's own certificate. */
  public RecordingCertificate certificate() {
    return certificate;
  }

  /**
   * Writes {@code ca_cert.pem}, {@code ca_bundle.pem} and, mode 0600, {@code ca_key.pem}.
   *
   * @param folder exists
   * @throws IOException where one of them exists or cannot be written
   */
  public void write(Path folder) throws IOException {
    keyPair.write(folder.resolve("ca_key.pem"));
    CertificateFiles.write(folder.resolve("ca_cert.pem"), List.of(certificate));
    CertificateFiles.write(folder.resolve("ca_bundle.pem"), List.of(certificate));
  }

  private record Validity(Instant notBefore, Instant notAfter) {
    static Validity of(int days, Clock clock) {
      if (days < 1 || days > MAX_DAYS) {
        throw new IllegalArgumentException(
            "validity: " + days + " days (expected: 1 to " + MAX_DAYS + ")");
      }
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      return new Validity(now, now.plus(Duration.ofDays(days)));
    }
  }

  /** The top bit is set, so that it is positive and never short. */
  private static BigInteger serialNumber(SecureRandom random) {
    return new BigInteger(SERIAL_NUMBER_BITS, random).setBit(SERIAL_NUMBER_BITS - 1);
  }

  private static byte[] subjectDer(SubjectName subject) {
    try {
      return subject.toX500Name().getEncoded();
    } catch (IOException e) {
      throw cannotFail(e);
    }
  }

  private static void addSubjectKeyIdentifier(X509v3CertificateBuilder builder, PublicKey key)
      throws GeneralSecurityException, CertIOException {
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
  }

  private static RecordingCertificate signed(X509v3CertificateBuilder builder, RsaKeyPair signer)
      throws GeneralSecurityException, OperatorCreationException {
    var contentSigner = new JcaContentSignerBuilder(SIGNATURE_ALGORITHM).build(signer.privateKey());
    X509Certificate x509 =
        new JcaX509CertificateConverter().getCertificate(builder.build(contentSigner));
    return RecordingCertificate.of(x509);
  }

  private static IllegalStateException cannotFail(Exception e) {
    return new IllegalStateException(
        "a certificate of checked parts under an RSA key can always be made", e);
  }

  @Override
  public String toString() {
    return "CertificateAuthority[" + certificate + "]";
  }
}
