package dev.tapeseal.authority;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** When a certificate is valid, both ends included: from now on, to the second, for so many days. */
record Validity(Instant notBefore, Instant notAfter) {

  static Validity of(int days, Clock clock) {
    if (days < 1 || days > CertificateAuthority.MAX_DAYS) {
      throw new IllegalArgumentException(
          "validity: " + days + " days (expected: 1 to " + CertificateAuthority.MAX_DAYS + ")");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return new Validity(now, now.plus(Duration.ofDays(days)));
  }

  static Validity until(Instant end, Clock clock) {
    return new Validity(clock.instant().truncatedTo(ChronoUnit.SECONDS), end);
  }
}
