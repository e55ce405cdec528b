package dev.tapeseal.content;

/**
 * What several recordings have to encrypt next, gathered so that one call does it for all of them. CBC is serial within
 * a recording but not across recordings, and a {@link CbcEncryptor} in native code makes use of that.
 *
 * <p>A writer that shares a batch adds itself when it has enough, and goes on taking what it is given; {@link #run}
 * encrypts and has each hand over what is complete. The batch runs by itself where it is full, and where a writer that
 * waits in it has no more room. A writer whose sink fails throws that at its next call; the others do not hear of it.
 * Allocates nothing. Confined to one thread, as are the writers that share it.
 */
public final class CbcBatch {
  private final CbcEncryptor encryptor;
  private final CbcEncryptor.Job[] jobs;
  private final CbcWriter[] writers;
  private int count;

  /**
   * An empty batch.
   *
   * @param recordings how many it holds before it runs by itself, at least one
   */
  public CbcBatch(CbcEncryptor encryptor, int recordings) {
    if (recordings < 1) {
      throw new IllegalArgumentException(
          "batch of " + recordings + " recordings (expected: at least 1)");
    }
    this.encryptor = encryptor;
    this.jobs = new CbcEncryptor.Job[recordings];
    this.writers = new CbcWriter[recordings];
  }

  CbcEncryptor encryptor() {
    return encryptor;
  }

  /** Takes a writer's next job; a writer adds none before it is told that the last one was done. */
  void add(CbcWriter writer, CbcEncryptor.Job job) {
    jobs[count] = job;
    writers[count] = writer;
    count++;
    if (count == jobs.length) {
      run();
    }
  }

  /** Leaves out the job of a writer that is given up. */
  void remove(CbcWriter writer) {
    for (int i = 0; i < count; i++) {
      if (writers[i] == writer) {
        count--;
        jobs[i] = jobs[count];
        writers[i] = writers[count];
        return;
      }
    }
  }

  /**
   * Encrypts what was added, in one call, then has each recording hand over what is complete.
   *
   * @return of how many recordings that was
   */
  public int run() {
    int added = count;
    count = 0;
    if (added == 0) {
      return 0;
    }
    RuntimeException failure = null;
    try {
      encryptor.encrypt(jobs, added);
    } catch (RuntimeException e) {
      failure = e; // nobody knows whose output is what it should be
    }
    for (int i = 0; i < added; i++) {
      writers[i].encrypted(failure);
    }
    return added;
  }
}
