package dev.tapeseal.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** What a recording certificate itself must be, whoever signed it. */
final class CertificateRules {
  private static final String ISSUE_ANEW = "; have the CA issue it anew";

  private CertificateRules() {}

  static List<Rule> all(Duration warnBefore, List<RecordingCertificate> known) {
    return List.of(
        new Version(),
        new SerialNumber(),
        new UniqueIdentifier(known),
        new SignatureAlgorithm(),
        new CriticalExtensions(),
        new Validity(warnBefore),
        new EndEntity(),
        new KeyUsage(),
        new ExtendedUsage());
  }

  /** Version 3: earlier ones cannot say what a key is for. */
  record Version() implements Rule.Standing {
    private static final String NAME = "version";

    @Override
    public Verdict check(RecordingCertificate certificate) {
      int version = certificate.x509().getVersion();
      return version == 3
          ? Verdict.passed(NAME, "X.509 v3")
          : Verdict.refused(
              NAME,
              "X.509 v" + version + ", which cannot say what its key is for (expected: v3)"
                  + ISSUE_ANEW);
    }
  }

  /** Positive, of 20 octets at most (RFC 5280 section 4.1.2.2). */
  record SerialNumber() implements Rule.Standing {
    private static final String NAME = "serial-number";
    private static final int MAX_OCTETS = 20;

    @Override
    public Verdict check(RecordingCertificate certificate) {
      BigInteger number = certificate.x509().getSerialNumber();
      int octets = number.toByteArray().length;
      if (number.signum() > 0 && octets <= MAX_OCTETS) {
        return Verdict.passed(NAME, "positive, " + octets + " octets");
      }
      String found =
          number.signum() < 0 ? "negative" : number.signum() == 0 ? "zero" : octets + " octets";
      return Verdict.refused(
          NAME,
          "serial number: " + found + " (expected: positive, at most " + MAX_OCTETS + " octets)"
              + ISSUE_ANEW);
    }
  }

  /** Issuer and serial number are how an envelope names its recipient: they must mean one key. */
  record UniqueIdentifier(List<RecordingCertificate> known) implements Rule.Standing {
    private static final String NAME = "issuer-and-serial";

    UniqueIdentifier {
      known = List.copyOf(known);
    }

    @Override
    public Verdict check(RecordingCertificate certificate) {
      if (known.isEmpty()) {
        return Verdict.notChecked(NAME, "no other certificates are known here");
      }
      Optional<RecordingCertificate> sameName = known.stream()
          .filter(other -> other.identifier().equals(certificate.identifier())
              && !other.publicKeySha256().equals(certificate.publicKeySha256()))
          .findFirst();
      return sameName
          .map(other -> Verdict.refused(
              NAME,
              "issuer and serial number are those of another key's certificate, " + other
                  + " (expected: unique, since recordings name their key so)" + ISSUE_ANEW))
          .orElseGet(() -> Verdict.passed(NAME, "unique among " + known.size() + " others"));
    }
  }

  /** Signed over a hash whose collisions nobody can make; a self-signed one is a root, which nobody's signature vouches for. */
  record SignatureAlgorithm() implements Rule.Standing {
    private static final String NAME = "signature-algorithm";

    @Override
    public Verdict check(RecordingCertificate certificate) {
      String algorithm = SignatureAlgorithms.name(certificate.x509());
      if (SignatureAlgorithms.isStrong(certificate.x509())) {
        return Verdict.passed(NAME, algorithm);
      }
      if (Issuing.isSelfSigned(certificate)) {
        return Verdict.passed(
            NAME, algorithm + ", on a root of its own, where it vouches for nothing");
      }
      return Verdict.refused(NAME, algorithm + " (expected: SHA-256 or better)" + ISSUE_ANEW);
    }
  }

  /** What an issuer marks critical must be understood (RFC 5280 section 4.2). */
  record CriticalExtensions() implements Rule.Standing {
    private static final String NAME = "critical-extensions";

    /** What these rules, or the validation of the path, look at. */
    static final Map<String, String> UNDERSTOOD = Map.ofEntries(
        Map.entry("2.5.29.14", "subjectKeyIdentifier"),
        Map.entry("2.5.29.15", "keyUsage"),
        Map.entry("2.5.29.17", "subjectAltName"),
        Map.entry("2.5.29.18", "issuerAltName"),
        Map.entry("2.5.29.19", "basicConstraints"),
        Map.entry("2.5.29.30", "nameConstraints"),
        Map.entry("2.5.29.31", "cRLDistributionPoints"),
        Map.entry("2.5.29.32", "certificatePolicies"),
        Map.entry("2.5.29.33", "policyMappings"),
        Map.entry("2.5.29.35", "authorityKeyIdentifier"),
        Map.entry("2.5.29.36", "policyConstraints"),
        Map.entry("2.5.29.37", "extKeyUsage"),
        Map.entry("2.5.29.54", "inhibitAnyPolicy"));

    @Override
    public Verdict check(RecordingCertificate certificate) {
      Set<String> critical = certificate.x509().getCriticalExtensionOIDs();
      if (critical == null || critical.isEmpty()) {
        return Verdict.passed(NAME, "none");
      }
      Set<String> unknown = new TreeSet<>(critical);
      unknown.removeAll(UNDERSTOOD.keySet());
      if (unknown.isEmpty()) {
        return Verdict.passed(
            NAME,
            new TreeSet<>(critical)
                .stream().map(UNDERSTOOD::get).collect(Collectors.joining(", ")));
      }
      return Verdict.refused(
          NAME,
          "marked critical and not understood: " + String.join(", ", unknown) + " (expected: none)"
              + ISSUE_ANEW);
    }
  }

  /** Valid at the instant, both ends included (RFC 5280 section 4.1.2.5); a warning before the end. */
  record Validity(Duration warnBefore) implements Rule {
    private static final String NAME = "validity";

    @Override
    public List<Verdict> check(RecordingCertificate certificate, Instant at) {
      return List.of(verdict(certificate, at));
    }

    private Verdict verdict(RecordingCertificate certificate, Instant at) {
      Instant notBefore = certificate.notBefore();
      Instant notAfter = certificate.notAfter();
      if (notAfter.isBefore(notBefore)) {
        return Verdict.refused(
            NAME,
            "ends at " + notAfter + ", before it begins at " + notBefore + " (expected: a period)"
                + ISSUE_ANEW);
      }
      if (at.isBefore(notBefore)) {
        return Verdict.refused(
            NAME,
            "not yet valid: begins at " + notBefore + " (expected: at or before "
                + at.truncatedTo(ChronoUnit.SECONDS) + "); wait, or check the clock");
      }
      if (!certificate.isValidAt(at)) {
        return Verdict.refused(
            NAME,
            "expired: ended at " + notAfter + " (expected: at or after "
                + at.truncatedTo(ChronoUnit.SECONDS)
                + "); renew it, and keep its key for old recordings");
      }
      if (!warningFrom(certificate).isAfter(at)) {
        return Verdict.warning(
            NAME,
            "expires at " + notAfter + ", within " + warnBefore.toDays()
                + " days; renew it, deploy the new one beside it, and keep its key for old recordings");
      }
      return Verdict.passed(NAME, "valid from " + notBefore + " to " + notAfter);
    }

    Instant warningFrom(RecordingCertificate certificate) {
      return certificate.notAfter().minus(warnBefore);
    }
  }

  /**
   * Not a CA's: its key signs certificates. But a self-signed one is its own CA, which {@code openssl req -x509} makes
   * by default.
   */
  record EndEntity() implements Rule.Standing {
    private static final String NAME = "end-entity";
    private static final String OID = "2.5.29.19";

    @Override
    public Verdict check(RecordingCertificate certificate) {
      byte[] extension = certificate.x509().getExtensionValue(OID);
      if (extension == null) {
        return Verdict.passed(NAME, "no CA");
      }
      BasicConstraints constraints;
      try {
        constraints = BasicConstraints.getInstance(contentOf(extension));
      } catch (IOException | RuntimeException damaged) {
        return Verdict.refused(
            NAME, "the basic constraints cannot be read (expected: CA:FALSE)" + ISSUE_ANEW);
      }
      if (!constraints.isCA()) {
        return Verdict.passed(NAME, "no CA");
      }
      if (Issuing.isSelfSigned(certificate)) {
        return Verdict.passed(NAME, "a CA, and its own: self-signed");
      }
      return Verdict.refused(
          NAME,
          "a CA certificate, whose key signs certificates (expected: one for recording, CA:FALSE);"
              + " have the CA issue a certificate for a key of its own");
    }
  }

  /** Where key usage is restricted, key encipherment must be among it (RFC 5280 section 4.2.1.3). */
  record KeyUsage() implements Rule.Standing {
    private static final String NAME = "key-usage";
    private static final String OID = "2.5.29.15";
    private static final int KEY_ENCIPHERMENT = 2;

    @Override
    public Verdict check(RecordingCertificate certificate) {
      boolean[] usage = certificate.x509().getKeyUsage();
      if (usage != null && usage.length > KEY_ENCIPHERMENT && usage[KEY_ENCIPHERMENT]) {
        return Verdict.passed(NAME, "allows key encipherment");
      }
      // JCA has no usage, too, where the extension is there and cannot be read.
      if (usage == null && certificate.x509().getExtensionValue(OID) == null) {
        return Verdict.passed(NAME, "not restricted");
      }
      return Verdict.refused(
          NAME,
          "forbids key encipherment (expected: keyEncipherment, or no key usage); have the"
              + " CA issue a certificate with that usage");
    }
  }

  /** Where purposes are restricted, one that encrypts content must be among them (RFC 5280 section 4.2.1.12). */
  record ExtendedUsage() implements Rule.Standing {
    private static final String NAME = "extended-key-usage";
    private static final String OID = "2.5.29.37";

    /** S/MIME is CMS as recordings are; the last is Microsoft's document encryption. */
    private static final Set<String> FITTING = Set.of(
        KeyPurposeId.anyExtendedKeyUsage.getId(),
        KeyPurposeId.id_kp_emailProtection.getId(),
        "1.3.6.1.4.1.311.80.1");

    @Override
    public Verdict check(RecordingCertificate certificate) {
      byte[] extension = certificate.x509().getExtensionValue(OID);
      if (extension == null) {
        return Verdict.passed(NAME, "not restricted");
      }
      Set<String> purposes = new TreeSet<>();
      try {
        for (KeyPurposeId purpose :
            ExtendedKeyUsage.getInstance(contentOf(extension)).getUsages()) {
          purposes.add(purpose.getId());
        }
      } catch (IOException | RuntimeException damaged) {
        return Verdict.refused(NAME, "cannot be read (expected: a list of purposes)" + ISSUE_ANEW);
      }
      if (purposes.stream().anyMatch(FITTING::contains)) {
        return Verdict.passed(NAME, "allows the encryption of content");
      }
      return Verdict.refused(
          NAME,
          "for other purposes only: " + PrintableText.of(String.join(", ", purposes))
              + " (expected: emailProtection, anyExtendedKeyUsage, or no extended key usage); have the CA issue a"
              + " certificate with that purpose");
    }
  }

  /** What an extension's OCTET STRING holds. */
  static ASN1Primitive contentOf(byte[] extension) throws IOException {
    return ASN1Primitive.fromByteArray(ASN1OctetString.getInstance(extension).getOctets());
  }

  /** Whether a certificate is one that v1 and v2 certificates are not: able to be a CA. */
  static boolean isCa(X509Certificate certificate) {
    return certificate.getBasicConstraints() >= 0;
  }
}
