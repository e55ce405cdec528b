package dev.tapeseal.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;

/** What a recording certificate must be as an X.509 certificate, whoever signed it. */
final class CertificateRules {
  static final String ISSUE_ANEW = "; have the CA issue it anew";

  private CertificateRules() {}

  static List<Rule> all(List<RecordingCertificate> known) {
    return List.of(
        new Version(),
        new SerialNumber(),
        new UniqueIdentifier(known),
        new SignatureAlgorithm(),
        new CriticalExtensions());
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

  /** What an extension's OCTET STRING holds. */
  static ASN1Primitive contentOf(byte[] extension) throws IOException {
    return ASN1Primitive.fromByteArray(ASN1OctetString.getInstance(extension).getOctets());
  }
}
