package dev.tapeseal.keystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.RecipientIdentifier;
import dev.tapeseal.certificate.RecipientIdentifier.IssuerAndSerialNumber;
import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyTransport;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.samples.Samples;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BareKeysTest {
  private static final SampleIdentity FIRST = SampleCertificates.FIRST;
  private static final SampleIdentity SECOND = SampleCertificates.SECOND;
  private static final RecipientIdentifier UNKNOWN =
      new IssuerAndSerialNumber(new X500Principal("CN=Unknown"), BigInteger.ONE);
  private static final KeyTransport PKCS1 = new KeyTransport.Pkcs1();

  private final byte[] sessionKey = randomBytes(32);

  static List<KeyTransport> keyTransports() {
    List<KeyTransport> transports = new ArrayList<>(List.of(PKCS1));
    List<String> hashes = List.of("SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512");
    for (String hash : hashes) {
      for (String mgf1Hash : hashes) {
        transports.add(new KeyTransport.Oaep(hash, mgf1Hash));
      }
    }
    return transports;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keyTransports")
  void everyKeyTransport_isUndone_andItsDamageTold(KeyTransport transport) throws Exception {
    byte[] encrypted = encrypt(FIRST, transport, sessionKey);
    try (BareKeys keys = keys(FIRST)) {
      assertUnwraps(keys, new Recipient(identifier(FIRST), transport, encrypted));

      encrypted[encrypted.length / 2] ^= 1;
      Recipient damaged = new Recipient(identifier(FIRST), transport, encrypted);
      assertThatThrownBy(() -> keys.unwrap(List.of(damaged), 256))
          .isInstanceOf(EnvelopeException.KeyNotUnwrapped.class)
          .hasMessageContaining(transport.toString());
    }
  }

  @Test
  void recipient_isFoundByIssuerAndSerialNumber_amongManyKeysAndRecipients() throws Exception {
    List<Recipient> recipients = SampleCertificates.PARTIES.stream()
        .map(party -> recipient(party, identifier(party)))
        .toList();
    for (SampleIdentity party :
        List.of(SampleCertificates.PARTIES.get(0), SampleCertificates.PARTIES.get(15))) {
      try (BareKeys keys = BareKeys.read(
          List.of(SECOND.keyPath(), party.keyPath()),
          List.of(party.certificatePath(), SECOND.certificatePath()),
          null)) {
        assertUnwraps(keys, recipients.toArray(Recipient[]::new));
      }
    }
  }

  @Test
  void recipient_isFoundBySubjectKeyIdentifier_withAndWithoutACertificate() throws Exception {
    RecordingCertificate certificate = RecordingCertificate.of(FIRST.certificate());
    Recipient recipient = recipient(FIRST, certificate.subjectKeyIdentifier());
    try (BareKeys with = keys(FIRST);
        BareKeys without = BareKeys.read(List.of(FIRST.keyPath()), List.of(), null)) {
      assertUnwraps(with, recipient(SECOND, UNKNOWN), recipient);
      assertUnwraps(without, recipient);
    }
  }

  @Test
  void aRenewedCertificate_opensWhatItsPredecessorSealed() throws Exception {
    RecordingCertificate old = RecordingCertificate.of(FIRST.certificate());
    try (BareKeys keys = BareKeys.read(
        List.of(FIRST.keyPath()),
        List.of(SampleCertificates.FIRST_RENEWED.certificatePath()),
        null)) {
      assertUnwraps(keys, recipient(FIRST, old.subjectKeyIdentifier()));
    }
    try (BareKeys keys = BareKeys.read(
        List.of(FIRST.keyPath()),
        List.of(SampleCertificates.FIRST_RENEWED.certificatePath(), FIRST.certificatePath()),
        null)) {
      assertUnwraps(keys, recipient(FIRST, identifier(FIRST)));
    }
  }

  @Test
  void withoutACertificate_everyRecipientOfTheModulusLengthIsTried() throws Exception {
    Recipient ofOther = recipient(SampleCertificates.RSA_3072, UNKNOWN);
    Recipient ofSecond = recipient(SECOND, identifier(SECOND));
    Recipient ofFirst = recipient(FIRST, identifier(FIRST));
    try (BareKeys keys = BareKeys.read(List.of(FIRST.keyPath()), List.of(), null)) {
      assertUnwraps(keys, ofOther, ofSecond, ofFirst);

      assertThatThrownBy(() -> keys.unwrap(List.of(ofOther, ofSecond), 256))
          .isInstanceOf(EnvelopeException.KeyNotUnwrapped.class)
          .hasMessageContainingAll("opens none of the 2 encrypted keys", ofSecond.toString())
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
      assertThatThrownBy(() -> keys.unwrap(List.of(ofOther), 256))
          .isInstanceOfSatisfying(
              EnvelopeException.NoMatchingKey.class,
              e -> assertThat(e.recipients()).containsExactly(ofOther));
    }
  }

  @Test
  void withARenewedCertificate_anOlderOnesRecipientsAreOpened_whoeverIssuedThat() throws Exception {
    try (BareKeys keys = BareKeys.read(
        List.of(FIRST.keyPath()),
        List.of(SampleCertificates.FIRST_RENEWED.certificatePath()),
        null)) {
      assertUnwraps(
          keys, recipient(SECOND, identifier(SECOND)), recipient(FIRST, identifier(FIRST)));
      assertUnwraps(keys, recipient(FIRST, UNKNOWN));
    }
  }

  @Test
  void withACertificate_othersRecipientsAreNotOpened() throws Exception {
    Recipient ofSecond = recipient(SECOND, identifier(SECOND));
    Recipient ofOther = recipient(SampleCertificates.RSA_3072, UNKNOWN);
    try (BareKeys keys = keys(FIRST)) {
      assertThatThrownBy(() -> keys.unwrap(List.of(ofSecond, ofOther), 256))
          .isInstanceOfSatisfying(
              EnvelopeException.NoMatchingKey.class,
              e -> assertThat(e.recipients()).containsExactly(ofSecond, ofOther));
    }
  }

  @Test
  void recipientThatIsNamed_isTheOnlyOneTried() throws Exception {
    byte[] encrypted = encrypt(FIRST, PKCS1, sessionKey);
    encrypted[encrypted.length / 2] ^= 1;
    Recipient damaged = new Recipient(identifier(FIRST), PKCS1, encrypted);
    try (BareKeys keys = keys(FIRST)) {
      assertThatThrownBy(() -> keys.unwrap(List.of(damaged, recipient(FIRST, UNKNOWN)), 256))
          .isInstanceOf(EnvelopeException.KeyNotUnwrapped.class);
    }
  }

  @Test
  void anUnknownTransportOfAnotherRecipient_doesNotHideOurs() throws Exception {
    byte[] encrypted = encrypt(SECOND, PKCS1, sessionKey);
    Recipient foreign =
        new Recipient(UNKNOWN, new KeyTransport.Oaep("SHA3-256", "SHA3-256"), encrypted);
    try (BareKeys keys = BareKeys.read(List.of(FIRST.keyPath()), List.of(), null)) {
      assertUnwraps(keys, foreign, recipient(FIRST, UNKNOWN));
    }
    Recipient ours =
        new Recipient(identifier(FIRST), new KeyTransport.Oaep("MD5", "SHA-1"), encrypted);
    try (BareKeys keys = keys(FIRST)) {
      assertThatThrownBy(() -> keys.unwrap(List.of(ours), 256))
          .isInstanceOf(EnvelopeException.Unsupported.class)
          .hasMessage("key transport: RSAES-OAEP MD5 MGF1 SHA-1 (expected: SHA-1 or SHA-2)");
    }
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 1, 15, 16, 24, 31, 33, 245})
  void aSessionKeyOfAnotherLength_isRefused(int length) throws Exception {
    Recipient recipient =
        new Recipient(identifier(FIRST), PKCS1, encrypt(FIRST, PKCS1, randomBytes(length)));
    try (BareKeys keys = keys(FIRST)) {
      assertThatThrownBy(() -> keys.unwrap(List.of(recipient), 256))
          .isInstanceOf(EnvelopeException.KeyNotUnwrapped.class)
          .hasMessageContaining("holds " + length * 8 + " bits (expected: 256)");
    }
  }

  @ParameterizedTest(name = "{0} bits")
  @ValueSource(ints = {128, 192, 256})
  void everyLengthOfSessionKey_isUnwrapped(int keyBits) throws Exception {
    byte[] key = randomBytes(keyBits / 8);
    Recipient recipient = new Recipient(identifier(FIRST), PKCS1, encrypt(FIRST, PKCS1, key));
    try (BareKeys keys = keys(FIRST);
        ContentEncryptionKey unwrapped = keys.unwrap(List.of(recipient), keyBits)) {
      assertThat(unwrapped.copyBytes()).isEqualTo(key);
    }
  }

  @Test
  void encryptedKeysThatAreNone_areRefused() throws Exception {
    byte[] modulus = ((java.security.interfaces.RSAPublicKey)
            FIRST.certificate().getPublicKey())
        .getModulus()
        .toByteArray();
    byte[] tooLarge = java.util.Arrays.copyOfRange(modulus, 1, modulus.length);
    try (BareKeys keys = keys(FIRST)) {
      for (byte[] encrypted : new byte[][] {
        {}, new byte[255], new byte[256], new byte[257], tooLarge, randomBytes(256), new byte[512]
      }) {
        for (KeyTransport transport : List.of(PKCS1, new KeyTransport.Oaep("SHA-256", "SHA-256"))) {
          Recipient recipient = new Recipient(identifier(FIRST), transport, encrypted);
          assertThatThrownBy(() -> keys.unwrap(List.of(recipient), 256))
              .isInstanceOf(EnvelopeException.KeyNotUnwrapped.class);
        }
      }
    }
  }

  /** Every rule of EME-PKCS1-v1_5 decoding, on blocks that were encrypted without padding. */
  @Test
  void wrongPadding_isRefused() throws Exception {
    byte[] right = new byte[256];
    java.util.Arrays.fill(right, (byte) 0x5A);
    right[0] = 0;
    right[1] = 2;
    right[256 - 33] = 0;
    try (BareKeys keys = keys(FIRST)) {
      byte[] whole = right.clone();
      try (ContentEncryptionKey key = keys.unwrap(List.of(raw(whole)), 256)) {
        assertThat(key.copyBytes()).containsOnly(0x5A);
      }
      int[][] changes = {{0, 1}, {1, 1}, {1, 0}, {1, 3}, {2, 0}, {9, 0}, {256 - 33, 0x5A}};
      for (int[] change : changes) {
        byte[] wrong = right.clone();
        wrong[change[0]] = (byte) change[1];
        assertThatThrownBy(() -> keys.unwrap(List.of(raw(wrong)), 256))
            .as("byte %d is %d", change[0], change[1])
            .isInstanceOf(EnvelopeException.KeyNotUnwrapped.class);
      }
    }
  }

  @Test
  void aCertificateOfNoKey_isRefused(@TempDir Path folder) throws Exception {
    assertThatThrownBy(
            () -> BareKeys.read(List.of(FIRST.keyPath()), List.of(SECOND.certificatePath()), null))
        .isInstanceOf(PrivateKeyException.NotForCertificate.class)
        .hasMessageContainingAll(
            SECOND.certificatePath().toString(),
            "none of the private keys is for this certificate");

    Path both = Samples.path("certificates/first_and_second.pem");
    try (BareKeys keys = BareKeys.read(List.of(FIRST.keyPath()), List.of(both), null)) {
      assertUnwraps(keys, recipient(FIRST, identifier(FIRST)));
    }
    RecordingKey key = RecordingKey.read(FIRST.keyPath(), null);
    assertThatThrownBy(
            () -> BareKeys.of(List.of(key), List.of(RecordingCertificate.of(SECOND.certificate()))))
        .isInstanceOf(PrivateKeyException.NotForCertificate.class);
    assertThatThrownBy(key::privateKey).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> BareKeys.of(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("private keys: 0 (expected: >= 1)");
    assertThatThrownBy(() -> BareKeys.read(
            List.of(FIRST.keyPath()), List.of(Files.createFile(folder.resolve("empty.pem"))), null))
        .isInstanceOf(dev.tapeseal.certificate.CertificateUnreadableException.class);
  }

  @Test
  void onePasswordFile_servesEveryKey() throws Exception {
    List<Path> files =
        SampleCertificates.ENCRYPTED_KEYS.stream().map(Samples::path).toList();
    List<Path> keyFiles = new ArrayList<>(files);
    keyFiles.add(SECOND.keyPath());

    try (BareKeys keys = BareKeys.read(keyFiles, List.of(), SampleCertificates.passwordPath())) {
      assertUnwraps(keys, recipient(SECOND, UNKNOWN));
      assertUnwraps(keys, recipient(FIRST, UNKNOWN));
    }
    assertThatThrownBy(() -> BareKeys.read(keyFiles, List.of(), null))
        .isInstanceOf(PrivateKeyException.PasswordMissing.class);
  }

  @Test
  void closed_itUnwrapsNothing_andItsTextNamesFilesAlone() throws Exception {
    BareKeys keys = keys(FIRST);
    assertThat(keys.toString())
        .isEqualTo("BareKeys[RecordingKey[" + FIRST.keyPath() + ", RSA 2048]]");
    keys.close();
    keys.close();

    assertThatThrownBy(() -> keys.unwrap(List.of(recipient(FIRST, identifier(FIRST))), 256))
        .isInstanceOf(IllegalStateException.class);
  }

  private static BareKeys keys(SampleIdentity identity) throws Exception {
    return BareKeys.read(List.of(identity.keyPath()), List.of(identity.certificatePath()), null);
  }

  private void assertUnwraps(BareKeys keys, Recipient... recipients) throws EnvelopeException {
    try (ContentEncryptionKey key = keys.unwrap(List.of(recipients), 256)) {
      assertThat(key.copyBytes()).isEqualTo(sessionKey);
    }
  }

  private Recipient recipient(SampleIdentity identity, RecipientIdentifier identifier) {
    return new Recipient(identifier, PKCS1, encrypt(identity, PKCS1, sessionKey));
  }

  private static Recipient raw(byte[] block) throws Exception {
    Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, FIRST.certificate().getPublicKey());
    return new Recipient(identifier(FIRST), PKCS1, cipher.doFinal(block));
  }

  private static RecipientIdentifier identifier(SampleIdentity identity) {
    return new IssuerAndSerialNumber(
        identity.certificate().getIssuerX500Principal(), identity.certificate().getSerialNumber());
  }

  private static byte[] encrypt(SampleIdentity identity, KeyTransport transport, byte[] key) {
    PublicKey publicKey = identity.certificate().getPublicKey();
    try {
      Cipher cipher;
      if (transport instanceof KeyTransport.Oaep oaep) {
        boolean isKnown = oaep.hash().startsWith("SHA-");
        cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
            Cipher.ENCRYPT_MODE,
            publicKey,
            isKnown
                ? new OAEPParameterSpec(
                    oaep.hash(),
                    "MGF1",
                    new MGF1ParameterSpec(oaep.mgf1Hash()),
                    PSource.PSpecified.DEFAULT)
                : OAEPParameterSpec.DEFAULT);
      } else {
        cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.ENCRYPT_MODE, publicKey);
      }
      return cipher.doFinal(key);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
