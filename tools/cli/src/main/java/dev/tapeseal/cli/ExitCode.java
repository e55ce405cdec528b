package dev.tapeseal.cli;

/** What the command answers its shell; scripts rely on these numbers. */
public enum ExitCode {
  OK(0),
  /** It failed at run time: unreadable media, a damaged recording, an existing output, a full disk. */
  FAILED(1),
  USAGE(2),
  /** A check or a threshold failed. */
  CHECK_FAILED(3),
  NOT_FOUND(4),
  /** A certificate, a key, a mixed pair or an unsafe configuration was refused. */
  REFUSED(5),
  /** Some of several items failed. */
  SOME_FAILED(6),
  NOT_READY(7);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The process' exit status. */
  public int number() {
    return number;
  }
}
