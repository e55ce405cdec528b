package dev.tapeseal.keystore;

import static dev.tapeseal.keystore.KeyStores.add;
import static dev.tapeseal.keystore.KeyStores.certificate;
import static dev.tapeseal.samples.SampleCertificates.FIRST;
import static dev.tapeseal.samples.SampleCertificates.FIRST_RENEWED;
import static dev.tapeseal.samples.SampleCertificates.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.certificate.RecordingCertificate;
import dev.tapeseal.certificate.Vectors;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyTransport;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.samples.SampleCertificates;
import dev.tapeseal.samples.SampleIdentity;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaRecipient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Cipher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service that unwraps tells nobody why it did not. */
class ServiceUnwrapperTest {
  private static final KeyTransport PKCS1 = new KeyTransport.Pkcs1();
  private static final KeyTransport OAEP = new KeyTransport.Oaep("SHA-256", "SHA-256");

  @TempDir
  private Path folder;

  private final byte[] sessionKey = new byte[32];
  private final List<UnwrapOutcome> audit = new ArrayList<>();

  @BeforeEach
  void makeSessionKey() {
    new SecureRandom().nextBytes(sessionKey);
  }

  private RecordingKeyStore open(SampleIdentity identity, KeyLimits limits) throws Exception {
    RecordingKeyStore keys = KeyStores.open(folder.resolve("keystore.p12"));
    add(keys, "key", identity, limits);
    return keys;
  }

  private static byte[] encrypt(SampleIdentity identity, String transformation, byte[] plain)
      throws Exception {
    Cipher rsa = Cipher.getInstance(transformation);
    rsa.init(Cipher.ENCRYPT_MODE, identity.certificate().getPublicKey());
    return rsa.doFinal(plain);
  }

  private static Recipient recipient(KeyTransport transport, byte[] encryptedKey) {
    return new Recipient(certificate(FIRST).identifier(), transport, encryptedKey);
  }

  private static byte[] unwrap(KeyUnwrapper unwrapper, Recipient recipient) throws Exception {
    try (ContentEncryptionKey key = unwrapper.unwrap(List.of(recipient), 256)) {
      assertThat(key.bits()).isEqualTo(256);
      return key.copyBytes();
    }
  }

  /** EME-PKCS1-v1_5 by hand, encrypted: so that it can be wrong. */
  private byte[] block(int separator, int first, int second, int zeroAt) throws Exception {
    byte[] block = new byte[256];
    Arrays.fill(block, (byte) 0x7f);
    block[0] = (byte) first;
    block[1] = (byte) second;
    block[255 - 32] = (byte) separator;
    if (zeroAt > 0) {
      block[zeroAt] = 0;
    }
    System.arraycopy(sessionKey, 0, block, 256 - 32, 32);
    return encrypt(FIRST, "RSA/ECB/NoPadding", block);
  }

  @Test
  void everyFailure_looksLikeEveryOther_andLikeItselfTheNextTime() throws Exception {
    byte[] sound = encrypt(FIRST, "RSA/ECB/PKCS1Padding", sessionKey);
    byte[] flipped = sound.clone();
    flipped[100] ^= 4;
    byte[] large = new byte[256];
    Arrays.fill(large, (byte) 0xff);
    List<Recipient> failing = List.of(
        recipient(PKCS1, encrypt(SECOND, "RSA/ECB/PKCS1Padding", sessionKey)),
        recipient(PKCS1, flipped),
        recipient(PKCS1, large),
        recipient(PKCS1, new byte[256]),
        recipient(PKCS1, new byte[0]),
        recipient(PKCS1, Arrays.copyOf(sound, 255)),
        recipient(PKCS1, Arrays.copyOf(sound, 257)),
        recipient(PKCS1, encrypt(FIRST, "RSA/ECB/PKCS1Padding", Arrays.copyOf(sessionKey, 16))),
        recipient(PKCS1, encrypt(FIRST, "RSA/ECB/PKCS1Padding", Arrays.copyOf(sessionKey, 33))),
        recipient(PKCS1, block(1, 0, 2, 0)),
        recipient(PKCS1, block(0, 0, 1, 0)),
        recipient(PKCS1, block(0, 0, 2, 2)),
        recipient(PKCS1, block(0, 0, 2, 100)),
        recipient(OAEP, sound),
        recipient(OAEP, large),
        recipient(new KeyTransport.Oaep("MD5", "MD5"), flipped));
    try (RecordingKeyStore keys = open(FIRST, KeyLimits.NONE)) {
      KeyUnwrapper unwrapper = keys.unwrapperForService((entry, outcome) -> audit.add(outcome));
      assertThat(unwrap(unwrapper, recipient(PKCS1, sound))).isEqualTo(sessionKey);
      assertThat(unwrap(unwrapper, recipient(PKCS1, block(0, 0, 2, 0)))).isEqualTo(sessionKey);
      assertThat(audit).containsOnly(UnwrapOutcome.OPENED);
      audit.clear();

      Set<String> answers = new HashSet<>();
      Set<String> ciphertexts = new HashSet<>();
      for (Recipient recipient : failing) {
        byte[] answer = unwrap(unwrapper, recipient);
        assertThat(answer).as(recipient.toString()).isEqualTo(unwrap(unwrapper, recipient));
        assertThat(answer).isNotEqualTo(sessionKey);
        answers.add(HexFormat.of().formatHex(answer));
        ciphertexts.add(HexFormat.of().formatHex(recipient.encryptedKey()));
      }
      assertThat(answers).hasSameSizeAs(ciphertexts);
      assertThat(audit).hasSize(2 * failing.size()).containsOnly(UnwrapOutcome.REJECTED);
    }
  }

  @Test
  void aKeyLimitedToOaep_opensOaepAlone() throws Exception {
    byte[] oaep = encrypt(FIRST, "RSA/ECB/OAEPWithSHA-1AndMGF1Padding", sessionKey);
    Recipient modern = recipient(new KeyTransport.Oaep("SHA-1", "SHA-1"), oaep);
    Recipient old = recipient(PKCS1, encrypt(FIRST, "RSA/ECB/PKCS1Padding", sessionKey));
    try (RecordingKeyStore keys = open(FIRST, KeyLimits.NONE.withOnlyOaep())) {
      KeyUnwrapper service = keys.unwrapperForService((entry, outcome) -> audit.add(outcome));

      assertThat(unwrap(service, modern)).isEqualTo(sessionKey);
      assertThat(unwrap(service, old)).isNotEqualTo(sessionKey);
      assertThat(audit).containsExactly(UnwrapOutcome.OPENED, UnwrapOutcome.ONLY_OAEP);
      assertThat(unwrap(keys.unwrapperForOwner(), modern)).isEqualTo(sessionKey);
      assertThatThrownBy(() -> unwrap(keys.unwrapperForOwner(), old))
          .isInstanceOf(EnvelopeException.KeyNotUnwrapped.class)
          .hasMessageContaining("'key' is limited to RSAES-OAEP");
    }
  }

  @Test
  void onlyTheFirstRecipientThatIsKnown_isTried() throws Exception {
    Recipient damaged = recipient(PKCS1, new byte[256]);
    Recipient sound = new Recipient(
        certificate(FIRST).subjectKeyIdentifier(),
        PKCS1,
        encrypt(FIRST, "RSA/ECB/PKCS1Padding", sessionKey));
    try (RecordingKeyStore keys = open(FIRST, KeyLimits.NONE)) {
      KeyUnwrapper service = keys.unwrapperForService((entry, outcome) -> audit.add(outcome));

      try (ContentEncryptionKey key = service.unwrap(List.of(sound, damaged), 256)) {
        assertThat(key.copyBytes()).isNotEqualTo(sessionKey);
      }
      assertThat(audit).hasSize(1);
    }
  }

  @Test
  void whatAStoreKnowsOfARecipient_findsTheKey_whereTheEnvelopeDoesNot() throws Exception {
    RecordingCertificate first = certificate(FIRST);
    Recipient recipient = recipient(PKCS1, encrypt(FIRST, "RSA/ECB/PKCS1Padding", sessionKey));
    MediaEncryption stored = new MediaEncryption(
        "pkcs7",
        List.of(new MediaRecipient(
            first.issuer(),
            first.identifier().serialNumber(),
            first.subjectKeyIdentifier().hex(),
            first.publicKeySha256())),
        null,
        null,
        null,
        -1);
    try (RecordingKeyStore keys = open(FIRST_RENEWED, KeyLimits.NONE)) {
      assertThatThrownBy(() -> unwrap(keys.unwrapperForService((e, o) -> {}), recipient))
          .isInstanceOf(EnvelopeException.NoMatchingKey.class);

      assertThat(unwrap(keys.unwrapperForService(stored, (e, o) -> {}), recipient))
          .isEqualTo(sessionKey);
      assertThat(unwrap(keys.unwrapperForOwner(stored), recipient)).isEqualTo(sessionKey);
      assertThat(unwrap(keys.unwrapperForOwner(), recipient)).isEqualTo(sessionKey);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rsa_pkcs1_2048_test.json",
        "rsa_pkcs1_3072_test.json",
        "rsa_pkcs1_4096_test.json",
        "rsa_oaep_2048_sha256_mgf1sha256_test.json",
        "rsa_oaep_3072_sha256_mgf1sha256_test.json",
        "rsa_oaep_4096_sha256_mgf1sha256_test.json",
        "rsa_oaep_misc_test.json"
      })
  void wycheproof_opensWhatIsValid_andAnswersTheRestInOneWay(String suite) throws Exception {
    JsonNode vectors = JsonMapper.builder()
        .build()
        .readTree(Files.readString(Vectors.path("wycheproof/" + suite)));
    int opened = 0;
    int rejected = 0;
    for (JsonNode group : vectors.get("testGroups")) {
      byte[] pem = group.get("privateKeyPem").asString().getBytes(StandardCharsets.US_ASCII);
      try (RecordingKey key = RecordingKey.parse(pem, suite, null)) {
        HeldKey held = HeldKey.of(
            new KeyEntry(
                "wycheproof",
                certificate(FIRST),
                List.of(),
                Set.of(),
                KeyLimits.NONE,
                false,
                Instant.EPOCH),
            key);
        KeyTransport transport = group.has("sha")
            ? new KeyTransport.Oaep(
                group.get("sha").asString(), group.get("mgfSha").asString())
            : PKCS1;
        for (JsonNode test : group.get("tests")) {
          if (test.has("label") && !test.get("label").asString().isEmpty()) {
            continue; // envelopes have none
          }
          byte[] message = HexFormat.of().parseHex(test.get("msg").asString());
          byte[] ciphertext = HexFormat.of().parseHex(test.get("ct").asString());
          boolean isValid = !test.get("result").asString().equals("invalid");
          audit.clear();
          byte[] answer = RsaKeyTransport.decryptOrReject(
              held, recipient(transport, ciphertext), isValid ? message.length : 32, audit::add);
          if (isValid) {
            assertThat(answer).as(test.toString()).isEqualTo(message);
            assertThat(audit).containsExactly(UnwrapOutcome.OPENED);
            opened++;
          } else {
            assertThat(answer)
                .as(test.toString())
                .isEqualTo(held.rejection().derivedKey(ciphertext, 32));
            assertThat(audit).containsExactly(UnwrapOutcome.REJECTED);
            rejected++;
          }
        }
      }
    }
    assertThat(opened).isPositive();
    assertThat(rejected + (suite.contains("misc") ? 1 : 0)).isPositive();
  }

  @Test
  void manyThreads_unwrap_whileAnotherChangesTheStore() throws Exception {
    byte[] encrypted = encrypt(FIRST, "RSA/ECB/PKCS1Padding", sessionKey);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicBoolean changed = new AtomicBoolean();
    try (RecordingKeyStore keys = open(FIRST, KeyLimits.NONE);
        RecordingKeyStore another = KeyStores.open(folder.resolve("keystore.p12"))) {
      KeyUnwrapper unwrapper = keys.unwrapperForService((entry, outcome) -> {});
      Callable<Integer> unwrapping = () -> {
        int unwrapped = 0;
        do {
          assertThat(unwrap(unwrapper, recipient(PKCS1, encrypted))).isEqualTo(sessionKey);
          unwrapped++;
        } while (!changed.get());
        return unwrapped;
      };
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        results.add(threads.submit(unwrapping));
      }
      try {
        add(another, "second", SECOND);
        another.retire("key");
        add(keys, "third", SampleCertificates.PARTIES.get(0));
      } finally {
        changed.set(true);
      }
      for (Future<Integer> result : results) {
        assertThat(result.get(60, TimeUnit.SECONDS)).isPositive();
      }
      assertThat(keys.entries()).hasSize(3).isEqualTo(another.entries());
    } finally {
      threads.shutdownNow();
    }
  }
}
