package dev.tapeseal.cli;

import dev.tapeseal.authority.AuthorityFolder;
import dev.tapeseal.authority.SignatureAlgorithm;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Opens the folder of an authority that exists. */
final class CaOptions {
  private CaOptions() {}

  /** The folder's files, which no output may replace. */
  static List<Path> files(Path folder) {
    return Stream.of(AuthorityFolder.CERTIFICATE, AuthorityFolder.KEY, AuthorityFolder.BUNDLE)
        .map(folder::resolve)
        .toList();
  }

  /**
   * Opens it.
   *
   * @param option that names the file of its key's password
   */
  static AuthorityFolder open(
      Terminal terminal,
      Path folder,
      @Nullable Path passwordFile,
      String option,
      SignatureAlgorithm algorithm)
      throws Exception {
    Inputs.requireFiles(
        List.of(folder.resolve(AuthorityFolder.CERTIFICATE), folder.resolve(AuthorityFolder.KEY)));
    return KeyPasswords.open(
        terminal,
        passwordFile,
        option,
        KeyPasswords.CA_VARIABLE,
        "the CA's key " + folder.resolve(AuthorityFolder.KEY),
        password -> AuthorityFolder.open(
            folder, password, algorithm, Clock.systemUTC(), new SecureRandom()));
  }
}
