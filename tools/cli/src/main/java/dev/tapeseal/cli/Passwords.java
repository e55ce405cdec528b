package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where a command's passwords come from: a file, else the environment, else the person at the terminal. */
final class Passwords {

  private Passwords() {}

  /**
   * A password that the command cannot do without.
   *
   * @param file whose first line it is; null where none was named
   * @param option that names the file, for example {@code --keystore-password-file}
   * @param variable of the environment that holds the password; with {@code _FILE} appended the one that names a file
   * @param what it is the password of, as a prompt says it
   * @throws CommandException where there is none, and nobody to ask
   */
  static KeyPassword require(
      Terminal terminal, @Nullable Path file, String option, String variable, String what)
      throws IOException, PrivateKeyException {
    KeyPassword given = find(terminal, file, variable);
    if (given != null) {
      return given;
    }
    char[] typed = terminal.askSecret("Password of " + what + ": ");
    if (typed == null) {
      throw new CommandException(
          ExitCode.USAGE,
          "missing password of " + what + " (expected: " + option + " FILE, " + variable + " or "
              + variable + "_FILE in the environment, or a terminal to ask at)");
    }
    try {
      return KeyPassword.of(typed);
    } finally {
      Arrays.fill(typed, '\0');
    }
  }

  /** A password that may not be needed: null where neither a file nor the environment has one. */
  static @Nullable KeyPassword find(Terminal terminal, @Nullable Path file, String variable)
      throws IOException, PrivateKeyException {
    if (file != null) {
      Inputs.requireFile(file);
      return KeyPassword.read(file);
    }
    String named = terminal.environment(variable + "_FILE");
    if (!named.isEmpty()) {
      Inputs.requireFile(Path.of(named));
      return KeyPassword.read(Path.of(named));
    }
    String value = terminal.environment(variable);
    return value.isEmpty() ? null : KeyPassword.of(value.toCharArray());
  }
}
