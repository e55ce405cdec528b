package dev.tapeseal.authority;

import dev.tapeseal.authority.IssuanceException.RequestRefused;
import dev.tapeseal.authority.NewCertificate.Kind;
import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.CaBundleException;
import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.CertificateRefusedException;
import dev.tapeseal.certificate.RecordingCertificate;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Makes recording certificates that no CA signs: each is its own CA file. Safe for any thread. */
public final class SelfSignedCertificate {
  private SelfSignedCertificate() {}

  /**
   * Makes a certificate that its own key signs: basic constraints CA with path length 0, key usage key encipherment and
   * certificate signing.
   *
   * @param request what it says
   * @param key the request's
   * @param days 1 to {@link CertificateAuthority#MAX_DAYS}, from now on
   * @throws RequestRefused where its key is none that recordings may be encrypted under
   */
  public static RecordingCertificate of(
      CertificateRequest request,
      SigningKey key,
      int days,
      SignatureAlgorithm algorithm,
      Clock clock,
      SecureRandom random)
      throws RequestRefused {
    if (!request.publicKey().equals(Optional.of(key.publicKey()))) {
      throw new IllegalArgumentException(
          request + ": another key's (expected: a request under the key that signs)");
    }
    Validity validity = Validity.of(days, clock);
    RecordingCertificate certificate = new NewCertificate(
            Kind.SELF_SIGNED_RECORDING,
            NewCertificate.nameOf(request.subject().getEncoded()),
            key.publicKey(),
            validity)
        .signedBy(new NewCertificate.Signer(null, key, algorithm, random));
    try {
      return CertificatePolicy.forRecording()
          .withCa(CaBundle.of(List.of(certificate), "the certificate itself"))
          .accept(certificate, validity.notBefore());
    } catch (CertificateRefusedException | CaBundleException e) {
      throw new RequestRefused(
          request + ": no recording could be encrypted under what it asks for: " + e.getMessage(),
          e);
    }
  }
}
