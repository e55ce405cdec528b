package dev.tapeseal.profile;

import dev.tapeseal.certificate.RecordingCertificate;
import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/**
 * The screen recording certificates of a data folder: the file {@code screen-certificates.json},
 * which looks like an IVR profile's; the file is ours. Members that we do not know are kept.
 *
 * <p>Replaced atomically; changes exclude each other, between processes too; readers never wait and
 * see the present file. Safe for any thread. Whether a certificate may be assigned is for the
 * caller's policy to decide before.
 */
public final class ScreenCertificates {
  private static final String FILE = "screen-certificates.json";

  private final JsonFile<DeployedCertificates> file;

  private ScreenCertificates(Path dataFolder) {
    this.file = new JsonFile<>(
        dataFolder.toAbsolutePath().resolve(FILE),
        (tree, source) -> DeployedCertificates.read(new Options(tree, source)));
  }

  /** Those of a data folder, which need not exist yet. */
  public static ScreenCertificates open(Path dataFolder) {
    return new ScreenCertificates(dataFolder);
  }

  /**
   * The certificates that are assigned; none where there is no file.
   *
   * @throws ProfileException.Invalid where the file cannot be understood
   */
  public DeployedCertificates read() throws IOException {
    return file.read().orElse(DeployedCertificates.none(file.path().toString()));
  }

  /**
   * Adds a certificate.
   *
   * @throws ProfileException.Conflict where it is assigned already, or {@link
   *     DeployedCertificates#MAX_CERTIFICATES} are
   */
  public DeployedCertificates assign(RecordingCertificate certificate) throws IOException {
    return file.change(tree -> DeployedCertificates.add(options(tree), certificate));
  }

  /**
   * Removes a certificate; new recordings are not encrypted under it, and old ones stay as they
   * are.
   *
   * @throws ProfileException.NotFound where it is not assigned
   */
  public DeployedCertificates remove(RecordingCertificate certificate) throws IOException {
    return file.change(tree -> DeployedCertificates.remove(options(tree), certificate));
  }

  /**
   * Removes an option by its name, for example {@code certificates-2}: the way to be rid of a
   * corrupt one.
   *
   * @throws ProfileException.NotFound where there is no such option
   */
  public DeployedCertificates remove(String optionName) throws IOException {
    return file.change(tree -> DeployedCertificates.remove(options(tree), optionName));
  }

  private Options options(ObjectNode tree) {
    return new Options(tree, file.path().toString());
  }

  @Override
  public String toString() {
    return file.path().toString();
  }
}
