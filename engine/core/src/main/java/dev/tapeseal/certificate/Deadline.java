package dev.tapeseal.certificate;

import dev.tapeseal.certificate.PathException.Reason;
import java.time.Duration;

/** How long the validation of one certificate may take: foreign chains can be made to cost minutes. */
final class Deadline {
  private final long endNanos;
  private final Duration budget;

  private Deadline(Duration budget) {
    this.budget = budget;
    this.endNanos = System.nanoTime() + budget.toNanos();
  }

  static Deadline in(Duration budget) {
    return new Deadline(budget);
  }

  void check() throws PathException {
    if (System.nanoTime() - endNanos > 0) {
      throw new PathException(
          Reason.TOO_MUCH_WORK,
          "takes more than " + budget.toMillis()
              + " ms to check (expected: a chain of few certificates)");
    }
  }
}
