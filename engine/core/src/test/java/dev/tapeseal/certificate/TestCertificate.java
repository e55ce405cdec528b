package dev.tapeseal.certificate;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Builds certificates with whatever oddity a test needs, on Bouncy Castle alone. Signed by their own key. */
public final class TestCertificate {

  /** When the certificates are valid from; they end a year later. */
  public static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  public static final Instant END = BEGIN.plus(Duration.ofDays(365));

  private final KeyPair keyPair;
  private X500Name issuer = new X500Name("O=Acme,CN=Test CA");
  private X500Name subject = new X500Name("O=Acme,CN=Interaction Recording");
  private BigInteger serialNumber = BigInteger.valueOf(0x2f);
  private Instant notBefore = BEGIN;
  private Instant notAfter = END;
  private ExtensionOf extensions = builder -> {};

  private interface ExtensionOf {
    void addTo(X509v3CertificateBuilder builder) throws Exception;
  }

  private TestCertificate(KeyPair keyPair) {
    this.keyPair = keyPair;
  }

  public static TestCertificate of(KeyPair keyPair) {
    return new TestCertificate(keyPair);
  }

  public static KeyPair rsa(int modulusBits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(modulusBits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static KeyPair ec() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public TestCertificate issuer(X500Name name) {
    issuer = name;
    return this;
  }

  public TestCertificate subject(X500Name name) {
    subject = name;
    return this;
  }

  public TestCertificate serialNumber(BigInteger number) {
    serialNumber = number;
    return this;
  }

  public TestCertificate valid(Instant from, Instant to) {
    notBefore = from;
    notAfter = to;
    return this;
  }

  public TestCertificate extension(ASN1ObjectIdentifier type, ASN1Encodable value) {
    ExtensionOf before = extensions;
    extensions = builder -> {
      before.addTo(builder);
      builder.addExtension(type, false, value);
    };
    return this;
  }

  public X509Certificate x509() throws Exception {
    X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
        issuer,
        serialNumber,
        Date.from(notBefore),
        Date.from(notAfter),
        subject,
        SubjectPublicKeyInfo.getInstance(keyPair.getPublic().getEncoded()));
    extensions.addTo(builder);
    String algorithm =
        keyPair.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(algorithm).build(keyPair.getPrivate())));
  }

  public RecordingCertificate build() throws Exception {
    return RecordingCertificate.of(x509());
  }
}
