package dev.tapeseal.certificate;

import static dev.tapeseal.certificate.TestCertificate.BEGIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.certificate.Verdict.Outcome;
import java.math.BigInteger;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Revocation lists that somebody brings who would rather have a revoked certificate accepted: a list counts only where
 * it says of this very certificate that it is not revoked.
 */
class RevocationTest {
  private static final Instant AT = BEGIN.plus(Duration.ofDays(100));
  private static final X500Name CA = new X500Name("O=Acme,CN=Recording CA");
  private static final X500Name OTHER = new X500Name("O=Acme,CN=Other CA");
  private static final KeyPair CA_KEY = TestCertificate.rsa(2048);
  private static final KeyPair OTHER_KEY = TestCertificate.rsa(2048);
  private static final KeyPair KEY = TestCertificate.rsa(2048);
  private static final BigInteger SERIAL = BigInteger.valueOf(4711);
  private static final BigInteger SOMEBODY = BigInteger.valueOf(4712);

  /** A list that is being made. */
  private static final class ListOf {
    private final X509v2CRLBuilder builder;
    private KeyPair key = CA_KEY;

    private ListOf(X500Name issuer, Instant from) {
      builder = new X509v2CRLBuilder(issuer, Date.from(from))
          .setNextUpdate(Date.from(from.plus(Duration.ofDays(7))));
    }

    static ListOf ca() throws Exception {
      return new ListOf(CA, AT.minusSeconds(60)).number(10);
    }

    ListOf number(long number) throws Exception {
      builder.addExtension(Extension.cRLNumber, false, new ASN1Integer(number));
      return this;
    }

    ListOf signedBy(KeyPair signer) {
      key = signer;
      return this;
    }

    ListOf revoking(BigInteger serialNumber, int reason) {
      builder.addCRLEntry(serialNumber, Date.from(AT.minusSeconds(120)), reason);
      return this;
    }

    ListOf scope(IssuingDistributionPoint scope) throws Exception {
      builder.addExtension(Extension.issuingDistributionPoint, true, scope);
      return this;
    }

    ListOf deltaOf(long base) throws Exception {
      builder.addExtension(Extension.deltaCRLIndicator, true, new ASN1Integer(base));
      return this;
    }

    byte[] der() throws Exception {
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(key.getPublic()));
      return builder
          .build(new JcaContentSignerBuilder("SHA256withRSA").build(key.getPrivate()))
          .getEncoded();
    }

    RevocationList made() throws Exception {
      return RevocationList.parse(der(), "crl.der").get(0);
    }
  }

  private static IssuingDistributionPoint scope(
      boolean onlyUsers,
      boolean onlyCas,
      @Nullable ReasonFlags reasons,
      boolean indirect,
      boolean attributes) {
    return new IssuingDistributionPoint(null, onlyUsers, onlyCas, reasons, indirect, attributes);
  }

  private static CaBundle ca(int keyUsage) throws Exception {
    return CaBundle.of(
        List.of(TestCertificate.of(CA_KEY)
            .subject(CA)
            .issuer(CA)
            .critical(Extension.basicConstraints, new BasicConstraints(true))
            .critical(Extension.keyUsage, new KeyUsage(keyUsage))
            .build()),
        "ca.pem");
  }

  private static Verdict revocation(CaBundle bundle, List<RevocationList> lists) throws Exception {
    RecordingCertificate certificate = TestCertificate.of(KEY.getPublic())
        .signedBy(CA, CA_KEY)
        .serialNumber(SERIAL)
        .extension(Extension.keyUsage, new KeyUsage(KeyUsage.keyEncipherment))
        .build();
    return CertificatePolicy.forRecording()
        .withCa(bundle)
        .withRevocationLists(lists)
        .check(certificate, AT)
        .stream()
        .filter(verdict -> verdict.rule().equals("revocation"))
        .findFirst()
        .orElseThrow();
  }

  private static final int USUAL = KeyUsage.keyCertSign | KeyUsage.cRLSign;

  static Stream<Arguments> listsThatDoNotCount() throws Exception {
    byte[] notSigned = ListOf.ca().der();
    notSigned[notSigned.length - 1] ^= 1;
    ListOf unknownExtension = ListOf.ca();
    unknownExtension.builder.addExtension(
        new ASN1ObjectIdentifier("1.2.3.4"), true, DERNull.INSTANCE);
    return Stream.of(
        Arguments.of(
            "none of the CA's",
            List.of(new ListOf(OTHER, AT).signedBy(OTHER_KEY).made())),
        Arguments.of(
            "the CA's name, another's key",
            List.of(ListOf.ca().signedBy(OTHER_KEY).made())),
        Arguments.of(
            "signed by the certificate itself",
            List.of(ListOf.ca().signedBy(KEY).made())),
        Arguments.of(
            "a signature that is off by a bit",
            List.of(RevocationList.parse(notSigned, "crl.der").get(0))),
        Arguments.of(
            "stale by a second",
            List.of(new ListOf(CA, AT.minus(Duration.ofDays(7)).minusSeconds(1)).made())),
        Arguments.of(
            "of CAs alone",
            List.of(ListOf.ca().scope(scope(false, true, null, false, false)).made())),
        Arguments.of(
            "of attribute certificates alone",
            List.of(ListOf.ca().scope(scope(false, false, null, false, true)).made())),
        Arguments.of(
            "of some reasons alone",
            List.of(ListOf.ca()
                .scope(
                    scope(false, false, new ReasonFlags(ReasonFlags.keyCompromise), false, false))
                .made())),
        Arguments.of(
            "indirect, of another issuer",
            List.of(new ListOf(OTHER, AT.minusSeconds(60))
                .signedBy(OTHER_KEY)
                .scope(scope(false, false, null, true, false))
                .made())),
        Arguments.of("a delta without its base", List.of(ListOf.ca().deltaOf(9).made())),
        Arguments.of("an unknown critical extension", List.of(unknownExtension.made())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void listsThatDoNotCount(String what, List<RevocationList> lists) throws Exception {
    Verdict verdict = revocation(ca(USUAL), lists);

    assertThat(verdict.outcome()).as(verdict.explanation()).isEqualTo(Outcome.REFUSED);
  }

  static Stream<Arguments> listsThatDoNotRevoke() throws Exception {
    return Stream.of(
        Arguments.of("empty", List.of(ListOf.ca().made())),
        Arguments.of(
            "somebody else's",
            List.of(ListOf.ca().revoking(SOMEBODY, CRLReason.keyCompromise).made())),
        Arguments.of(
            "of end entities",
            List.of(ListOf.ca().scope(scope(true, false, null, false, false)).made())),
        Arguments.of(
            "a delta with its base, which revokes somebody else",
            List.of(
                new ListOf(CA, AT.minusSeconds(600)).number(9).made(),
                ListOf.ca()
                    .deltaOf(9)
                    .revoking(SOMEBODY, CRLReason.keyCompromise)
                    .made())),
        Arguments.of(
            "released from hold by the later list",
            List.of(
                new ListOf(CA, AT.minusSeconds(600))
                    .number(9)
                    .revoking(SERIAL, CRLReason.certificateHold)
                    .made(),
                ListOf.ca().made())),
        Arguments.of(
            "another's beside ours",
            List.of(
                new ListOf(OTHER, AT).signedBy(OTHER_KEY).revoking(SERIAL, 0).made(),
                ListOf.ca().made())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void listsThatDoNotRevoke(String what, List<RevocationList> lists) throws Exception {
    Verdict verdict = revocation(ca(USUAL), lists);

    assertThat(verdict.outcome()).as(verdict.explanation()).isEqualTo(Outcome.PASSED);
  }

  static Stream<Arguments> listsThatRevoke() throws Exception {
    ListOf unknownEntryExtension = ListOf.ca();
    unknownEntryExtension.builder.addCRLEntry(
        SERIAL,
        Date.from(AT.minusSeconds(120)),
        new Extensions(new Extension(
            new ASN1ObjectIdentifier("1.2.3.4"), true, DERNull.INSTANCE.getEncoded())));
    RevocationList older = new ListOf(CA, AT.minusSeconds(600)).number(9).made();
    RevocationList revoking =
        ListOf.ca().revoking(SERIAL, CRLReason.keyCompromise).made();
    return Stream.of(
        Arguments.of("no reason", List.of(ListOf.ca().revoking(SERIAL, 0).made())),
        Arguments.of(
            "on hold",
            List.of(ListOf.ca().revoking(SERIAL, CRLReason.certificateHold).made())),
        Arguments.of(
            "superseded",
            List.of(ListOf.ca().revoking(SERIAL, CRLReason.superseded).made())),
        Arguments.of(
            "beside an older list that is clean and current, too", List.of(older, revoking)),
        Arguments.of("before that older list", List.of(revoking, older)),
        Arguments.of(
            "the delta alone revokes",
            List.of(
                new ListOf(CA, AT.minusSeconds(600)).number(9).made(),
                ListOf.ca().deltaOf(9).revoking(SERIAL, CRLReason.keyCompromise).made())),
        Arguments.of("by an entry that is not understood", List.of(unknownEntryExtension.made())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void listsThatRevoke(String what, List<RevocationList> lists) throws Exception {
    Verdict verdict = revocation(ca(USUAL), lists);

    assertThat(verdict.outcome()).as(verdict.explanation()).isEqualTo(Outcome.REFUSED);
    if (!what.contains("not understood")) {
      assertThat(verdict.explanation()).contains("Certificate revocation after");
    }
  }

  @Test
  void listOfACaThatMayNotSignLists_doesNotCount() throws Exception {
    List<RevocationList> lists = List.of(ListOf.ca().made());

    assertThat(revocation(ca(USUAL), lists).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(revocation(ca(KeyUsage.keyCertSign), lists).outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void listThatBeginsLater_doesNotCount() throws Exception {
    RevocationList later = new ListOf(CA, AT.plus(Duration.ofDays(1))).made();

    assertThat(revocation(ca(USUAL), List.of(later)).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(revocation(ca(USUAL), List.of(later, ListOf.ca().made())).outcome())
        .isEqualTo(Outcome.PASSED);
  }

  @Test
  void withoutLists_revocationIsNotChecked_andSaid() throws Exception {
    assertThat(revocation(ca(USUAL), List.of()).outcome()).isEqualTo(Outcome.NOT_CHECKED);
  }
}
