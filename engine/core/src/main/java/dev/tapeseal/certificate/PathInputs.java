package dev.tapeseal.certificate;

import java.util.Set;

/**
 * What a validation may be told beforehand (RFC 5280 section 6.1.1, c to g), and how long a path may be.
 *
 * @param policies acceptable policies as object identifiers; empty for any
 * @param maxIntermediates without those that are self-issued, as a path length counts
 */
record PathInputs(
    Set<String> policies,
    boolean explicitPolicyRequired,
    boolean policyMappingInhibited,
    boolean anyPolicyInhibited,
    int maxIntermediates) {

  /** Any policy, or none. */
  static final PathInputs ANY = new PathInputs(Set.of(), false, false, false, Integer.MAX_VALUE);

  PathInputs {
    policies = Set.copyOf(policies);
  }

  /** One of these policies must hold for the whole path. */
  static PathInputs requiring(Set<String> policies) {
    return new PathInputs(policies, !policies.isEmpty(), false, false, Integer.MAX_VALUE);
  }
}
