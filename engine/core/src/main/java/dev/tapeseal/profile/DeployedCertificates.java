package dev.tapeseal.profile;

import dev.tapeseal.certificate.CertificatePolicy;
import dev.tapeseal.certificate.CertificateRefusedException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.profile.CertificateOption.Corrupt;
import dev.tapeseal.profile.CertificateOption.Intact;
import dev.tapeseal.settings.Shown;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The certificates of an IVR profile, or those of screen recording: the options {@code
 * certificates-1}, {@code certificates-2} and so on of section {@code recording-certificates}.
 *
 * <p>Editing such an option where options are edited as plain text corrupts it. That is found when
 * it is read, and the rest stays usable, so that the corrupt one can be removed and added again. An
 * option of the section whose name is nearly right is an error, since a certificate that is passed
 * over may be the only one. Immutable and safe for any thread.
 *
 * <p>It is longer than most classes because reading the options and changing them follow one syntax, which is here.
 */
public final class DeployedCertificates {
  /** As many as an envelope has recipients. */
  public static final int MAX_CERTIFICATES = 16;

  static final String SECTION = "recording-certificates";
  static final String OPTION_PREFIX = "certificates-";
  private static final Pattern OPTION = Pattern.compile(OPTION_PREFIX + "([1-9][0-9]{0,3})");
  private static final Pattern NEARLY = Pattern.compile("(?i)\\s*cert.*");

  private final List<CertificateOption> options;
  private final CertificateFailure failure;
  private final String source;

  private DeployedCertificates(
      List<CertificateOption> options, CertificateFailure failure, String source) {
    this.options = List.copyOf(options);
    this.failure = failure;
    this.source = source;
  }

  static DeployedCertificates none(String source) {
    return new DeployedCertificates(List.of(), CertificateFailure.REFUSE, source);
  }

  static DeployedCertificates read(Options options) throws ProfileException {
    List<CertificateOption> certificates = new ArrayList<>();
    for (String name : options.names(SECTION)) {
      if (OPTION.matcher(name).matches()) {
        int number = Integer.parseInt(name.substring(OPTION_PREFIX.length()));
        String text = options.raw(SECTION, name).orElse("");
        certificates.add(CertificateText.read(number, text, options.source() + ": " + name));
      } else if (NEARLY.matcher(name).matches()) {
        throw options.invalid(
            SECTION,
            Shown.of(name),
            "unknown option (expected: certificates-1, certificates-2 and so on)");
      }
    }
    if (certificates.size() > MAX_CERTIFICATES) {
      throw options.invalid(
          SECTION,
          certificates.size() + " certificates",
          "too many (expected: at most " + MAX_CERTIFICATES + ")");
    }
    certificates.sort(Comparator.comparingInt(CertificateOption::number));
    return new DeployedCertificates(
        certificates, RecordingOptions.certificateFailure(options), options.source());
  }

  /** All options, the corrupt ones too, by their numbers. */
  public List<CertificateOption> options() {
    return options;
  }

  /** Those that are corrupt. */
  public List<Corrupt> corrupt() {
    return options.stream()
        .filter(Corrupt.class::isInstance)
        .map(Corrupt.class::cast)
        .toList();
  }

  /** A sentence for each that is corrupt: where it is, what happened to it, and the cure. */
  public List<String> damage() {
    return corrupt().stream().map(this::explain).toList();
  }

  /**
   * The certificates, by the numbers of their options.
   *
   * @throws ProfileException.CorruptCertificate where options are corrupt, each with the damage and
   *     the cure
   */
  public List<RecordingCertificate> certificates() throws ProfileException.CorruptCertificate {
    List<Corrupt> corrupt = corrupt();
    if (!corrupt.isEmpty()) {
      throw new ProfileException.CorruptCertificate(String.join("; also ", damage()), corrupt);
    }
    return readable();
  }

  /** Those that are not corrupt. */
  List<RecordingCertificate> readable() {
    return options.stream()
        .filter(Intact.class::isInstance)
        .map(option -> ((Intact) option).certificate())
        .toList();
  }

  /** Whether it is among them. */
  public boolean contains(RecordingCertificate certificate) {
    return readable().contains(certificate);
  }

  /** What happens when some do not pass. */
  public CertificateFailure failure() {
    return failure;
  }

  /**
   * Decides what a recording is encrypted under. Costs what the policy costs for each certificate.
   *
   * @param at when it is to be encrypted, usually now
   * @throws ProfileException.CertificatesRefused where nothing may be recorded: a certificate does
   *     not pass the policy or is corrupt, and {@link #failure} does not allow for that, or none
   *     passes
   */
  public CertificateSelection select(CertificatePolicy policy, Instant at)
      throws ProfileException.CertificatesRefused {
    List<RecordingCertificate> passed = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (CertificateOption option : options) {
      if (option instanceof Intact intact) {
        try {
          RecordingCertificate certificate = intact.certificate();
          passed.add(policy.accept(
              certificate,
              at,
              verdict -> warnings.add(
                  certificate + ": " + verdict.rule() + ": " + verdict.explanation())));
        } catch (CertificateRefusedException e) {
          reasons.add(String.valueOf(e.getMessage()));
        }
      } else if (option instanceof Corrupt corrupt) {
        reasons.add(explain(corrupt));
      }
    }
    boolean isRefused = passed.isEmpty() || failure == CertificateFailure.REFUSE;
    if (!reasons.isEmpty() && isRefused) {
      throw new ProfileException.CertificatesRefused(
          "nothing may be recorded: " + String.join("; also ", reasons), reasons);
    }
    return new CertificateSelection(passed, reasons, warnings);
  }

  private String explain(Corrupt corrupt) {
    return source + ": " + corrupt.name() + " is corrupt: " + corrupt.damage()
        + "; remove the certificate and add it again, for an IVR profile on its Recording tab and never on its Options"
        + " tab";
  }

  /** Adds a certificate under the lowest free number. */
  static void add(Options options, RecordingCertificate certificate) throws ProfileException {
    DeployedCertificates present = read(options);
    for (CertificateOption option : present.options) {
      if (option instanceof Intact intact && intact.certificate().equals(certificate)) {
        throw new ProfileException.Conflict(options.source() + ": has this certificate already, as "
            + option.name() + " (expected: once)");
      }
    }
    if (present.options.size() == MAX_CERTIFICATES) {
      throw new ProfileException.Conflict(options.source() + ": has " + MAX_CERTIFICATES
          + " certificates already (expected: at most that); remove one first");
    }
    List<Integer> taken =
        present.options.stream().map(CertificateOption::number).toList();
    int number = 1;
    while (taken.contains(number)) {
      number++;
    }
    String pem = new String(certificate.toPem(), StandardCharsets.US_ASCII);
    options.set(SECTION, OPTION_PREFIX + number, pem);
  }

  /** Removes a certificate; the others keep their numbers. */
  static void remove(Options options, RecordingCertificate certificate) throws ProfileException {
    Optional<CertificateOption> option = read(options).options.stream()
        .filter(candidate ->
            candidate instanceof Intact intact && intact.certificate().equals(certificate))
        .findFirst();
    if (option.isEmpty()) {
      throw new ProfileException.NotFound(
          options.source() + ": does not have this certificate: " + certificate);
    }
    options.remove(SECTION, option.get().name());
  }

  /** Removes an option, whatever it holds. */
  static void remove(Options options, String optionName) throws ProfileException {
    if (!OPTION.matcher(optionName).matches() || !options.names(SECTION).contains(optionName)) {
      throw new ProfileException.NotFound(
          options.source() + ": no option " + Shown.of(optionName) + " in section " + SECTION
              + " (expected: " + String.join(", ", options.names(SECTION)) + ")");
    }
    options.remove(SECTION, optionName);
  }

  @Override
  public String toString() {
    return source + ": " + options;
  }
}
