package dev.tapeseal.keystore;

import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.certificate.RecordingCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A private key together with the certificate that it belongs to, which is proved, and the chain above that: what is
 * imported into a {@link RecordingKeyStore}.
 *
 * <p>It owns the key: closing it closes the key. Confined to one thread.
 */
public final class KeyMaterial implements AutoCloseable {
  /** The most bytes that a file with a key may have. */
  static final int MAX_BYTES = 1024 * 1024;

  private static final int DER_SEQUENCE = 0x30;

  private final RecordingKey key;
  private final RecordingCertificate certificate;
  private final List<RecordingCertificate> chain;

  private KeyMaterial(
      RecordingKey key, RecordingCertificate certificate, List<RecordingCertificate> chain) {
    this.key = key;
    this.certificate = certificate;
    this.chain = List.copyOf(chain);
  }

  /**
   * Takes over a key where it belongs to the certificate: what is encrypted under the certificate comes back.
   *
   * @param chain the certificates above it, the nearest authority first; may be empty
   * @throws PrivateKeyException.NotForCertificate where the key does not belong to the certificate, or one of the chain
   *     has not issued the one before; the key stays the caller's
   */
  public static KeyMaterial of(
      RecordingKey key, RecordingCertificate certificate, List<RecordingCertificate> chain)
      throws PrivateKeyException {
    key.requireMatch(certificate);
    RecordingCertificate below = certificate;
    for (RecordingCertificate authority : chain) {
      if (!below
          .x509()
          .getIssuerX500Principal()
          .equals(authority.x509().getSubjectX500Principal())) {
        throw new PrivateKeyException.NotForCertificate(
            "chain: " + authority + " has not issued " + below
                + " (expected: the nearest authority first, then each that issued the one before)");
      }
      below = authority;
    }
    return new KeyMaterial(key, certificate, chain);
  }

  /**
   * Reads a key and its certificate: PEM in each of the shapes that {@link RecordingKey#read} takes, or a PKCS#12 file
   * with one key.
   *
   * @param keyFile the key; a PKCS#12 file may have the certificate and its chain, too
   * @param certificateFile the certificate, in PEM, the first of those that belong to the key; null where the key's file
   *     has it
   * @param chainFile the certificates above it, in PEM; null where there are none, or the key's file has them
   * @param password of an encrypted key; not used otherwise; stays the caller's
   * @throws IOException where a file cannot be read
   * @throws PrivateKeyException where the key cannot serve or does not belong to the certificate; which kind tells why
   * @throws CertificateUnreadableException where a certificate's file has none
   */
  public static KeyMaterial read(
      Path keyFile,
      @Nullable Path certificateFile,
      @Nullable Path chainFile,
      @Nullable KeyPassword password)
      throws IOException, PrivateKeyException, CertificateUnreadableException {
    byte[] bytes = bytes(keyFile);
    try {
      String source = keyFile.toString();
      boolean isPkcs12 = bytes.length > 0 && bytes[0] == DER_SEQUENCE;
      List<RecordingCertificate> certificates = new ArrayList<>();
      if (certificateFile != null) {
        certificates.addAll(RecordingCertificate.readAll(certificateFile));
      } else if (!isPkcs12) {
        certificates.addAll(RecordingCertificate.parse(bytes, source));
      }
      List<RecordingCertificate> chain =
          chainFile == null ? List.of() : RecordingCertificate.readAll(chainFile);
      if (isPkcs12) {
        return Pkcs12Reader.read(bytes, source, password).toMaterial(certificates, chain);
      }
      return ofAny(RecordingKey.parse(bytes, source, password), certificates, chain);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Takes over the key, or closes it: of several certificates the first that is the key's. */
  static KeyMaterial ofAny(
      RecordingKey key, List<RecordingCertificate> certificates, List<RecordingCertificate> chain)
      throws PrivateKeyException {
    boolean taken = false;
    try {
      RecordingCertificate its = certificates.stream()
          .filter(key::matches)
          .findFirst()
          .orElse(certificates.get(0)); // which is then refused by name
      KeyMaterial material = of(key, its, chain);
      taken = true;
      return material;
    } finally {
      if (!taken) {
        key.close();
      }
    }
  }

  private static byte[] bytes(Path file) throws IOException, PrivateKeyException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        Arrays.fill(bytes, (byte) 0);
        throw new PrivateKeyException.Unreadable(
            file + ": more than " + MAX_BYTES + " bytes (expected: a private key)");
      }
      return bytes;
    }
  }

  /** The private key, which stays this one's. */
  RecordingKey key() {
    return key;
  }

  /** The certificate that the key belongs to. */
  public RecordingCertificate certificate() {
    return certificate;
  }

  /** The certificates above it, the nearest authority first. */
  public List<RecordingCertificate> chain() {
    return chain;
  }

  /** Lets go of the key. May be called more than once. */
  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "KeyMaterial[" + certificate + "]";
  }
}
