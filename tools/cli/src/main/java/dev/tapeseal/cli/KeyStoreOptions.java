package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.keystore.RecordingKeyStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which key store a command works on, and where its password is. */
final class KeyStoreOptions {
  private static final String PASSWORD_OPTION = "--keystore-password-file";
  private static final String VARIABLE = "TAPESEAL_KEYSTORE_PASSWORD";

  @Option(
      names = "--keystore",
      paramLabel = "FILE",
      description = "The key store: PKCS12, JKS or JCEKS; TAPESEAL_KEYSTORE otherwise.")
  private @Nullable Path file;

  @Option(
      names = PASSWORD_OPTION,
      paramLabel = "FILE",
      description =
          "Its first line is the key store's password; " + VARIABLE + " or a prompt otherwise.")
  private @Nullable Path passwordFile;

  private @Nullable Path otherwise;

  KeyStoreOptions() {}

  /** The key store to take where none is named, if it is there. */
  void otherwise(Path keyStoreFile) {
    if (Files.exists(keyStoreFile)) {
      otherwise = keyStoreFile;
    }
  }

  /** Whether a key store is named by an option. */
  boolean isGiven() {
    return file != null || passwordFile != null;
  }

  /** Whether a key store is named, by an option, by the environment, or otherwise. */
  boolean isNamed(Terminal terminal) {
    return file != null
        || !terminal.environment("TAPESEAL_KEYSTORE").isEmpty()
        || otherwise != null;
  }

  /** The key store's file. */
  Path file(Terminal terminal) {
    if (file != null) {
      return file;
    }
    String named = terminal.environment("TAPESEAL_KEYSTORE");
    if (named.isEmpty() && otherwise != null) {
      return otherwise;
    }
    if (named.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "missing option --keystore FILE, or TAPESEAL_KEYSTORE in the environment");
    }
    return Path.of(named);
  }

  /** Every file that is named: the key store, and that of its password. */
  List<Path> files(Terminal terminal) {
    List<Path> files = new ArrayList<>();
    if (isNamed(terminal)) {
      files.add(file(terminal));
    }
    if (passwordFile != null) {
      files.add(passwordFile);
    }
    return files;
  }

  /** Opens the key store, which is there. */
  RecordingKeyStore open(Terminal terminal)
      throws IOException, PrivateKeyException, RecordingKeyStoreException {
    Path named = file(terminal);
    Inputs.requireFile(named);
    try (KeyPassword password = password(terminal)) {
      return RecordingKeyStore.open(named, password);
    }
  }

  /** Opens the key store, or begins it. */
  RecordingKeyStore openOrBegin(Terminal terminal)
      throws IOException, PrivateKeyException, RecordingKeyStoreException {
    Path named = file(terminal);
    try (KeyPassword password = password(terminal)) {
      return RecordingKeyStore.openOrBegin(named, password);
    }
  }

  KeyPassword password(Terminal terminal) throws IOException, PrivateKeyException {
    return Passwords.require(
        terminal, passwordFile, PASSWORD_OPTION, VARIABLE, "the key store " + file(terminal));
  }
}
