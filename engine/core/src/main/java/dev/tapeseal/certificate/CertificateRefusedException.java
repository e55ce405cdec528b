package dev.tapeseal.certificate;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown when the policy refuses a certificate. The message names the certificate, and for each broken rule what is
 * wrong and what to do.
 */
public final class CertificateRefusedException extends RecordingCertificateException {
  private final transient RecordingCertificate certificate;
  private final transient List<Verdict> verdicts;

  CertificateRefusedException(RecordingCertificate certificate, List<Verdict> verdicts) {
    super(certificate + ": refused: "
        + verdicts.stream()
            .filter(Verdict::isRefusal)
            .map(verdict -> verdict.rule() + ": " + verdict.explanation())
            .collect(Collectors.joining("; also ")));
    this.certificate = certificate;
    this.verdicts = List.copyOf(verdicts);
  }

  /** Which certificate. */
  public RecordingCertificate certificate() {
    return certificate;
  }

  /** The verdicts of all checks, those that passed too, in the policy's order. */
  public List<Verdict> verdicts() {
    return verdicts;
  }
}
