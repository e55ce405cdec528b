package dev.tapeseal.certificate;

/**
 * What one rule says about one certificate.
 *
 * @param rule the rule's name, in lower case with hyphens, for example {@code key-size}: scripts may rely on it
 * @param outcome what follows from it
 * @param explanation what was found; for a warning or refusal also what was expected and what to do
 */
public record Verdict(String rule, Outcome outcome, String explanation) {

  /** What follows from a rule. */
  public enum Outcome {
    /** The rule holds. */
    PASSED,
    /** Accepted, and should be looked after. */
    WARNING,
    /** The certificate must not be used. */
    REFUSED,
    /** The rule could not be checked; the explanation says what was missing. Accepted. */
    NOT_CHECKED
  }

  static Verdict passed(String rule, String explanation) {
    return new Verdict(rule, Outcome.PASSED, explanation);
  }

  static Verdict warning(String rule, String explanation) {
    return new Verdict(rule, Outcome.WARNING, explanation);
  }

  static Verdict refused(String rule, String explanation) {
    return new Verdict(rule, Outcome.REFUSED, explanation);
  }

  static Verdict notChecked(String rule, String explanation) {
    return new Verdict(rule, Outcome.NOT_CHECKED, explanation);
  }

  /** Whether somebody should hear of it although the certificate may be used. */
  public boolean isWarning() {
    return outcome == Outcome.WARNING;
  }

  /** Whether this alone forbids the certificate's use. */
  public boolean isRefusal() {
    return outcome == Outcome.REFUSED;
  }
}
