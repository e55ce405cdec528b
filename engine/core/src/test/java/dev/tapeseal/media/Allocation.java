package dev.tapeseal.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what the calling thread allocates. */
public final class Allocation {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_UP_ROUNDS = 3;
  /** What the JVM allocates once, when it compiles anew, is in one round; what steps cost is in every one. */
  private static final int MEASURED_ROUNDS = 3;

  /** What is measured. */
  @FunctionalInterface
  public interface Step {
    /** Does it once. */
    void run() throws Exception;
  }

  private Allocation() {}

  /** What one step costs. */
  static long bytesOf(Step step) throws Exception {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    step.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /** Runs a step in rounds; after three to warm up, three more must not all allocate. */
  public static void assertNone(int steps, Step step) throws Exception {
    Step round = () -> {
      for (int i = 0; i < steps; i++) {
        step.run();
      }
    };
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      round.run();
    }
    long allocated = Long.MAX_VALUE;
    for (int i = 0; i < MEASURED_ROUNDS; i++) {
      allocated = Math.min(allocated, bytesOf(round));
    }
    assertThat(allocated).as("bytes allocated by %d steps", steps).isLessThan(1024);
  }
}
