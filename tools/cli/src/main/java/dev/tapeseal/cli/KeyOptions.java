package dev.tapeseal.cli;

import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.keystore.BareKeys;
import dev.tapeseal.keystore.CatalogRewrap;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.keystore.RecordingKeyStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which private keys decrypt: loose ones, or those of a key store. */
final class KeyOptions {
  @Option(
      names = "--key",
      paramLabel = "KEY.pem",
      description = "A private key; repeat it where several may fit.")
  private List<Path> keys = List.of();

  @Option(
      names = "--recip",
      paramLabel = "CERT.pem",
      description = "A key's certificate: says which recipient it is.")
  private List<Path> certificates = List.of();

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Its first line is the password of every encrypted key; "
          + KeyPasswords.KEY_VARIABLE + " or a prompt otherwise.")
  private @Nullable Path passwordFile;

  @Mixin
  private final KeyStoreOptions keyStore = new KeyStoreOptions();

  KeyOptions() {}

  /** Keys that are held open while they are used. */
  record Keys(KeyUnwrapper unwrapper, CatalogRewrap.Keys forRewrap, Runnable release)
      implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  /** Refuses what does not go together, and files that are not there; see {@link Inputs#requireFile}. */
  void check() throws IOException {
    if (!keys.isEmpty() && keyStore.isGiven()) {
      throw new CommandException(ExitCode.USAGE, "--key with --keystore (expected: one of them)");
    }
    Inputs.requireFiles(keys);
    Inputs.requireFiles(certificates);
    if (passwordFile != null) {
      Inputs.requireFile(passwordFile);
    }
  }

  /** The key store to take where none and no key is named, if it is there. */
  void otherwise(Path keyStoreFile) {
    keyStore.otherwise(keyStoreFile);
  }

  /** Whether any are named by options. */
  boolean areGiven() {
    return !keys.isEmpty() || keyStore.isGiven();
  }

  /** Every file that is named. */
  List<Path> files(Terminal terminal) {
    List<Path> files = new ArrayList<>(keys);
    files.addAll(certificates);
    if (passwordFile != null) {
      files.add(passwordFile);
    }
    files.addAll(keyStore.files(terminal));
    return files;
  }

  /** Whether any are named, by options, by the environment, or otherwise. */
  boolean areNamed(Terminal terminal) {
    return !keys.isEmpty() || keyStore.isNamed(terminal);
  }

  /** Opens those that are named. */
  Keys open(Terminal terminal)
      throws IOException, PrivateKeyException, CertificateUnreadableException,
          RecordingKeyStoreException {
    if (keys.isEmpty()) {
      RecordingKeyStore store = keyStore.open(terminal);
      return new Keys(store.unwrapperForOwner(), store.keysForRewrap(), store::close);
    }
    BareKeys bare = readBareKeys(terminal);
    return new Keys(bare, bare.keysForRewrap(), bare::close);
  }

  /** Asks for a password where a key turns out to need one that was not given. */
  private BareKeys readBareKeys(Terminal terminal)
      throws IOException, PrivateKeyException, CertificateUnreadableException {
    try (KeyPassword given = Passwords.find(terminal, passwordFile, KeyPasswords.KEY_VARIABLE)) {
      return BareKeys.readUnder(keys, certificates, given);
    } catch (PrivateKeyException.PasswordMissing e) {
      char[] typed = terminal.askSecret("Password of the private key: ");
      if (typed == null) {
        throw new CommandException(
            ExitCode.REFUSED,
            e.getMessage() + "; give it with --password-file FILE, or as "
                + KeyPasswords.KEY_VARIABLE + " in the environment",
            e);
      }
      try (KeyPassword asked = KeyPassword.of(typed)) {
        return BareKeys.readUnder(keys, certificates, asked);
      } finally {
        Arrays.fill(typed, '\0');
      }
    }
  }
}
