package dev.tapeseal.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with an exit code and one sentence for its user: what was wrong, what was expected, what to do. */
final class CommandException extends RuntimeException {
  private final ExitCode exitCode;

  CommandException(ExitCode exitCode, String message) {
    this(exitCode, message, null);
  }

  CommandException(ExitCode exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
