package dev.tapeseal.certificate;

import static dev.tapeseal.certificate.CertificateRules.ISSUE_ANEW;
import static dev.tapeseal.certificate.CertificateRules.contentOf;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** When and what for a recording certificate may be used. */
final class UsageRules {
  private UsageRules() {}

  static List<Rule> all(Duration warnBefore) {
    return List.of(new Validity(warnBefore), new EndEntity(), new KeyUsage(), new ExtendedUsage());
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
      if (!warnBefore.isZero() && !notAfter.minus(warnBefore).isAfter(at)) {
        return Verdict.warning(
            NAME,
            "expires at " + notAfter + ", within " + warnBefore.toDays()
                + " days; renew it, deploy the new one beside it, and keep its key for old recordings");
      }
      return Verdict.passed(NAME, "valid from " + notBefore + " to " + notAfter);
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
}
