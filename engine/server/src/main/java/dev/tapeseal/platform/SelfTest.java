package dev.tapeseal.platform;

import dev.tapeseal.authority.CertificateRequest;
import dev.tapeseal.authority.IssuanceException;
import dev.tapeseal.authority.RsaKeyPair;
import dev.tapeseal.authority.SelfSignedCertificate;
import dev.tapeseal.authority.SignatureAlgorithm;
import dev.tapeseal.authority.SubjectName;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.RecordingContext;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingOptions;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingWriter;
import dev.tapeseal.envelope.WrappedSessionKey;
import dev.tapeseal.keystore.BareKeys;
import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.keystore.KeyFormat;
import dev.tapeseal.keystore.RecordingKey;
import dev.tapeseal.keystore.RecordingKeyStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Proves, before a platform says that it is ready, that what is encrypted under its keys comes back, and has the ciphers
 * compiled by then, so that the first player is served as fast as the next. In memory; it takes about as long as it is
 * told to.
 */
final class SelfTest {
  private static final int CONTENT_BYTES = 64 * 1024;
  private static final int MODULUS_BITS = 2048;

  /** Of a store with many keys the first: all were opened, and each decrypts like the other. */
  private static final int MAX_KEYS = 8;

  private final SecureRandom random;
  private final byte[] content = new byte[CONTENT_BYTES];

  SelfTest(SecureRandom random) {
    this.random = random;
    random.nextBytes(content);
  }

  /**
   * Encrypts and decrypts under the keys of a store, and under one that is made for it where there is none.
   *
   * @param warmUp for how long at least the ciphers are used
   * @throws IOException where what comes back is something else, or nothing
   */
  void run(RecordingKeyStore keys, Clock clock, Duration warmUp)
      throws IOException, GeneralSecurityException {
    List<KeyEntry> entries = keys.entries();
    if (entries.isEmpty()) {
      runUnderNewKey(clock, warmUp);
      return;
    }
    KeyUnwrapper unwrapper = keys.unwrapperForOwner();
    for (KeyEntry entry : entries.subList(0, Math.min(MAX_KEYS, entries.size()))) {
      requireRoundTrip(RecordingFormat.SEALED, entry.certificate(), unwrapper);
      if (!entry.limits().onlyOaep()) {
        requireRoundTrip(RecordingFormat.PKCS7, entry.certificate(), unwrapper);
      }
    }
    KeyEntry first = entries.get(0);
    warmUp(first.certificate(), unwrapper, first.limits().onlyOaep(), warmUp);
  }

  private void runUnderNewKey(Clock clock, Duration warmUp)
      throws IOException, GeneralSecurityException {
    try (RsaKeyPair keyPair = RsaKeyPair.generate(MODULUS_BITS, random)) {
      SubjectName subject = SubjectName.builder()
          .commonName("self-test")
          .organization("Tapeseal")
          .organizationalUnit("self-test")
          .locality("memory")
          .state("memory")
          .country("ZZ")
          .build();
      RecordingCertificate certificate = selfSigned(subject, keyPair, clock);
      byte[] pem = keyPair.toPem(KeyFormat.PKCS8, null);
      try (BareKeys key =
          BareKeys.of(List.of(RecordingKey.parse(pem, "self-test", null)), List.of(certificate))) {
        warmUp(certificate, key, false, warmUp);
      } finally {
        Arrays.fill(pem, (byte) 0);
      }
    }
  }

  private RecordingCertificate selfSigned(SubjectName subject, RsaKeyPair keyPair, Clock clock) {
    try {
      return SelfSignedCertificate.of(
          CertificateRequest.of(subject, keyPair, SignatureAlgorithm.SHA256_RSA),
          keyPair,
          1,
          SignatureAlgorithm.SHA256_RSA,
          clock,
          random);
    } catch (IssuanceException e) {
      throw new IllegalStateException("a new key of this length is one for recordings", e);
    }
  }

  private void warmUp(
      RecordingCertificate certificate, KeyUnwrapper unwrapper, boolean onlyOaep, Duration atLeast)
      throws IOException {
    long begun = System.nanoTime();
    do {
      requireRoundTrip(RecordingFormat.SEALED, certificate, unwrapper);
      if (!onlyOaep) {
        requireRoundTrip(RecordingFormat.PKCS7, certificate, unwrapper);
      }
    } while (System.nanoTime() - begun < atLeast.toNanos());
  }

  private void requireRoundTrip(
      RecordingFormat format, RecordingCertificate certificate, KeyUnwrapper unwrapper)
      throws IOException {
    InMemory stored = new InMemory();
    RecordingOptions options = RecordingOptions.live().withMac(RecordingContext.UNKNOWN);
    try (RecordingWriter writer = RecordingWriter.open(
        format,
        WrappedSessionKey.generate(format, List.of(certificate), random),
        stored,
        options,
        random)) {
      writer.write(ByteBuffer.wrap(content));
    }
    ByteBuffer decrypted = ByteBuffer.allocate(CONTENT_BYTES);
    try (RecordingReader reader = RecordingReader.open(
        stored, unwrapper, RecordingExpectation.authenticated(RecordingContext.UNKNOWN))) {
      while (decrypted.hasRemaining() && reader.read(decrypted) >= 0) {
        // all of it
      }
    }
    if (!Arrays.equals(decrypted.array(), content)) {
      throw new IOException("self-test: what " + certificate.identifier() + " encrypted as "
          + format.label() + " did not come back (expected: the same bytes)");
    }
  }
}
