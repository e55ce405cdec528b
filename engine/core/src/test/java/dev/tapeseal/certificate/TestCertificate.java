package dev.tapeseal.certificate;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Builds certificates with whatever oddity a test needs, on Bouncy Castle alone. Signed by their own key, unless
 * another is given.
 */
public final class TestCertificate {

  /** When the certificates are valid from; they end a year later. */
  public static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  public static final Instant END = BEGIN.plus(Duration.ofDays(365));

  private final PublicKey publicKey;
  private @Nullable PrivateKey signer;
  private @Nullable String signatureAlgorithm;
  private boolean isVersion1;
  private X500Name issuer = new X500Name("O=Acme,CN=Test CA");
  private X500Name subject = new X500Name("O=Acme,CN=Interaction Recording");
  private BigInteger serialNumber = BigInteger.valueOf(0x2f);
  private Instant notBefore = BEGIN;
  private Instant notAfter = END;
  private ExtensionOf extensions = builder -> {};

  private interface ExtensionOf {
    void addTo(X509v3CertificateBuilder builder) throws Exception;
  }

  private TestCertificate(PublicKey publicKey, @Nullable PrivateKey signer) {
    this.publicKey = publicKey;
    this.signer = signer;
  }

  public static TestCertificate of(KeyPair keyPair) {
    return new TestCertificate(keyPair.getPublic(), keyPair.getPrivate());
  }

  /** For a key whose private half nobody needs; somebody else signs it. */
  public static TestCertificate of(PublicKey publicKey) {
    return new TestCertificate(publicKey, null);
  }

  /** An RSA key of any modulus, whether or not it is the product of two primes. */
  public static PublicKey rsaKey(BigInteger modulus, long exponent) {
    try {
      return KeyFactory.getInstance("RSA")
          .generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(exponent)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new key pair of another kind, for example {@code Ed25519}. */
  public static KeyPair keyPair(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
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

  /** Signed by another's key, in that one's name. */
  public TestCertificate signedBy(X500Name name, KeyPair authority) {
    issuer = name;
    signer = authority.getPrivate();
    return this;
  }

  public TestCertificate signature(String algorithm) {
    signatureAlgorithm = algorithm;
    return this;
  }

  /** Version 1, which has no extensions. */
  public TestCertificate version1() {
    isVersion1 = true;
    return this;
  }

  public TestCertificate critical(ASN1ObjectIdentifier type, ASN1Encodable value) {
    ExtensionOf before = extensions;
    extensions = builder -> {
      before.addTo(builder);
      builder.addExtension(type, true, value);
    };
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
    if (signer == null) {
      throw new IllegalStateException("signer: none (expected: signedBy)");
    }
    String usual = signer.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    String algorithm = signatureAlgorithm == null ? usual : signatureAlgorithm;
    JcaContentSignerBuilder signing = new JcaContentSignerBuilder(algorithm);
    if (algorithm.endsWith("MGF1")) { // which the platform calls otherwise
      signing.setProvider(new BouncyCastleProvider());
    }
    ContentSigner contentSigner = signing.build(signer);
    return new JcaX509CertificateConverter().getCertificate(holder(contentSigner));
  }

  private X509CertificateHolder holder(ContentSigner contentSigner) throws Exception {
    SubjectPublicKeyInfo key = SubjectPublicKeyInfo.getInstance(publicKey.getEncoded());
    Date from = Date.from(notBefore);
    Date to = Date.from(notAfter);
    if (isVersion1) {
      return new X509v1CertificateBuilder(issuer, serialNumber, from, to, subject, key)
          .build(contentSigner);
    }
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(issuer, serialNumber, from, to, subject, key);
    extensions.addTo(builder);
    return builder.build(contentSigner);
  }

  public RecordingCertificate build() throws Exception {
    return RecordingCertificate.of(x509());
  }
}
