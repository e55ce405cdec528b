package dev.tapeseal.cli;

import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.keystore.KeyLimits;
import dev.tapeseal.keystore.KeyMaterial;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.keystore.RecordingKeyStore;
import dev.tapeseal.store.Tenant;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Adds a private key and its certificate to a key store. */
@Command(
    name = "import",
    description =
        "Adds a private key and its certificate; makes the key store where there is none.",
    mixinStandardHelpOptions = true)
final class KeystoreImportCommand implements Callable<Integer> {
  private static final String VARIABLE = "TAPESEAL_KEY_PASSWORD";

  private final Terminal terminal;

  @Mixin
  private final KeyStoreOptions keyStore = new KeyStoreOptions();

  @Option(
      names = "--alias",
      paramLabel = "A",
      required = true,
      description = "The key's name in the key store.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private String alias;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      required = true,
      description = "The private key: PEM (PKCS#1 or PKCS#8, plain or encrypted) or PKCS#12.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path key;

  @Option(
      names = "--cert",
      paramLabel = "CERT.pem",
      description = "The key's certificate; not needed where KEY has it.")
  private @Nullable Path certificate;

  @Option(
      names = "--chain",
      paramLabel = "FILE",
      description = "The certificates above it, nearest authority first.")
  private @Nullable Path chain;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Its first line is the password of an encrypted key; " + VARIABLE
          + " or a prompt otherwise.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--only-oaep",
      description = "Limit the key to RSAES-OAEP: it opens no pkcs7 recordings.")
  private boolean onlyOaep;

  @Option(
      names = "--contact-center",
      paramLabel = "ID",
      description = "With --tenant: whose recordings the key is for.")
  private @Nullable String contactCenter;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "With --contact-center: the tenant's name.")
  private @Nullable String tenant;

  @Option(names = "--json", description = "Say what was imported as JSON.")
  private boolean json;

  KeystoreImportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    Inputs.requireFiles(Arrays.asList(key, certificate, chain, passwordFile));
    KeyLimits limits = limits();
    try (KeyMaterial material = material();
        RecordingKeyStore store = keyStore.openOrBegin(terminal)) {
      KeyEntry entry = importKey(store, material, limits);
      if (json) {
        Json.print(terminal.out(), KeyTable.json(entry));
      } else {
        terminal.note("tapeseal: imported '" + entry.alias() + "' into " + store.path() + ": "
            + entry.certificate().subject() + " #" + entry.certificate().serialNumber());
      }
    }
    return ExitCode.OK.number();
  }

  private KeyEntry importKey(RecordingKeyStore store, KeyMaterial material, KeyLimits limits)
      throws Exception {
    try {
      return store.importKey(alias, material, limits);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private KeyLimits limits() {
    if ((contactCenter == null) != (tenant == null)) {
      throw new CommandException(
          ExitCode.USAGE, "--contact-center and --tenant: one without the other (expected: both)");
    }
    try {
      Tenant owner =
          contactCenter == null || tenant == null ? null : new Tenant(contactCenter, tenant);
      return new KeyLimits(onlyOaep, owner);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private KeyMaterial material() throws Exception {
    try (KeyPassword given = Passwords.find(terminal, passwordFile, VARIABLE)) {
      return KeyMaterial.read(key, certificate, chain, given);
    } catch (PrivateKeyException.PasswordMissing missing) {
      try (KeyPassword asked = Passwords.require(
          terminal, passwordFile, "--password-file", VARIABLE, "the private key " + key)) {
        return KeyMaterial.read(key, certificate, chain, asked);
      }
    }
  }
}
