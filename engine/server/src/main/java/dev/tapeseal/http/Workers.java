package dev.tapeseal.http;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what blocks: handlers and content. New requests are admitted up to a number; what an admitted one goes on
 * with is always taken, and there is at most one such task for each connection, so that the queue has a bound.
 */
final class Workers implements Executor {
  private final ThreadPoolExecutor threads;
  private final Semaphore admissions;

  Workers(String name, int threadCount, int maxAdmitted) {
    this.threads = new ThreadPoolExecutor(
        threadCount,
        threadCount,
        30,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(name, true));
    threads.allowCoreThreadTimeOut(true);
    this.admissions = new Semaphore(maxAdmitted);
  }

  /** Counts a request in; false means that there are too many, and the client must come again. */
  boolean admit() {
    return admissions.tryAcquire();
  }

  /** Counts a request out. */
  void leave() {
    admissions.release();
  }

  /** Runs a step of an admitted request. After {@link #close} the caller runs it, so that content is still closed. */
  @Override
  public void execute(Runnable step) {
    try {
      threads.execute(step);
    } catch (RejectedExecutionException e) {
      step.run();
    }
  }

  /** Lets what was taken finish. */
  void close() throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
      threads.shutdownNow();
    }
  }
}
