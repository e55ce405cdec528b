package dev.tapeseal.certificate;

import static dev.tapeseal.certificate.TestCertificate.BEGIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A certificate for each rule, that breaks it and no other: seeds are fixed, so a failure comes again. It is long because
 * the rules are many.
 */
class PolicyRulesTest {
  private static final Instant AT = BEGIN.plus(Duration.ofDays(100));
  private static final Random RANDOM = new Random(20_261_124);
  private static final X500Name ROOT = new X500Name("O=Acme,CN=Root CA");
  private static final X500Name INTERMEDIATE = new X500Name("O=Acme,CN=Intermediate CA");
  private static final X500Name SUBJECT = new X500Name("O=Acme,CN=Interaction Recording");
  private static final KeyPair ROOT_KEY = TestCertificate.rsa(2048);
  private static final KeyPair INTERMEDIATE_KEY = TestCertificate.rsa(2048);
  private static final KeyPair KEY = TestCertificate.rsa(2048);
  private static final BigInteger PRIME = prime(1024);
  private static final BigInteger OTHER_PRIME = prime(1024);
  private static final BigInteger CLOSE_PRIME = prime(1024);
  private static final ASN1ObjectIdentifier POLICY =
      new ASN1ObjectIdentifier("2.16.840.1.101.3.2.1.48.1");

  @FunctionalInterface
  interface Change {
    TestCertificate of(TestCertificate certificate);
  }

  static Stream<Arguments> recordingCertificates() throws Exception {
    return Stream.of(
        row("a usual one", KEY.getPublic(), c -> c, ""),
        row("RSA of 1024 bits", TestCertificate.rsa(1024).getPublic(), c -> c, "key-size"),
        row("RSA of 2047 bits", modulusOf(1024, 1023, 2047), c -> c, "key-size"),
        row("RSA of 2052 bits", modulusOf(1026, 1026, 2052), c -> c, "key-size"),
        row("RSA of 2056 bits", modulusOf(1028, 1028, 2056), c -> c, ""),
        row("exponent 3", rsa(modulus(KEY), 3), c -> c, "public-exponent"),
        row("exponent 65539", rsa(modulus(KEY), 65_539), c -> c, "public-exponent"),
        row("ROCA", rsa(rocaPrime().multiply(rocaPrime()), 65_537), c -> c, "roca"),
        row("even", rsa(prime(2047).shiftLeft(1), 65_537), c -> c, "small-factors"),
        row(
            "a factor of 65521",
            rsa(prime(2032).multiply(BigInteger.valueOf(65_521)), 65_537),
            c -> c,
            "small-factors"),
        row(
            "close primes",
            rsa(
                CLOSE_PRIME.multiply(
                    CLOSE_PRIME.add(BigInteger.ONE.shiftLeft(500)).nextProbablePrime()),
                65_537),
            c -> c,
            "close-primes"),
        row("a square", rsa(PRIME.multiply(PRIME), 65_537), c -> c, "close-primes shared-factor"),
        row("a shared prime", rsa(PRIME.multiply(prime(1024)), 65_537), c -> c, "shared-factor"),
        row("DSA", TestCertificate.keyPair("DSA").getPublic(), c -> c, "key-algorithm"),
        row("EC", TestCertificate.ec().getPublic(), c -> c, "key-algorithm"),
        row("Ed25519", TestCertificate.keyPair("Ed25519").getPublic(), c -> c, "key-algorithm"),
        row(
            "RSASSA-PSS",
            TestCertificate.keyPair("RSASSA-PSS").getPublic(),
            c -> c,
            "key-algorithm"),
        row("version 1", KEY.getPublic(), TestCertificate::version1, "version"),
        row("serial 0", KEY.getPublic(), c -> c.serialNumber(BigInteger.ZERO), "serial-number"),
        row(
            "serial -1",
            KEY.getPublic(),
            c -> c.serialNumber(BigInteger.ONE.negate()),
            "serial-number"),
        row(
            "serial of 20 octets",
            KEY.getPublic(),
            c -> c.serialNumber(BigInteger.ONE.shiftLeft(158)),
            ""),
        row(
            "serial of 21 octets",
            KEY.getPublic(),
            c -> c.serialNumber(BigInteger.ONE.shiftLeft(159)),
            "serial-number"),
        row(
            "a serial that another key has",
            KEY.getPublic(),
            c -> c.serialNumber(BigInteger.TEN),
            "issuer-and-serial"),
        row("SHA-1", KEY.getPublic(), c -> c.signature("SHA1withRSA"), "signature-algorithm"),
        row("MD5", KEY.getPublic(), c -> c.signature("MD5withRSA"), "signature-algorithm"),
        row("SHA-384", KEY.getPublic(), c -> c.signature("SHA384withRSA"), ""),
        row("PSS", KEY.getPublic(), c -> c.signature("SHA256withRSAandMGF1"), ""),
        row(
            "PSS over SHA-1",
            KEY.getPublic(),
            c -> c.signature("SHA1withRSAandMGF1"),
            "signature-algorithm"),
        row(
            "an unknown critical extension",
            KEY.getPublic(),
            c -> c.critical(new ASN1ObjectIdentifier("1.2.3.4"), DERNull.INSTANCE),
            "critical-extensions chain"),
        row(
            "an unknown extension",
            KEY.getPublic(),
            c -> c.extension(new ASN1ObjectIdentifier("1.2.3.4"), DERNull.INSTANCE),
            ""),
        row("expired", KEY.getPublic(), c -> c.valid(BEGIN, AT.minusSeconds(1)), "validity"),
        row(
            "not yet valid",
            KEY.getPublic(),
            c -> c.valid(AT.plusSeconds(1), TestCertificate.END),
            "validity"),
        row(
            "a CA",
            KEY.getPublic(),
            c -> c.critical(Extension.basicConstraints, new BasicConstraints(true)),
            "end-entity"),
        row(
            "no CA, which it says",
            KEY.getPublic(),
            c -> c.critical(Extension.basicConstraints, new BasicConstraints(false)),
            ""),
        row(
            "for signatures",
            KEY.getPublic(),
            c -> c.critical(Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature)),
            "key-usage"),
        row(
            "for key encipherment",
            KEY.getPublic(),
            c -> c.critical(Extension.keyUsage, new KeyUsage(KeyUsage.keyEncipherment)),
            ""),
        row(
            "for servers",
            KEY.getPublic(),
            c -> c.extension(
                Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)),
            "extended-key-usage"),
        row(
            "for mail",
            KEY.getPublic(),
            c -> c.extension(
                Extension.extendedKeyUsage,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_emailProtection)),
            ""),
        row(
            "for anything",
            KEY.getPublic(),
            c -> c.extension(
                Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage)),
            ""),
        row(
            "an extended key usage that is none",
            KEY.getPublic(),
            c -> c.extension(Extension.extendedKeyUsage, DERNull.INSTANCE),
            "extended-key-usage"),
        row(
            "signed by another key in the CA's name",
            KEY.getPublic(),
            c -> c.signedBy(INTERMEDIATE, KEY),
            "chain"),
        row(
            "signed by a stranger",
            KEY.getPublic(),
            c -> c.signedBy(new X500Name("CN=Stranger"), KEY),
            "chain"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("recordingCertificates")
  void eachRule_isBrokenByItsCertificateAlone(
      String name, TestCertificate certificate, String broken) throws Exception {
    RecordingCertificate neighbour = TestCertificate.of(rsa(PRIME.multiply(OTHER_PRIME), 65_537))
        .signedBy(INTERMEDIATE, INTERMEDIATE_KEY)
        .serialNumber(BigInteger.TEN)
        .build();
    CertificatePolicy policy = CertificatePolicy.forRecording()
        .withCa(bundle(c -> c, c -> c))
        .withKnown(List.of(neighbour));

    assertThat(broken(policy, certificate.build())).isEqualTo(broken);
  }

  static Stream<Arguments> authorities() {
    GeneralSubtree elsewhere = new GeneralSubtree(new GeneralName(new X500Name("O=Elsewhere")));
    GeneralSubtree acme = new GeneralSubtree(new GeneralName(new X500Name("O=Acme")));
    NameConstraints onlyElsewhere = new NameConstraints(new GeneralSubtree[] {elsewhere}, null);
    NameConstraints neverAcme = new NameConstraints(null, new GeneralSubtree[] {acme});
    NameConstraints onlyAcme = new NameConstraints(new GeneralSubtree[] {acme}, null);
    Change same = c -> c;
    return Stream.of(
        Arguments.of("usual", same, same, ""),
        Arguments.of("root by SHA-1", (Change) c -> c.signature("SHA1withRSA"), same, ""),
        Arguments.of(
            "intermediate by SHA-1", same, (Change) c -> c.signature("SHA1withRSA"), "chain"),
        Arguments.of("intermediate by MD5", same, (Change) c -> c.signature("MD5withRSA"), "chain"),
        Arguments.of(
            "root expired", (Change) c -> c.valid(BEGIN, AT.minusSeconds(1)), same, "chain"),
        Arguments.of(
            "intermediate expired",
            same,
            (Change) c -> c.valid(BEGIN, AT.minusSeconds(1)),
            "chain"),
        Arguments.of(
            "root may sign Acme",
            (Change) c -> c.critical(Extension.nameConstraints, onlyAcme),
            same,
            ""),
        Arguments.of(
            "root may sign elsewhere only",
            (Change) c -> c.critical(Extension.nameConstraints, onlyElsewhere),
            same,
            "name-constraints"),
        Arguments.of(
            "root may never sign Acme",
            (Change) c -> c.critical(Extension.nameConstraints, neverAcme),
            same,
            "name-constraints"),
        Arguments.of(
            "intermediate may sign elsewhere only",
            same,
            (Change) c -> c.critical(Extension.nameConstraints, onlyElsewhere),
            "name-constraints"),
        Arguments.of(
            "root has an unknown critical extension",
            (Change) c -> c.critical(new ASN1ObjectIdentifier("1.2.3.4"), DERNull.INSTANCE),
            same,
            "chain"),
        Arguments.of(
            "intermediate has an unknown critical extension",
            same,
            (Change) c -> c.critical(new ASN1ObjectIdentifier("1.2.3.4"), DERNull.INSTANCE),
            "chain"));
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("authorities")
  void theRulesOfAuthorities_areThoseOfTheWholeChain(
      String name, Change root, Change intermediate, String broken) throws Exception {
    CertificatePolicy policy = CertificatePolicy.forRecording().withCa(bundle(root, intermediate));

    assertThat(broken(policy, signed(KEY.getPublic()).build())).isEqualTo(broken);
  }

  @Test
  void anAuthorityThatIsNone_refusesTheChain() throws Exception {
    RecordingCertificate root =
        authority(ROOT_KEY, ROOT).signedBy(ROOT, ROOT_KEY).build();
    RecordingCertificate noCa = TestCertificate.of(INTERMEDIATE_KEY)
        .subject(INTERMEDIATE)
        .signedBy(ROOT, ROOT_KEY)
        .build();
    RecordingCertificate mayNotSign = TestCertificate.of(INTERMEDIATE_KEY)
        .subject(INTERMEDIATE)
        .critical(Extension.basicConstraints, new BasicConstraints(true))
        .critical(Extension.keyUsage, new KeyUsage(KeyUsage.cRLSign))
        .signedBy(ROOT, ROOT_KEY)
        .build();
    RecordingCertificate shortRoot = TestCertificate.of(ROOT_KEY)
        .subject(ROOT)
        .critical(Extension.basicConstraints, new BasicConstraints(0))
        .signedBy(ROOT, ROOT_KEY)
        .build();
    RecordingCertificate good =
        authority(INTERMEDIATE_KEY, INTERMEDIATE).signedBy(ROOT, ROOT_KEY).build();

    assertThat(explanation(List.of(noCa, root), "chain")).contains("is no CA");
    assertThat(explanation(List.of(mayNotSign, root), "chain")).contains("key usage forbids");
    assertThat(explanation(List.of(good, shortRoot), "chain")).contains("path length");
  }

  @Test
  void weakKeysOfAuthorities_refuseTheChain() throws Exception {
    KeyPair shortKey = TestCertificate.rsa(1024);
    RecordingCertificate root =
        authority(shortKey, INTERMEDIATE).signedBy(INTERMEDIATE, shortKey).build();
    RecordingCertificate certificate = TestCertificate.of(KEY.getPublic())
        .subject(SUBJECT)
        .signedBy(INTERMEDIATE, shortKey)
        .build();
    CertificatePolicy policy =
        CertificatePolicy.forRecording().withCa(CaBundle.of(List.of(root), "ca.pem"));

    assertThat(broken(policy, certificate)).isEqualTo("chain");
  }

  @Test
  void aSelfSignedCa_isARecordingCertificate_unlessItsUsageForbidsIt() throws Exception {
    RecordingCertificate plain = TestCertificate.of(KEY)
        .subject(SUBJECT)
        .signedBy(SUBJECT, KEY)
        .critical(Extension.basicConstraints, new BasicConstraints(true))
        .build();
    RecordingCertificate forSigning =
        authority(KEY, SUBJECT).signedBy(SUBJECT, KEY).build();
    RecordingCertificate forged = TestCertificate.of(KEY)
        .subject(SUBJECT)
        .signedBy(SUBJECT, ROOT_KEY)
        .critical(Extension.basicConstraints, new BasicConstraints(true))
        .build();

    assertThat(broken(own(plain), plain)).isEmpty();
    assertThat(broken(CertificatePolicy.forRecording(), plain)).isEmpty();
    assertThat(broken(own(forSigning), forSigning)).isEqualTo("key-usage");
    assertThat(broken(CertificatePolicy.forRecording(), forged)).isEqualTo("end-entity");
    assertThat(broken(own(plain), forged)).isEqualTo("end-entity chain");
  }

  @Test
  void otherExponents_passWhereTheyAreAllowed() throws Exception {
    CertificatePolicy policy = CertificatePolicy.forRecording().withAnyPublicExponent();

    assertThat(broken(policy, signed(rsa(modulus(KEY), 3)).build())).isEmpty();
    assertThat(broken(policy, signed(rsa(modulus(KEY), 65_536)).build()))
        .isEqualTo("public-exponent");
  }

  @Test
  void aRequiredPolicy_mustHoldForTheWholeChain() throws Exception {
    CertificatePolicies under = new CertificatePolicies(new PolicyInformation(POLICY));
    RecordingCertificate certificate =
        signed(KEY.getPublic()).extension(Extension.certificatePolicies, under).build();
    CertificatePolicy required =
        CertificatePolicy.forRecording().withRequiredPolicies(Set.of(POLICY.getId()));
    CaBundle silent = bundle(c -> c, c -> c);
    CaBundle spoken = bundle(c -> c, c -> c.extension(Extension.certificatePolicies, under));

    assertThat(broken(required.withCa(spoken), certificate)).isEmpty();
    assertThat(broken(required.withCa(silent), certificate)).isEqualTo("chain");
    assertThat(broken(required.withCa(spoken), signed(KEY.getPublic()).build())).isEqualTo("chain");
  }

  @Test
  void revocation_isJudgedByTheListsThatAreGiven() throws Exception {
    RecordingCertificate certificate = signed(KEY.getPublic()).build();
    CertificatePolicy policy = CertificatePolicy.forRecording().withCa(bundle(c -> c, c -> c));
    RevocationList ofRoot = revocationList(ROOT, ROOT_KEY, AT, BigInteger.ONE);
    RevocationList clean = revocationList(INTERMEDIATE, INTERMEDIATE_KEY, AT, BigInteger.ONE);
    BigInteger number = certificate.x509().getSerialNumber();
    RevocationList revoking = revocationList(INTERMEDIATE, INTERMEDIATE_KEY, AT, number);
    RevocationList outdated = revocationList(
        INTERMEDIATE, INTERMEDIATE_KEY, AT.minus(Duration.ofDays(30)), BigInteger.ONE);
    RevocationList forged = revocationList(INTERMEDIATE, ROOT_KEY, AT, BigInteger.ONE);

    assertThat(broken(policy.withRevocationLists(List.of(ofRoot, clean)), certificate))
        .isEmpty();
    for (List<RevocationList> lists : List.of(
        List.of(ofRoot, revoking),
        List.of(ofRoot, outdated),
        List.of(ofRoot, forged),
        List.of(ofRoot),
        List.of(clean))) {
      assertThat(broken(policy.withRevocationLists(lists), certificate))
          .as("%s", lists)
          .isEqualTo("revocation");
    }
  }

  @Test
  void revocationThatBeginsAfterTheListWasMade_countsFromThenOn_forAnAuthorityToo()
      throws Exception {
    RecordingCertificate certificate = signed(KEY.getPublic()).build();
    CaBundle bundle = bundle(c -> c, c -> c);
    BigInteger number = certificate.x509().getSerialNumber();
    BigInteger intermediatesNumber = bundle.certificates().get(0).x509().getSerialNumber();
    Instant later = AT.plus(Duration.ofDays(2));
    RevocationList ofRoot = revocationList(ROOT, ROOT_KEY, AT, BigInteger.ONE);
    RevocationList clean = revocationList(INTERMEDIATE, INTERMEDIATE_KEY, AT, BigInteger.ONE);
    for (List<RevocationList> lists : List.of(
        List.of(ofRoot, revocationList(INTERMEDIATE, INTERMEDIATE_KEY, AT, number, later)),
        List.of(revocationList(ROOT, ROOT_KEY, AT, intermediatesNumber, later), clean))) {
      CertificatePolicy policy =
          CertificatePolicy.forRecording().withCa(bundle).withRevocationLists(lists);

      for (Instant before : List.of(AT, later.minusSeconds(1))) {
        assertThat(broken(policy, certificate, before)).as("%s", before).isEmpty();
      }
      for (Instant after : List.of(later, later.plus(Duration.ofDays(1)))) {
        assertThat(broken(policy, certificate, after)).as("%s", after).isEqualTo("revocation");
      }
    }
  }

  private static RevocationList revocationList(
      X500Name issuer, KeyPair key, Instant from, BigInteger revoked) throws Exception {
    return revocationList(issuer, key, from, revoked, from.minusSeconds(120));
  }

  private static RevocationList revocationList(
      X500Name issuer, KeyPair key, Instant from, BigInteger revoked, Instant since)
      throws Exception {
    X509v2CRLBuilder builder = new X509v2CRLBuilder(issuer, Date.from(from.minusSeconds(60)))
        .setNextUpdate(Date.from(from.plus(Duration.ofDays(7))))
        .addCRLEntry(revoked, Date.from(since), CRLReason.superseded);
    X509CRL list = new JcaX509CRLConverter()
        .getCRL(
            builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(key.getPrivate())));
    byte[] pem = Pem.encode("X509 CRL", list.getEncoded());
    assertThat(RevocationList.parse(list.getEncoded(), "crl.der")).hasSize(1);
    return RevocationList.parse(pem, "crl.pem").get(0);
  }

  private static String explanation(List<RecordingCertificate> bundle, String rule)
      throws Exception {
    RecordingCertificate certificate = signed(KEY.getPublic()).build();
    return CertificatePolicy.forRecording()
        .withCa(CaBundle.of(bundle, "ca.pem"))
        .check(certificate, AT)
        .stream()
        .filter(verdict -> verdict.rule().equals(rule) && verdict.isRefusal())
        .map(Verdict::explanation)
        .collect(Collectors.joining());
  }

  @Test
  void authorityInWhoseNameAnybodyCanSign_isNone() throws Exception {
    for (PublicKey key : List.of(rsa(modulus(KEY), 65_536), rsa(modulus(KEY), 3))) {
      boolean isOdd = ((RSAPublicKey) key).getPublicExponent().testBit(0);
      assertThat(AuthorityKeys.objection(
              TestCertificate.of(key).signedBy(ROOT, ROOT_KEY).x509()))
          .as("%s", key)
          .matches(objection -> objection.isEmpty() == isOdd);
    }
  }

  private static String broken(CertificatePolicy policy, RecordingCertificate certificate) {
    return broken(policy, certificate, AT);
  }

  private static String broken(
      CertificatePolicy policy, RecordingCertificate certificate, Instant at) {
    return policy.check(certificate, at).stream()
        .filter(Verdict::isRefusal)
        .map(Verdict::rule)
        .collect(Collectors.joining(" "));
  }

  private static CertificatePolicy own(RecordingCertificate certificate) throws Exception {
    return CertificatePolicy.forRecording().withCa(CaBundle.of(List.of(certificate), "own.pem"));
  }

  private static CaBundle bundle(Change root, Change intermediate) throws Exception {
    return CaBundle.of(
        List.of(
            intermediate
                .of(authority(INTERMEDIATE_KEY, INTERMEDIATE).signedBy(ROOT, ROOT_KEY))
                .build(),
            root.of(authority(ROOT_KEY, ROOT).signedBy(ROOT, ROOT_KEY)).build()),
        "ca_bundle.pem");
  }

  private static TestCertificate authority(KeyPair key, X500Name name) {
    return TestCertificate.of(key)
        .subject(name)
        .serialNumber(BigInteger.TWO)
        .critical(Extension.basicConstraints, new BasicConstraints(true))
        .critical(Extension.keyUsage, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
  }

  private static TestCertificate signed(PublicKey key) {
    return TestCertificate.of(key).subject(SUBJECT).signedBy(INTERMEDIATE, INTERMEDIATE_KEY);
  }

  private static Arguments row(String name, PublicKey key, Change change, String broken) {
    return Arguments.of(name, change.of(signed(key)), broken);
  }

  private static PublicKey rsa(BigInteger modulus, long exponent) {
    return TestCertificate.rsaKey(modulus, exponent);
  }

  private static BigInteger modulus(KeyPair key) {
    return ((RSAPublicKey) key.getPublic()).getModulus();
  }

  private static PublicKey modulusOf(int bitsOfP, int bitsOfQ, int bits) {
    BigInteger modulus = BigInteger.ZERO;
    while (modulus.bitLength() != bits) {
      modulus = prime(bitsOfP).multiply(prime(bitsOfQ));
    }
    return rsa(modulus, 65_537);
  }

  private static BigInteger prime(int bits) {
    return BigInteger.probablePrime(bits, RANDOM);
  }

  /** As the affected library made them: k · M + (65537^a mod M), M the product of the first primes. */
  private static BigInteger rocaPrime() {
    BigInteger product = BigInteger.ONE;
    for (int number = 2; number <= 167; number++) {
      if (BigInteger.valueOf(number).isProbablePrime(50)) {
        product = product.multiply(BigInteger.valueOf(number));
      }
    }
    while (true) {
      BigInteger power = BigInteger.valueOf(65_537).modPow(new BigInteger(64, RANDOM), product);
      BigInteger about = new BigInteger(1024, RANDOM).setBit(1023).setBit(1022);
      BigInteger candidate = product.multiply(about.divide(product)).add(power);
      if (candidate.bitLength() == 1024 && candidate.isProbablePrime(50)) {
        return candidate;
      }
    }
  }
}
