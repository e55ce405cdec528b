package dev.tapeseal.keystore;

import dev.tapeseal.certificate.CaBundle;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.RecordingCertificateException;
import dev.tapeseal.settings.Secret;
import dev.tapeseal.settings.SettingKeys;
import dev.tapeseal.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the certificate authorities that {@code cacertstorepath} of {@code rcs.properties} names: PEM in the order of a
 * {@link CaBundle}, or the certificates of a JKS, JCEKS or PKCS#12 trust store, in any order. Safe for any thread.
 */
public final class CaCertificateStore {

  private CaCertificateStore() {}

  /**
   * The authorities that a configuration names; empty where it names none, and then no chain is checked.
   *
   * @throws IOException where the file cannot be read
   * @throws RecordingCertificateException where its certificates are damaged or no bundle
   * @throws RecordingKeyStoreException where the trust store or its password cannot serve
   */
  public static Optional<CaBundle> of(Settings settings)
      throws IOException, RecordingCertificateException, RecordingKeyStoreException {
    Optional<Path> file = settings.find(SettingKeys.CA_CERTIFICATE_STORE_PATH);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Optional<Secret> secret = settings.find(SettingKeys.CA_CERTIFICATE_STORE_PASSWORD);
    if (secret.isEmpty()) {
      return Optional.of(read(file.get(), null));
    }
    char[] characters = secret.get().copyCharacters();
    try (KeyPassword password = KeyPassword.of(characters)) {
      return Optional.of(read(file.get(), password));
    } finally {
      Arrays.fill(characters, '\0');
    }
  }

  /**
   * Reads a file, whichever of the four kinds it is.
   *
   * @param password not used where it is PEM; stays the caller's
   * @throws IOException where the file cannot be read
   * @throws RecordingCertificateException where its certificates are damaged or no bundle
   * @throws RecordingKeyStoreException where the trust store or its password cannot serve
   */
  public static CaBundle read(Path file, @Nullable KeyPassword password)
      throws IOException, RecordingCertificateException, RecordingKeyStoreException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(KeyMaterial.MAX_BYTES + 1);
    }
    String source = file.toString();
    if (!KeyStoreFile.isKeyStore(bytes)) {
      return CaBundle.parse(bytes, source);
    }
    if (bytes.length > KeyMaterial.MAX_BYTES) {
      throw new RecordingKeyStoreException.Unreadable(
          source + ": more than " + KeyMaterial.MAX_BYTES + " bytes (expected: a trust store)",
          null);
    }
    return CaBundle.ofStore(certificates(bytes, source, password), source);
  }

  private static List<RecordingCertificate> certificates(
      byte[] bytes, String source, @Nullable KeyPassword password)
      throws RecordingKeyStoreException {
    if (KeyStoreFile.isPkcs12(bytes)) {
      // Java's own PKCS12 passes over certificates that were not marked as trusted, which openssl
      // does not do
      try {
        return Pkcs12Reader.readCertificates(bytes, source, password);
      } catch (PrivateKeyException.PasswordWrong e) {
        throw new RecordingKeyStoreException.PasswordWrong(
            source + ": wrong password (see cacertstorepassword), or the file is damaged");
      } catch (PrivateKeyException.PasswordMissing e) {
        throw missing(source);
      } catch (PrivateKeyException e) {
        throw new RecordingKeyStoreException.Unreadable(String.valueOf(e.getMessage()), e);
      }
    }
    if (password == null) {
      throw missing(source);
    }
    char[] characters = password.copyChars();
    try {
      return KeyStoreFile.decode(bytes, source, characters).trustedCertificates();
    } finally {
      Arrays.fill(characters, '\0');
    }
  }

  private static RecordingKeyStoreException missing(String source) {
    return new RecordingKeyStoreException.PasswordWrong(
        source + ": a trust store with a password, and none was given (set cacertstorepassword)");
  }
}
