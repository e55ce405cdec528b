package dev.tapeseal.certificate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether recordings may be encrypted under a certificate. Every rule is a named check, and every check gives a
 * verdict, so that a refusal can be explained and an acceptance too.
 *
 * <p>For encrypting only: an old recording is decrypted whatever has become of its certificate. Safe for any thread.
 * A first check takes some milliseconds, some two seconds where a chain is made to cost
 * much, which is counted and not timed; an accepted
 * certificate is remembered, and costs a look-up from then on. It is long because each option has its {@code with}.
 *
 * <pre>{@code
 * CertificatePolicy policy = CertificatePolicy.forRecording().withCa(CaBundle.read(Path.of("ca_bundle.pem")));
 * policy.accept(certificate, clock.instant());
 * }</pre>
 */
public final class CertificatePolicy {

  /** The shortest RSA modulus that is accepted, in bits. */
  public static final int MIN_MODULUS_BITS = 2048;

  /** How long before its end a certificate is warned of, unless another time is given. */
  public static final Duration WARN_BEFORE = Duration.ofDays(30);

  private final Options options;
  private final List<Rule> rules;
  private final VerdictCache cache;

  private record Options(
      @Nullable CaBundle ca,
      Duration warnBefore,
      List<RevocationList> revocationLists,
      boolean anyPublicExponent,
      Set<RecordingCertificate> known,
      Set<String> requiredPolicies) {}

  private CertificatePolicy(Options options) {
    this.options = options;
    List<RecordingCertificate> known = List.copyOf(options.known);
    List<Rule> all = new ArrayList<>();
    all.addAll(KeyRules.all(MIN_MODULUS_BITS, options.anyPublicExponent, known));
    all.addAll(CertificateRules.all(known));
    all.addAll(UsageRules.all(options.warnBefore));
    all.add(new ChainRule(
        options.ca, options.revocationLists, PathInputs.requiring(options.requiredPolicies)));
    this.rules = List.copyOf(all);
    this.cache = new VerdictCache(options.ca, options.revocationLists);
  }

  /**
   * The rules for recording certificates, without a CA bundle: whether the chain is to be trusted is not checked, which
   * is a warning. In their order, the names of the checks:
   *
   * <ul>
   *   <li>of the key: {@code key-algorithm}, {@code key-size}, {@code public-exponent}, {@code roca}, {@code
   *       small-factors}, {@code close-primes}, {@code shared-factor}
   *   <li>of the certificate: {@code version}, {@code serial-number}, {@code issuer-and-serial}, {@code
   *       signature-algorithm}, {@code critical-extensions}, {@code validity}, {@code end-entity}, {@code key-usage},
   *       {@code extended-key-usage}
   *   <li>of its chain: {@code chain}, {@code name-constraints}, {@code revocation}
   * </ul>
   */
  public static CertificatePolicy forRecording() {
    return new CertificatePolicy(
        new Options(null, WARN_BEFORE, List.of(), false, Set.of(), Set.of()));
  }

  /** The same, and the chain must end at a root of this bundle. */
  public CertificatePolicy withCa(CaBundle ca) {
    return new CertificatePolicy(new Options(
        ca,
        options.warnBefore,
        options.revocationLists,
        options.anyPublicExponent,
        options.known,
        options.requiredPolicies));
  }

  /**
   * The same with another time for the warning before a certificate ends.
   *
   * @param warnBefore zero for none
   */
  public CertificatePolicy withWarnBefore(Duration warnBefore) {
    if (warnBefore.isNegative()) {
      throw new IllegalArgumentException(
          "warning before the end: " + warnBefore + " (expected: zero or more)");
    }
    return new CertificatePolicy(new Options(
        options.ca,
        warnBefore,
        options.revocationLists,
        options.anyPublicExponent,
        options.known,
        options.requiredPolicies));
  }

  /**
   * The same with revocation lists. Where there are any and a CA bundle too, every certificate below the root needs a
   * current one.
   */
  public CertificatePolicy withRevocationLists(Collection<RevocationList> lists) {
    return new CertificatePolicy(new Options(
        options.ca,
        options.warnBefore,
        List.copyOf(lists),
        options.anyPublicExponent,
        options.known,
        options.requiredPolicies));
  }

  /** The same, but public exponents other than 65537 pass: odd ones from 3 to 64 bits. */
  public CertificatePolicy withAnyPublicExponent() {
    return new CertificatePolicy(new Options(
        options.ca,
        options.warnBefore,
        options.revocationLists,
        true,
        options.known,
        options.requiredPolicies));
  }

  /**
   * The same beside other certificates, for example all of a key store: a certificate must have no prime factor in
   * common with one of another key, nor its issuer and serial number.
   */
  public CertificatePolicy withKnown(Collection<RecordingCertificate> certificates) {
    return new CertificatePolicy(new Options(
        options.ca,
        options.warnBefore,
        options.revocationLists,
        options.anyPublicExponent,
        new LinkedHashSet<>(certificates),
        options.requiredPolicies));
  }

  /**
   * The same, and the whole chain must have been issued under one of these certificate policies (RFC 5280 section
   * 4.2.1.4).
   *
   * @param policies object identifiers, for example {@code 2.16.840.1.101.3.2.1.48.1}; none for any or no policy
   */
  public CertificatePolicy withRequiredPolicies(Set<String> policies) {
    for (String policy : policies) {
      if (!policy.matches("[0-2](\\.[0-9]{1,39}){1,32}")) {
        throw new IllegalArgumentException("certificate policy: '" + PrintableText.of(policy)
            + "' (expected: an object identifier, for example 2.16.840.1.101.3.2.1.48.1)");
      }
    }
    return new CertificatePolicy(new Options(
        options.ca,
        options.warnBefore,
        options.revocationLists,
        options.anyPublicExponent,
        options.known,
        Set.copyOf(policies)));
  }

  /** The verdict of every rule, in order; all are checked, whatever the first says. */
  public List<Verdict> check(RecordingCertificate certificate, Instant at) {
    Instant warningFrom = certificate.notAfter().minus(options.warnBefore);
    return cache.verdicts(
        certificate,
        at,
        warningFrom,
        () ->
            rules.stream().flatMap(rule -> rule.check(certificate, at).stream()).toList());
  }

  /**
   * Returns the certificate where no rule refuses it.
   *
   * @param at when recordings are to be encrypted, usually now
   * @throws CertificateRefusedException where a rule does; it names the certificate, each broken rule, and the cure
   */
  public RecordingCertificate accept(RecordingCertificate certificate, Instant at)
      throws CertificateRefusedException {
    return accept(certificate, at, warning -> {});
  }

  /**
   * The same, and hands over the verdicts that warn of a certificate that is accepted.
   *
   * @param warnings called for each, in the policy's order
   * @throws CertificateRefusedException as {@link #accept(RecordingCertificate, Instant)} does
   */
  public RecordingCertificate accept(
      RecordingCertificate certificate, Instant at, Consumer<? super Verdict> warnings)
      throws CertificateRefusedException {
    List<Verdict> verdicts = check(certificate, at);
    if (verdicts.stream().anyMatch(Verdict::isRefusal)) {
      throw new CertificateRefusedException(certificate, verdicts);
    }
    verdicts.stream().filter(Verdict::isWarning).forEach(warnings);
    return certificate;
  }
}
