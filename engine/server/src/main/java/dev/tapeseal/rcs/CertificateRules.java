package dev.tapeseal.rcs;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.Verdict;
import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.profile.IvrProfile;
import dev.tapeseal.profile.Provisioning;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the rules say, now, of a certificate that is to be uploaded, deployed or assigned. Safe for any thread. */
record CertificateRules(RecordingKeyStore keys, Provisioning provisioning, Clock clock) {

  Instant now() {
    return clock.instant();
  }

  /** For a profile, or where there is none for upload and screen recording. */
  List<Verdict> judge(RecordingCertificate certificate, Optional<IvrProfile> profile)
      throws IOException {
    List<RecordingCertificate> known =
        keys.entries().stream().map(KeyEntry::certificate).toList();
    return provisioning.judge(certificate, profile, known, clock.instant());
  }

  static boolean refuse(List<Verdict> verdicts) {
    return verdicts.stream().anyMatch(Verdict::isRefusal);
  }
}
