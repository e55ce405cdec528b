package dev.tapeseal.authority;

import dev.tapeseal.authority.IssuanceException.AuthorityUnfit;
import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.keystore.KeyPassword;
import dev.tapeseal.keystore.PrivateKeyException;
import dev.tapeseal.keystore.RecordingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An authority that lies in a folder, whoever made it, opened for signing: {@link #CERTIFICATE}, its private key
 * {@link #KEY}, and, where it is no root, {@link #BUNDLE}.
 *
 * <p>Closing it lets go of the key. Confined to one thread.
 */
public final class AuthorityFolder implements AutoCloseable {

  /** The file of the authority's certificate. */
  public static final String CERTIFICATE = "ca_cert.pem";

  /** The file of its private key, in any of the shapes that {@link RecordingKey} reads. */
  public static final String KEY = "ca_key.pem";

  /** The file of its CA bundle: its own certificate first, then each one's issuer, the root last. */
  public static final String BUNDLE = "ca_bundle.pem";

  private final CertificateAuthority authority;
  private final RecordingKey key;

  private AuthorityFolder(CertificateAuthority authority, RecordingKey key) {
    this.authority = authority;
    this.key = key;
  }

  /**
   * Opens an authority.
   *
   * @param password not used where the key is not encrypted; stays the caller's
   * @param algorithm how it is to sign
   * @throws IOException where a file is missing or cannot be read; a root needs no bundle
   * @throws CertificateUnreadableException where a file of certificates has none
   * @throws PrivateKeyException where the key cannot be read
   * @throws AuthorityUnfit where the certificates are no chain of CAs, or the key is another's
   */
  public static AuthorityFolder open(
      Path folder,
      @Nullable KeyPassword password,
      SignatureAlgorithm algorithm,
      Clock clock,
      SecureRandom random)
      throws IOException, CertificateUnreadableException, PrivateKeyException, AuthorityUnfit {
    Path bundle = folder.resolve(BUNDLE);
    Path source = Files.exists(bundle) ? bundle : folder.resolve(CERTIFICATE);
    List<RecordingCertificate> chain = chain(folder, bundle);
    RecordingKey key = RecordingKey.read(folder.resolve(KEY), password);
    boolean opened = false;
    try {
      var authority = CertificateAuthority.of(
          chain, source.toString(), SigningKey.of(key), algorithm, clock, random);
      opened = true;
      return new AuthorityFolder(authority, key);
    } finally {
      if (!opened) {
        key.close();
      }
    }
  }

  private static List<RecordingCertificate> chain(Path folder, Path bundle)
      throws IOException, CertificateUnreadableException, AuthorityUnfit {
    RecordingCertificate certificate = RecordingCertificate.read(folder.resolve(CERTIFICATE));
    if (!Files.exists(bundle)) {
      return List.of(certificate);
    }
    List<RecordingCertificate> chain = RecordingCertificate.readAll(bundle);
    if (!chain.get(0).equals(certificate)) {
      throw new AuthorityUnfit(bundle + ": begins with " + chain.get(0).subject() + " (expected: "
          + CERTIFICATE + ", " + certificate.subject() + ", first; put the bundle in that order)");
    }
    return chain;
  }

  /** The authority. */
  public CertificateAuthority authority() {
    return authority;
  }

  /** Lets go of the private key: the authority signs no more. May be called more than once. */
  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return authority.toString();
  }
}
