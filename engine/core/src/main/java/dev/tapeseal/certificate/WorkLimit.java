package dev.tapeseal.certificate;

import dev.tapeseal.certificate.PathException.Reason;
import java.time.Duration;

/** How much the validation of one certificate may cost: foreign chains can be made to cost minutes. */
final class WorkLimit {
  private static final int MAX_SIGNATURES = 1000;

  private final long endNanos;
  private final Duration budget;
  private int signatures;

  private WorkLimit(Duration budget) {
    this.budget = budget;
    this.endNanos = System.nanoTime() + budget.toNanos();
  }

  static WorkLimit of(Duration budget) {
    return new WorkLimit(budget);
  }

  /** Counts a signature that is about to be verified. */
  void countSignature() throws PathException {
    signatures++;
    if (signatures > MAX_SIGNATURES) {
      throw new PathException(
          Reason.TOO_MUCH_WORK,
          "takes more than " + MAX_SIGNATURES
              + " signatures to check (expected: authorities with a name and a key of their own)");
    }
    checkTime();
  }

  void checkTime() throws PathException {
    if (System.nanoTime() - endNanos > 0) {
      throw new PathException(
          Reason.TOO_MUCH_WORK,
          "takes more than " + budget.toMillis()
              + " ms to check (expected: a chain of few certificates)");
    }
  }
}
