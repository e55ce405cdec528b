package dev.tapeseal.cli;

import dev.tapeseal.authority.RsaKeyPair;
import dev.tapeseal.cli.OutputFile.Access;
import dev.tapeseal.keystore.KeyFormat;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a new private key is like, and how its file protects it. */
final class NewKeyOptions {
  /** RSA bits of a recording key, as in the documented command. */
  static final int RECORDING_KEY_BITS = 2048;

  private static final Set<Integer> SIZES = Set.of(2048, 3072, 4096);

  @Option(
      names = "--key-size",
      paramLabel = "N",
      description = "RSA bits of a new key: 2048, 3072 or 4096; 2048 by default, 3072 for a CA.")
  private @Nullable Integer keySize;

  @Option(
      names = "--key-format",
      paramLabel = "pkcs8|pkcs1",
      defaultValue = "pkcs8",
      description = "The form of a new key's file: pkcs8 by default.")
  private KeyFormat keyFormat = KeyFormat.PKCS8;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "Its first line is the private key's password; without it, and without TAPESEAL_KEY_PASSWORD in the"
              + " environment, a new key is not encrypted.")
  private @Nullable Path passwordFile;

  NewKeyOptions() {}

  /** Refuses what cannot be done, before any work is. */
  void check() throws IOException {
    if (keySize != null && !SIZES.contains(keySize)) {
      throw new CommandException(
          ExitCode.USAGE, "--key-size: " + keySize + " (expected: 2048, 3072 or 4096)");
    }
    if (passwordFile != null) {
      Inputs.requireFile(passwordFile);
    }
  }

  /** The file of the password, where one is named. */
  @Nullable
  Path passwordFile() {
    return passwordFile;
  }

  /** Makes a key pair. */
  RsaKeyPair generate(int bitsByDefault, SecureRandom random) {
    return RsaKeyPair.generate(keySize == null ? bitsByDefault : keySize, random);
  }

  /** Writes the private key among the outputs, for its owner alone. */
  void write(Terminal terminal, RsaKeyPair key, Path file, OutputSet outputs)
      throws IOException, PrivateKeyException {
    if (Inputs.isStandard(file)) {
      throw new CommandException(
          ExitCode.USAGE, "-: a private key is not written to standard output (expected: a file)");
    }
    try (KeyPassword password = Passwords.find(terminal, passwordFile, KeyPasswords.KEY_VARIABLE)) {
      if (password != null && keyFormat == KeyFormat.PKCS1) {
        terminal.note("tapeseal: warning: " + file
            + ": PKCS#1 derives the key of its encryption by a single MD5, which lets passwords be"
            + " guessed fast; pkcs8 does not");
      }
      byte[] pem = key.toPem(keyFormat, password);
      try {
        outputs.write(file, Access.OWNER, pem);
      } finally {
        Arrays.fill(pem, (byte) 0);
      }
    }
  }
}
