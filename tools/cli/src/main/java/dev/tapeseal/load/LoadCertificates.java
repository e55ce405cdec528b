package dev.tapeseal.load;

import dev.tapeseal.authority.CertificateRequest;
import dev.tapeseal.authority.IssuanceException;
import dev.tapeseal.authority.RsaKeyPair;
import dev.tapeseal.authority.SelfSignedCertificate;
import dev.tapeseal.authority.SignatureAlgorithm;
import dev.tapeseal.authority.SubjectName;
import dev.tapeseal.certificate.RecordingCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Certificates to record under, whose private keys are forgotten at once: nobody reads what a load records. */
public final class LoadCertificates {
  private LoadCertificates() {}

  /** Makes as many as a plan says. */
  public static List<RecordingCertificate> of(LoadPlan plan, SecureRandom random)
      throws IOException, GeneralSecurityException {
    List<RecordingCertificate> certificates = new ArrayList<>();
    for (int i = 0; i < plan.recipients(); i++) {
      try (RsaKeyPair keyPair = RsaKeyPair.generate(plan.keyBits(), random)) {
        SubjectName subject = SubjectName.builder()
            .commonName("load-" + i)
            .organization("Tapeseal")
            .organizationalUnit("load")
            .locality("memory")
            .state("memory")
            .country("ZZ")
            .build();
        certificates.add(selfSigned(subject, keyPair, random));
      }
    }
    return certificates;
  }

  private static RecordingCertificate selfSigned(
      SubjectName subject, RsaKeyPair keyPair, SecureRandom random) {
    try {
      return SelfSignedCertificate.of(
          CertificateRequest.of(subject, keyPair, SignatureAlgorithm.SHA256_RSA),
          keyPair,
          1,
          SignatureAlgorithm.SHA256_RSA,
          Clock.systemUTC(),
          random);
    } catch (IssuanceException e) {
      throw new IllegalStateException("a new key of this length is one for recordings", e);
    }
  }
}
