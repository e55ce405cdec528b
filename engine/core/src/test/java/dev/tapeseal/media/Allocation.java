package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what the calling thread allocates. */
final class Allocation {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_UP_ROUNDS = 3;

  /** What is measured. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  private Allocation() {}

  static long bytesOf(Step step) throws Exception {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    step.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /** Runs a step in rounds; after three to warm up, a round must allocate next to nothing. */
  static void assertNone(int steps, Step step) throws Exception {
    long allocated = 0;
    for (int round = 0; round <= WARM_UP_ROUNDS; round++) {
      allocated = bytesOf(() -> {
        for (int i = 0; i < steps; i++) {
          step.run();
        }
      });
    }
    assertThat(allocated).as("bytes allocated by %d steps", steps).isLessThan(1024);
  }
}
