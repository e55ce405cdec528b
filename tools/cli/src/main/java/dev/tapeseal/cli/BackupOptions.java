package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the password of a backup is. */
final class BackupOptions {
  private static final String OPTION = "--backup-password-file";
  private static final String VARIABLE = "TAPESEAL_BACKUP_PASSWORD";

  @Option(
      names = OPTION,
      paramLabel = "FILE",
      description =
          "Its first line is the backup's password; " + VARIABLE + " or a prompt otherwise.")
  private @Nullable Path passwordFile;

  BackupOptions() {}

  /** The files that it reads. */
  List<Path> files() {
    return passwordFile == null ? List.of() : List.of(passwordFile);
  }

  KeyPassword password(Terminal terminal) throws IOException, PrivateKeyException {
    return Passwords.require(terminal, passwordFile, OPTION, VARIABLE, "the backup");
  }
}
