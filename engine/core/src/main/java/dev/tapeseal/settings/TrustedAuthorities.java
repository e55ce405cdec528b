package dev.tapeseal.settings;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whose word is taken, over TLS, for who a server is: the certificates of a PEM file, and none of the JDK's. They may be
 * those of authorities, or a server's own. Nothing is asked for revocations. Immutable and safe for any thread.
 */
public final class TrustedAuthorities {
  private static final int MAX_BYTES = 1 << 20;

  private final List<X509Certificate> certificates;

  private TrustedAuthorities(List<X509Certificate> certificates) {
    this.certificates = List.copyOf(certificates);
  }

  /**
   * Those of the setting {@code tls.ca-file}; empty where it names none, and the JDK's are trusted.
   *
   * @throws IOException as {@link #read} does
   */
  public static Optional<TrustedAuthorities> of(Settings settings) throws IOException {
    Optional<Path> file = settings.find(SettingKeys.TLS_CA_FILE);
    return file.isPresent() ? Optional.of(read(file.get())) : Optional.empty();
  }

  /**
   * Reads them.
   *
   * @param file PEM, at most 1 MiB
   * @throws SettingsException where it holds no certificate, or what is none
   * @throws IOException where it cannot be read
   */
  public static TrustedAuthorities read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    List<X509Certificate> found = new ArrayList<>();
    try {
      if (bytes.length <= MAX_BYTES) {
        for (Certificate certificate : CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bytes))) {
          found.add((X509Certificate) certificate);
        }
      }
    } catch (CertificateException e) {
      throw new SettingsException(
          file + ": cannot be read as certificates (expected: PEM, of those who sign TLS"
              + " certificates)",
          e);
    }
    if (found.isEmpty()) {
      throw new SettingsException(
          file + ": no certificate (expected: PEM, of those who sign TLS certificates, at most"
              + " 1 MiB)");
    }
    return new TrustedAuthorities(found);
  }

  /** The certificates, in the order of the file. */
  public List<X509Certificate> certificates() {
    return certificates;
  }

  /** What a client of TLS needs to trust them, and nobody else. */
  public SSLContext context() {
    try {
      Set<TrustAnchor> anchors = new HashSet<>();
      certificates.forEach(certificate -> anchors.add(new TrustAnchor(certificate, null)));
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
      parameters.setRevocationEnabled(false);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(new CertPathTrustManagerParameters(parameters));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PKIX and TLS", e);
    }
  }

  @Override
  public String toString() {
    return certificates.size() + " trusted certificates";
  }
}
