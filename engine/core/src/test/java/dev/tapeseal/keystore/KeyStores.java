package dev.tapeseal.keystore;

import dev.tapeseal.certificate.CertificateUnreadableException;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.samples.SampleIdentity;
import java.io.IOException;
import java.nio.file.Path;

/** What tests of key stores have in common. */
final class KeyStores {
  static final String PASSWORD = "store password 1";

  private KeyStores() {}

  static KeyPassword password() {
    return KeyPassword.of(PASSWORD.toCharArray());
  }

  static RecordingKeyStore open(Path file) throws IOException, RecordingKeyStoreException {
    try (KeyPassword password = password()) {
      return RecordingKeyStore.openOrBegin(file, password);
    }
  }

  static KeyMaterial material(SampleIdentity identity)
      throws IOException, PrivateKeyException, CertificateUnreadableException {
    return KeyMaterial.read(identity.keyPath(), identity.certificatePath(), null, null);
  }

  static KeyEntry add(RecordingKeyStore store, String alias, SampleIdentity identity)
      throws IOException, PrivateKeyException, CertificateUnreadableException,
          RecordingKeyStoreException {
    return add(store, alias, identity, KeyLimits.NONE);
  }

  static KeyEntry add(
      RecordingKeyStore store, String alias, SampleIdentity identity, KeyLimits limits)
      throws IOException, PrivateKeyException, CertificateUnreadableException,
          RecordingKeyStoreException {
    try (KeyMaterial material = material(identity)) {
      return store.importKey(alias, material, limits);
    }
  }

  static RecordingCertificate certificate(SampleIdentity identity) {
    try {
      return RecordingCertificate.of(identity.certificate());
    } catch (CertificateUnreadableException e) {
      throw new IllegalStateException("sample " + identity + " can be read", e);
    }
  }
}
