package dev.tapeseal.cli;

import dev.tapeseal.authority.CertificateRequest;
import dev.tapeseal.authority.IssuanceException;
import dev.tapeseal.authority.RsaKeyPair;
import dev.tapeseal.authority.SignatureAlgorithm;
import dev.tapeseal.authority.SubjectName;
import dev.tapeseal.cli.OutputFile.Access;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A subject with a new private key, and the file of what is made for the two. */
final class NewIdentityOptions {
  @Mixin
  private final SubjectOptions subject = new SubjectOptions();

  @Option(
      names = "--key-out",
      paramLabel = "KEY.pem",
      required = true,
      description = "The file to write the private key to, mode 0600.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
  private Path keyFile;

  @Mixin
  private final NewKeyOptions newKey = new NewKeyOptions();

  @Mixin
  private final SigningOptions signing = new SigningOptions();

  @Mixin
  private final OutputOptions options = new OutputOptions();

  NewIdentityOptions() {}

  /** What is made of a request under its key. */
  @FunctionalInterface
  interface Making<T> {
    T make(CertificateRequest request, RsaKeyPair key, SecureRandom random)
        throws IssuanceException;
  }

  /** Makes a key pair and what belongs to it, and writes both or neither. */
  <T> T write(Terminal terminal, Making<T> making, Function<T, byte[]> toPem) throws Exception {
    options.check();
    newKey.check();
    OutputSet.check(options.existing(), List.of(options.output(), keyFile));
    SubjectName name = subject.read(terminal);
    SecureRandom random = new SecureRandom();
    try (RsaKeyPair key = newKey.generate(NewKeyOptions.RECORDING_KEY_BITS, random);
        OutputSet outputs = new OutputSet(terminal, options.existing())) {
      CertificateRequest request = CertificateRequest.of(name, key, signing.algorithm());
      newKey.write(terminal, key, keyFile, outputs);
      T made = making.make(request, key, random);
      outputs.write(options.output(), Access.SHARED, toPem.apply(made));
      outputs.publish();
      if (!options.json()) {
        terminal.note(
            "tapeseal: " + keyFile
                + ": the private key that recordings are decrypted with: keep it safe, and a backup of it");
      }
      return made;
    }
  }

  SignatureAlgorithm algorithm() {
    return signing.algorithm();
  }

  OutputOptions options() {
    return options;
  }

  Path keyFile() {
    return keyFile;
  }
}
