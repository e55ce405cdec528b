package dev.tapeseal.certificate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One rule of a {@link CertificatePolicy}. Checks never throw: what cannot be read is refused. */
interface Rule {

  /** What this rule says about the certificate, were it used at the instant. */
  Verdict check(RecordingCertificate certificate, Instant at);

  /** RSA, because key transport encrypts session keys with it. */
  record KeyAlgorithm() implements Rule {
    private static final String NAME = "key-algorithm";

    @Override
    public Verdict check(RecordingCertificate certificate, Instant at) {
      if (certificate.isRsa()) {
        return Verdict.passed(NAME, "RSA");
      }
      return Verdict.refused(
          NAME,
          "a key for " + certificate.keyAlgorithm()
              + " (expected: RSA); make an RSA key pair and a certificate for it");
    }
  }

  /** Long enough to keep recordings secret for years. */
  record KeySize(int minModulusBits) implements Rule {
    private static final String NAME = "key-size";

    @Override
    public Verdict check(RecordingCertificate certificate, Instant at) {
      if (!certificate.isRsa()) {
        return Verdict.notChecked(NAME, "only RSA keys have a modulus");
      }
      int modulusBits = certificate.modulusBits();
      if (modulusBits >= minModulusBits) {
        return Verdict.passed(NAME, "RSA modulus: " + modulusBits + " bits");
      }
      return Verdict.refused(
          NAME,
          "RSA modulus: " + modulusBits + " bits (expected: >= " + minModulusBits
              + "); make a new key pair of that size and a certificate for it");
    }
  }

  /** Valid at the instant, both ends included (RFC 5280 section 4.1.2.5). */
  record Validity() implements Rule {
    private static final String NAME = "validity";

    @Override
    public Verdict check(RecordingCertificate certificate, Instant at) {
      Instant notBefore = certificate.notBefore();
      Instant notAfter = certificate.notAfter();
      if (notAfter.isBefore(notBefore)) {
        return Verdict.refused(
            NAME,
            "ends at " + notAfter + ", before it begins at " + notBefore
                + " (expected: a period); have the CA issue it anew");
      }
      if (at.isBefore(notBefore)) {
        return Verdict.refused(
            NAME,
            "not yet valid: begins at " + notBefore + " (expected: at or before "
                + at.truncatedTo(ChronoUnit.SECONDS) + "); wait, or check the clock");
      }
      // The end has no fraction of a second, so the whole of its last second belongs to it.
      if (at.getEpochSecond() > notAfter.getEpochSecond()) {
        return Verdict.refused(
            NAME,
            "expired: ended at " + notAfter + " (expected: at or after "
                + at.truncatedTo(ChronoUnit.SECONDS)
                + "); renew it, and keep its key for old recordings");
      }
      return Verdict.passed(NAME, "valid from " + notBefore + " to " + notAfter);
    }
  }

  /** Where key usage is restricted, key encipherment must be among it (RFC 5280 section 4.2.1.3). */
  record KeyUsage() implements Rule {
    private static final String NAME = "key-usage";
    private static final String OID = "2.5.29.15";
    private static final int KEY_ENCIPHERMENT = 2;

    @Override
    public Verdict check(RecordingCertificate certificate, Instant at) {
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
}
