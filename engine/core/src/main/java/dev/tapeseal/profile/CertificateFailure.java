package dev.tapeseal.profile;

/**
 * What happens when some of a profile's certificates do not pass the policy. Ours: what the
 * platform does is not documented.
 */
public enum CertificateFailure {
  /**
   * Nothing is recorded: every intended reader can open a recording, or there is none. The default.
   */
  REFUSE,
  /**
   * Recorded under those that pass, with an alarm for each that does not. Where none passes nothing
   * is recorded: what was to be encrypted is never recorded clear.
   */
  RECORD_WITH_THOSE_THAT_PASS
}
