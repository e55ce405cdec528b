package dev.tapeseal.authority;

import dev.tapeseal.authority.IssuanceException.AuthorityUnfit;
import dev.tapeseal.authority.IssuanceException.RequestRefused;
import dev.tapeseal.authority.NewCertificate.Kind;
import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.CertificateRefusedException;
import dev.tapeseal.certificate.RecordingCertificate;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * A certificate authority of one's own, a root or an intermediate: signs recording certificates, and further
 * authorities, with its RSA key, SHA-256 unless told otherwise, as RFC 5280 profiles them.
 *
 * <p>Serial numbers are random, 159 bits, so an authority keeps no record of what it signed. Certificates begin now, to
 * the second, and end so many days later, never after the authority and those above it. Confined to one thread; a
 * signature takes some milliseconds.
 */
public final class CertificateAuthority {

  /** The longest validity, in days: a century. */
  public static final int MAX_DAYS = 36_525;

  private final IssuerChain chain;
  private final SigningKey key;
  private final SignatureAlgorithm algorithm;
  private final Clock clock;
  private final SecureRandom random;

  private CertificateAuthority(
      IssuerChain chain,
      SigningKey key,
      SignatureAlgorithm algorithm,
      Clock clock,
      SecureRandom random) {
    this.chain = chain;
    this.key = key;
    this.algorithm = algorithm;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Makes a root authority: version 3, basic constraints CA (critical), key usage for signing certificates and CRLs
   * (critical), subject key identifier.
   *
   * @param commonName 1 to 64 characters
   * @param key stays the caller's, and is needed as long as the authority signs
   * @param days 1 to {@link #MAX_DAYS}
   */
  public static CertificateAuthority selfSigned(
      String commonName, SigningKey key, int days, Clock clock, SecureRandom random) {
    return selfSigned(commonName, key, days, SignatureAlgorithm.SHA256_RSA, clock, random);
  }

  /** The same, signed as one chooses; what the authority signs is signed in that way, too. */
  public static CertificateAuthority selfSigned(
      String commonName,
      SigningKey key,
      int days,
      SignatureAlgorithm algorithm,
      Clock clock,
      SecureRandom random) {
    var signer = new NewCertificate.Signer(null, key, algorithm, random);
    RecordingCertificate root = new NewCertificate(
            Kind.AUTHORITY, name(commonName), key.publicKey(), Validity.of(days, clock))
        .signedBy(signer);
    try {
      return of(List.of(root), key, algorithm, clock, random);
    } catch (AuthorityUnfit e) {
      throw new IllegalStateException("a root that was just made is one", e);
    }
  }

  /**
   * Takes an authority that exists.
   *
   * @param chain its own certificate first, then each one's issuer, the root last: as in a CA bundle
   * @param key of the first; stays the caller's, and is needed as long as the authority signs
   * @throws AuthorityUnfit where they are no chain of CAs with RSA keys, or the key is another's; whether they are valid
   *     now is asked when something is signed
   */
  public static CertificateAuthority of(
      List<RecordingCertificate> chain,
      SigningKey key,
      SignatureAlgorithm algorithm,
      Clock clock,
      SecureRandom random)
      throws AuthorityUnfit {
    return of(chain, "CA bundle", key, algorithm, clock, random);
  }

  /** The same, where messages call the chain by a name. */
  static CertificateAuthority of(
      List<RecordingCertificate> chain,
      String source,
      SigningKey key,
      SignatureAlgorithm algorithm,
      Clock clock,
      SecureRandom random)
      throws AuthorityUnfit {
    IssuerChain issuers = IssuerChain.of(chain, source);
    if (!issuers.authority().publicKey().equals(key.publicKey())) {
      throw new AuthorityUnfit(issuers.authority()
          + ": the private key is another's (expected: the one that belongs to this certificate)");
    }
    return new CertificateAuthority(issuers, key, algorithm, clock, random);
  }

  /**
   * Makes an authority below this one, as {@link #selfSigned} makes a root.
   *
   * @param newKey the new authority's
   * @throws AuthorityUnfit where this authority or one above it is not valid now, or a path length forbids it
   * @throws RequestRefused where it would be valid for longer than those above it, or has the name of one of them
   */
  public CertificateAuthority signAuthority(String commonName, SigningKey newKey, int days)
      throws IssuanceException {
    chain.requireFit(clock.instant(), Kind.AUTHORITY);
    return signAuthority(commonName, newKey, validity(days));
  }

  /** The same, valid for so many days, or as long as those above it where that is sooner. */
  public CertificateAuthority signAuthorityAtMost(String commonName, SigningKey newKey, int days)
      throws IssuanceException {
    chain.requireFit(clock.instant(), Kind.AUTHORITY);
    Validity wanted = Validity.of(days, clock);
    return signAuthority(
        commonName,
        newKey,
        wanted.notAfter().isAfter(chain.end()) ? Validity.until(chain.end(), clock) : wanted);
  }

  private CertificateAuthority signAuthority(
      String commonName, SigningKey newKey, Validity validity) throws IssuanceException {
    requireOwnName(name(commonName), "the new CA");
    RecordingCertificate below = new NewCertificate(
            Kind.AUTHORITY, name(commonName), newKey.publicKey(), validity)
        .signedBy(signer());
    return new CertificateAuthority(chain.above(below), newKey, algorithm, clock, random);
  }

  /**
   * Signs a recording certificate: not a CA, key usage key encipherment alone (critical), subject and authority key
   * identifiers.
   *
   * @param subject whom it is for
   * @param publicKey the key that recordings are encrypted under
   * @param days 1 to {@link #MAX_DAYS}, and no longer than the authority itself is valid
   * @throws IssuanceException where this authority may not sign, or not that
   */
  public RecordingCertificate sign(SubjectName subject, RSAPublicKey publicKey, int days)
      throws IssuanceException {
    return sign(subject.toX500Name(), publicKey, days, "the certificate");
  }

  /**
   * Grants a request with the same kind of certificate. Subject and key are the request's; extensions that it asks for
   * are not taken over.
   *
   * @throws RequestRefused where its signature is not its key's or weaker than SHA-256, its subject is empty, has
   *     control characters or is that of this authority or one above it, its key is theirs or none that recordings may
   *     be encrypted under, or it would outlive them
   * @throws AuthorityUnfit where this authority or one above it is not valid now, or a path length forbids it
   */
  public RecordingCertificate sign(CertificateRequest request, int days) throws IssuanceException {
    RSAPublicKey publicKey = request
        .publicKey()
        .orElseThrow(() -> new RequestRefused(request + ": a key for " + request.keyAlgorithm()
            + " (expected: RSA); make a new request with an RSA key"));
    if (!request.isSignatureValid()) {
      throw new RequestRefused(request + ": its signature is not that of its own key (expected:"
          + " proof that the sender has the private key); have it sent again");
    }
    if (!request.isStronglySigned()) {
      throw new RequestRefused(request + ": signed with " + request.signatureAlgorithm()
          + " (expected: SHA-256 or better); make the request anew");
    }
    X500Name subject = NewCertificate.nameOf(request.subject().getEncoded());
    if (subject.getRDNs().length == 0) {
      throw new RequestRefused(
          request + ": its subject is empty (expected: CN, O, OU, L, ST and C); make it anew");
    }
    if (hasControlCharacters(subject)) {
      throw new RequestRefused(
          request + ": its subject has control characters (expected: none, since"
              + " people read it in lists and logs); make it anew");
    }
    return sign(subject, publicKey, days, request.source());
  }

  private static boolean hasControlCharacters(X500Name subject) {
    return Arrays.stream(subject.getRDNs())
        .flatMap(names -> Arrays.stream(names.getTypesAndValues()))
        .map(AttributeTypeAndValue::getValue)
        .filter(ASN1String.class::isInstance)
        .flatMapToInt(value -> ((ASN1String) value).getString().codePoints())
        .anyMatch(Character::isISOControl);
  }

  private RecordingCertificate sign(
      X500Name subject, RSAPublicKey publicKey, int days, String source) throws IssuanceException {
    chain.requireFit(clock.instant(), Kind.RECORDING);
    requireOwnName(subject, source);
    if (chain.certificates().stream().anyMatch(above -> above.publicKey().equals(publicKey))) {
      throw new RequestRefused(
          source + ": its key is that of the authority or of one above it (expected:"
              + " a key of its own: whoever decrypts recordings must not be able to sign certificates)");
    }
    Validity validity = validity(days);
    RecordingCertificate certificate =
        new NewCertificate(Kind.RECORDING, subject, publicKey, validity).signedBy(signer());
    try {
      return CertificatePolicy.forRecording()
          .withCa(chain.bundle())
          .accept(certificate, validity.notBefore());
    } catch (CertificateRefusedException e) {
      throw new RequestRefused(
          source + ": no recording could be encrypted under what it asks for: " + e.getMessage(),
          e);
    }
  }

  /** Who verifies finds an issuer by its name: one that two have leads to the wrong key, or round in circles. */
  private void requireOwnName(X500Name subject, String source) throws RequestRefused {
    for (RecordingCertificate above : chain.certificates()) {
      if (NewCertificate.nameOf(above.x509().getSubjectX500Principal().getEncoded())
          .equals(subject)) {
        throw new RequestRefused(
            source + ": its subject is " + above.subject()
                + ", that of the authority or of one above it (expected: another); choose another name");
      }
    }
  }

  private Validity validity(int days) throws RequestRefused {
    Validity validity = Validity.of(days, clock);
    Instant end = chain.end();
    if (validity.notAfter().isAfter(end)) {
      throw new RequestRefused("validity: " + days + " days, until " + validity.notAfter()
          + " (expected: no longer than the authority's own, until " + end + ")");
    }
    return validity;
  }

  private NewCertificate.Signer signer() {
    return new NewCertificate.Signer(chain.authority(), key, algorithm, random);
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.CN, SubjectName.Part.COMMON_NAME.checked(commonName))
        .build();
  }

  /** The authority's own certificate. */
  public RecordingCertificate certificate() {
    return chain.authority();
  }

  /** Its CA bundle: its own certificate first, then each one's issuer, the root last. */
  public List<RecordingCertificate> chain() {
    return chain.certificates();
  }

  @Override
  public String toString() {
    return "CertificateAuthority[" + certificate() + "]";
  }
}
