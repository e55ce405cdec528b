package dev.tapeseal.cli;

import dev.tapeseal.authority.CertificateAuthority;
import dev.tapeseal.authority.SignatureAlgorithm;
import picocli.CommandLine.Option;

/** How certificates and requests are signed. */
final class SigningOptions {

  /** The digests, as the option has them. */
  enum Digest {
    SHA256(SignatureAlgorithm.SHA256_RSA),
    SHA384(SignatureAlgorithm.SHA384_RSA),
    SHA512(SignatureAlgorithm.SHA512_RSA);

    private final SignatureAlgorithm algorithm;

    Digest(SignatureAlgorithm algorithm) {
      this.algorithm = algorithm;
    }
  }

  @Option(
      names = "--digest",
      paramLabel = "sha256|sha384|sha512",
      defaultValue = "sha256",
      description = "The digest that is signed: sha256 by default.")
  private Digest digest = Digest.SHA256;

  SigningOptions() {}

  SignatureAlgorithm algorithm() {
    return digest.algorithm;
  }

  /** Refuses a validity that no certificate has. */
  static void requireDays(int days) {
    if (days < 1 || days > CertificateAuthority.MAX_DAYS) {
      throw new CommandException(
          ExitCode.USAGE,
          "--days: " + days + " (expected: 1 to " + CertificateAuthority.MAX_DAYS + ")");
    }
  }
}
