package dev.tapeseal.certificate;

import java.time.Instant;
import java.util.List;

/**
 * Decides whether recordings may be encrypted under a certificate. Every rule is a named check, and every check gives a
 * verdict, so that a refusal can be explained and an acceptance too.
 *
 * <p>For encrypting only: an old recording is decrypted whatever has become of its certificate. Immutable and safe for
 * any thread; takes microseconds.
 *
 * <pre>{@code
 * CertificatePolicy.forRecording().accept(certificate, clock.instant());
 * }</pre>
 */
public final class CertificatePolicy {

  /** The shortest RSA modulus that is accepted, in bits. */
  public static final int MIN_MODULUS_BITS = 2048;

  private final List<Rule> rules;

  private CertificatePolicy(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * What a recording certificate must be: {@code key-algorithm} RSA, {@code key-size} of {@link #MIN_MODULUS_BITS} or
   * more, {@code validity} at the instant of use, {@code key-usage} that allows key encipherment where there is one.
   */
  public static CertificatePolicy forRecording() {
    return new CertificatePolicy(List.of(
        new Rule.KeyAlgorithm(),
        new Rule.KeySize(MIN_MODULUS_BITS),
        new Rule.Validity(),
        new Rule.KeyUsage()));
  }

  /** The verdict of every rule, in order; all are checked, whatever the first says. */
  public List<Verdict> check(RecordingCertificate certificate, Instant at) {
    return rules.stream().map(rule -> rule.check(certificate, at)).toList();
  }

  /**
   * Returns the certificate where no rule refuses it.
   *
   * @param at when recordings are to be encrypted, usually now
   * @throws CertificateRefusedException where a rule does; it names the certificate, each broken rule, and the cure
   */
  public RecordingCertificate accept(RecordingCertificate certificate, Instant at)
      throws CertificateRefusedException {
    List<Verdict> verdicts = check(certificate, at);
    if (verdicts.stream().anyMatch(Verdict::isRefusal)) {
      throw new CertificateRefusedException(certificate, verdicts);
    }
    return certificate;
  }
}
