package dev.tapeseal.certificate;

import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;

/** One rule of a {@link CertificatePolicy}. Checks never throw: what cannot be read is refused. */
interface Rule {

  /** What this rule says about the certificate, were it used at the instant: usually one verdict. */
  List<Verdict> check(RecordingCertificate certificate, Instant at);

  /** A rule with one name and one verdict, whenever it is asked. */
  interface Standing extends Rule {

    /** What this rule says about the certificate at any time. */
    Verdict check(RecordingCertificate certificate);

    @Override
    default List<Verdict> check(RecordingCertificate certificate, Instant at) {
      return List.of(check(certificate));
    }
  }

  /** A rule about the RSA key; others are refused by {@link KeyRules.KeyAlgorithm} alone. */
  interface OfRsaKey extends Standing {

    /** The rule's name. */
    String name();

    /** What this rule says about the RSA key. */
    Verdict check(RSAPublicKey key);

    @Override
    default Verdict check(RecordingCertificate certificate) {
      return certificate.isRsa()
          ? check(certificate.publicKey())
          : Verdict.notChecked(name(), "a rule for RSA keys only");
    }
  }
}
