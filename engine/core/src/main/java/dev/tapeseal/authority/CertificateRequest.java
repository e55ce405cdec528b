package dev.tapeseal.authority;

import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_RSASSA_PSS;
import static org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.rsaEncryption;

import dev.tapeseal.authority.IssuanceException.RequestUnreadable;
import dev.tapeseal.certificate.CertificateDetails;
import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.certificate.Pem;
import dev.tapeseal.certificate.PemBlock;
import dev.tapeseal.certificate.PemException;
import dev.tapeseal.certificate.RecordingCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.DefaultAlgorithmNameFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate signing request (PKCS#10, RFC 2986): a name and a public key, signed by the private key that belongs to
 * it. A CA makes a certificate of it; issuer, serial number and validity are the CA's to choose, so a request has none.
 *
 * <p>Reading one says nothing about whether it should be granted: {@link CertificateAuthority#sign} decides. Immutable
 * and safe for any thread.
 */
public final class CertificateRequest {
  private static final Set<String> LABELS =
      Set.of("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
  private static final Pattern STRONG =
      Pattern.compile("SHA-?(256|384|512|3-256|3-384|3-512)WITH.*");
  private static final String PSS = "WITHRSASSA-PSS";
  private static final String EXPECTED = " (expected: BEGIN CERTIFICATE REQUEST)";

  private final PKCS10CertificationRequest request;
  private final byte[] der;
  private final X500Principal subject;
  private final @Nullable PublicKey publicKey;
  private final String signatureAlgorithm;
  private final CertificateDetails details;
  private final String source;

  private CertificateRequest(byte[] der, String source) throws RequestUnreadable {
    try {
      this.request = new PKCS10CertificationRequest(der);
      this.der = der.clone();
      this.subject = new X500Principal(request.getSubject().getEncoded());
      this.publicKey = publicKey(request);
      this.details = CertificateDetails.ofRequest(
          subject,
          publicKey == null ? keyAlgorithm(request) : CertificateDetails.keyDetails(publicKey));
      this.signatureAlgorithm = signatureAlgorithm(request.getSignatureAlgorithm());
      this.source = source;
    } catch (IOException | CertificateUnreadableException | RuntimeException e) {
      // RuntimeException too: the parsers meet bytes that nobody vouches for, and whatever they
      // throw means damage.
      throw new RequestUnreadable(
          source + ": the certificate request is damaged (expected: PKCS#10)", e);
    }
  }

  /** None where the key is of a kind, or damaged so, that JCA does not take it. */
  private static @Nullable PublicKey publicKey(PKCS10CertificationRequest request)
      throws IOException {
    var info = request.getSubjectPublicKeyInfo();
    if (!info.getAlgorithm().getAlgorithm().equals(rsaEncryption)) {
      return null;
    }
    try {
      return KeyFactory.getInstance("RSA")
          .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException unusable) {
      return null;
    }
  }

  /** Makes a request for a new subject. */
  public static CertificateRequest of(
      SubjectName subject, SigningKey key, SignatureAlgorithm algorithm) {
    return of(subject.toX500Name(), key, algorithm);
  }

  /**
   * Makes a request with the subject of an older certificate, to the byte.
   *
   * @param key the older certificate's, so that whoever has it can read old recordings and new ones; or another
   */
  public static CertificateRequest renewing(
      RecordingCertificate older, SigningKey key, SignatureAlgorithm algorithm) {
    X500Principal subject = older.x509().getSubjectX500Principal();
    return of(NewCertificate.nameOf(subject.getEncoded()), key, algorithm);
  }

  private static CertificateRequest of(
      X500Name subject, SigningKey key, SignatureAlgorithm algorithm) {
    try {
      byte[] der = new JcaPKCS10CertificationRequestBuilder(subject, key.publicKey())
          .build(new KeySigner(key, algorithm))
          .getEncoded();
      return new CertificateRequest(der, "the new request");
    } catch (IOException | RequestUnreadable e) {
      throw new IllegalStateException("a request of checked parts can always be made", e);
    }
  }

  /**
   * Reads the one request of a PEM file, as OpenSSL writes it.
   *
   * @throws IOException where the file cannot be read
   * @throws RequestUnreadable where it is not PEM, has no request or several, or it is damaged
   */
  public static CertificateRequest read(Path file) throws IOException, RequestUnreadable {
    try (Pem pem = Pem.read(file)) {
      return of(pem);
    } catch (PemException e) {
      throw notPem(e);
    }
  }

  /**
   * Reads the one request of PEM that did not come from a file.
   *
   * @param source what messages call it
   * @throws RequestUnreadable as {@link #read} does
   */
  public static CertificateRequest parse(byte[] pem, String source) throws RequestUnreadable {
    try (Pem parsed = Pem.parse(pem, source)) {
      return of(parsed);
    } catch (PemException e) {
      throw notPem(e);
    }
  }

  private static RequestUnreadable notPem(PemException e) {
    return new RequestUnreadable(
        e.getMessage() + "; a request has the line -----BEGIN CERTIFICATE REQUEST-----", e);
  }

  private static CertificateRequest of(Pem pem) throws RequestUnreadable {
    List<PemBlock> requests =
        pem.blocks().stream().filter(block -> LABELS.contains(block.label())).toList();
    if (requests.size() > 1) {
      throw new RequestUnreadable(pem.source() + ": " + requests.size()
          + " requests (expected: 1); put each in a file of its own");
    }
    if (requests.isEmpty()) {
      throw new RequestUnreadable(
          pem.source() + ": no certificate request but " + pem.blocks().get(0).label() + EXPECTED);
    }
    return new CertificateRequest(requests.get(0).der(), pem.source());
  }

  /** The request as a PEM block. */
  public byte[] toPem() {
    return Pem.encode("CERTIFICATE REQUEST", der);
  }

  /** Whom the certificate is to be for. */
  public X500Principal subject() {
    return subject;
  }

  /** What an administrator is shown of it. */
  public CertificateDetails details() {
    return details;
  }

  /** The RSA key that is to be certified; none where it is of another kind. */
  public Optional<RSAPublicKey> publicKey() {
    return publicKey instanceof RSAPublicKey key ? Optional.of(key) : Optional.empty();
  }

  /** The key's kind: {@code RSA}, or the algorithm's name or object identifier. */
  public String keyAlgorithm() {
    return keyAlgorithm(request);
  }

  private static String keyAlgorithm(PKCS10CertificationRequest request) {
    AlgorithmIdentifier algorithm = request.getSubjectPublicKeyInfo().getAlgorithm();
    return algorithm.getAlgorithm().equals(rsaEncryption)
        ? "RSA"
        : new DefaultAlgorithmNameFinder().getAlgorithmName(algorithm);
  }

  /** How it is signed, for example {@code SHA256WITHRSA}. */
  public String signatureAlgorithm() {
    return signatureAlgorithm;
  }

  private static String signatureAlgorithm(AlgorithmIdentifier algorithm) {
    var names = new DefaultAlgorithmNameFinder();
    return algorithm.getAlgorithm().equals(id_RSASSA_PSS)
        ? names.getAlgorithmName(
                RSASSAPSSparams.getInstance(algorithm.getParameters()).getHashAlgorithm())
            + PSS
        : names.getAlgorithmName(algorithm);
  }

  /** Whether it is signed with SHA-256 or better. */
  boolean isStronglySigned() {
    return STRONG.matcher(signatureAlgorithm.toUpperCase(Locale.ROOT)).matches();
  }

  /** Whether the private key of its public key signed it: proof that the sender has that key. */
  public boolean isSignatureValid() {
    if (publicKey == null) {
      return false;
    }
    try {
      var builder = new JcaContentVerifierProviderBuilder();
      if (signatureAlgorithm.endsWith(PSS)) { // which the JDK's provider knows under another name
        builder.setProvider(new BouncyCastleProvider());
      }
      return request.isSignatureValid(builder.build(publicKey));
    } catch (PKCSException | OperatorCreationException | RuntimeException notVerifiable) {
      return false;
    }
  }

  /** The extensions that it asks for, by object identifier. */
  public List<String> requestedExtensions() {
    try {
      Extensions extensions = request.getRequestedExtensions();
      return extensions == null
          ? List.of()
          : Arrays.stream(extensions.getExtensionOIDs())
              .map(ASN1ObjectIdentifier::getId)
              .toList();
    } catch (RuntimeException damaged) { // an attribute may hold anything
      return List.of();
    }
  }

  /** Those of CN, O, OU, L, ST and C that the subject lacks. */
  public List<String> missingParts() {
    X500Name name = request.getSubject();
    return Stream.of(SubjectName.Part.values())
        .filter(SubjectName.Part::isRequired)
        .filter(part -> name.getRDNs(part.type()).length == 0)
        .map(SubjectName.Part::label)
        .toList();
  }

  /** What messages call it, usually the file that it was read from. */
  public String source() {
    return source;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CertificateRequest that && Arrays.equals(der, that.der);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(der);
  }

  @Override
  public String toString() {
    return source;
  }
}
