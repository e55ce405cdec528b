package dev.tapeseal.keystore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.certificate.Pem;
import dev.tapeseal.certificate.RecipientIdentifier.SubjectKeyIdentifier;
import dev.tapeseal.certificate.TimeLimit;
import dev.tapeseal.certificate.Vectors;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyTransport;
import dev.tapeseal.envelope.Recipient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keys and encrypted keys of public test suites: every outcome is an answer, none takes long. */
class ForeignKeysTest {
  private static final SubjectKeyIdentifier ANYONE = new SubjectKeyIdentifier("00");

  /**
   * With the password that stands in the file {@code wellknown}. The DSA files are all PEM oddities of one DSA key:
   * what OpenSSL decodes is told to be no RSA key, what it does not is damaged.
   */
  private static final Map<String, String> OUTCOMES = new TreeMap<>(Map.ofEntries(
      Map.entry("beermug.pem", "RSA 1024"),
      Map.entry("key.pem", "RSA 2048"),
      Map.entry("cert.pem", "Unreadable"),
      Map.entry("csr.pem", "Unreadable"),
      Map.entry("dsaparam.pem", "Unreadable"),
      Map.entry("dsa-1023line.pem", "NotRsa"),
      Map.entry("dsa-1024line.pem", "NotRsa"),
      Map.entry("dsa-1025line.pem", "NotRsa"),
      Map.entry("dsa-255line.pem", "NotRsa"),
      Map.entry("dsa-256line.pem", "NotRsa"),
      Map.entry("dsa-257line.pem", "NotRsa"),
      Map.entry("dsa-blankline.pem", "NotRsa"),
      Map.entry("dsa-comment.pem", "Unreadable"),
      Map.entry("dsa-corruptedheader.pem", "NotRsa"), // the label is read before the header
      Map.entry("dsa-corruptiv.pem", "NotRsa"),
      Map.entry("dsa-earlypad.pem", "Unreadable"),
      Map.entry("dsa-extrapad.pem", "Unreadable"),
      Map.entry("dsa-infixwhitespace.pem", "NotRsa"),
      Map.entry("dsa-junk.pem", "Unreadable"),
      Map.entry("dsa-leadingwhitespace.pem", "NotRsa"),
      Map.entry("dsa-longline.pem", "NotRsa"),
      Map.entry("dsa-misalignedpad.pem", "Unreadable"),
      Map.entry("dsa-onecolumn.pem", "NotRsa"),
      Map.entry("dsa-oneline.pem", "NotRsa"),
      Map.entry("dsa-onelineheader.pem", "NotRsa"),
      Map.entry("dsa-shortandlongline.pem", "NotRsa"),
      Map.entry("dsa-shortline.pem", "NotRsa"),
      Map.entry("dsa-threecolumn.pem", "NotRsa"),
      Map.entry("dsa-trailingwhitespace.pem", "NotRsa"),
      Map.entry("dsa.pem", "NotRsa")));

  @Test
  void opensslsOddKeys_haveThePinnedOutcomes() throws Exception {
    Map<String, String> outcomes = new TreeMap<>();
    try (KeyPassword password = KeyPassword.read(Vectors.path("openssl/pem/wellknown"))) {
      for (Path file : Vectors.files("openssl/pem")) {
        String name = file.getFileName().toString();
        if (!OUTCOMES.containsKey(name)) {
          assertThat(name)
              .matches("cert-.*|NOTES.txt|wellknown"); // certificates have their own test
          continue;
        }
        outcomes.put(name, outcome(file, password));
      }
    }
    assertThat(outcomes).isEqualTo(OUTCOMES);
  }

  @Test
  void weakAndSampleKeys_haveThePinnedOutcomes() throws Exception {
    Map<String, String> outcomes = new TreeMap<>();
    for (String name : List.of(
        "weak-keys/privkey03.pem",
        "weak-keys/privkey04.pem",
        "weak-keys/privkey05.pem",
        "openssl/smime-certs/smrsa1.pem",
        "openssl/smime-certs/badrsa.pem",
        "openssl/smime-certs/smdsa1.pem",
        "openssl/smime-certs/smec1.pem",
        "openssl/smime-certs/smdh.pem",
        "openssl/smime-certs/smrsa3-key.pem",
        "openssl/80-test_cms_data/ecdh-key.pem")) {
      outcomes.put(name, outcome(Vectors.path(name), null));
    }
    assertThat(outcomes)
        .isEqualTo(new TreeMap<>(Map.ofEntries(
            Map.entry("weak-keys/privkey03.pem", "RSA 2048"),
            Map.entry("weak-keys/privkey04.pem", "RSA 2048"),
            Map.entry("weak-keys/privkey05.pem", "RSA 2049"),
            Map.entry("openssl/smime-certs/smrsa1.pem", "RSA 2048"),
            Map.entry("openssl/smime-certs/badrsa.pem", "Unreadable"),
            Map.entry("openssl/smime-certs/smdsa1.pem", "NotRsa"),
            Map.entry("openssl/smime-certs/smec1.pem", "NotRsa"),
            Map.entry("openssl/smime-certs/smdh.pem", "NotRsa"),
            Map.entry("openssl/smime-certs/smrsa3-key.pem", "RSA 2048"),
            Map.entry("openssl/80-test_cms_data/ecdh-key.pem", "NotRsa"))));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"fuzz/asn1", "fuzz/x509", "fuzz/pem", "fuzz/cms"})
  void fuzzedBytes_areReadOrRefused_andNeverSlow(String folder) throws Exception {
    List<Path> files = Vectors.files(folder);
    try (KeyPassword password = KeyPassword.of("password".toCharArray())) {
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        List<byte[]> pems = List.of(
            bytes,
            Pem.encode("PRIVATE KEY", bytes),
            Pem.encode("RSA PRIVATE KEY", bytes),
            Pem.encode("ENCRYPTED PRIVATE KEY", bytes));
        for (byte[] pem : pems) {
          TimeLimit.assertQuick(file, () -> {
            try (RecordingKey key = RecordingKey.parse(pem, file.toString(), password)) {
              assertThat(key.modulusBits()).isPositive();
            } catch (PrivateKeyException e) {
              assertThat(e).hasMessageStartingWith(file.toString());
            }
          });
        }
      }
    }
  }

  /** Nested so deeply that a recursive parser without a limit would overflow the stack. */
  @Test
  void deeplyNestedDer_isUnreadable() {
    byte[] indefinite = new byte[200_000];
    for (int i = 0; i < indefinite.length; i += 2) {
      indefinite[i] = 0x30;
      indefinite[i + 1] = (byte) 0x80;
    }
    for (String label : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY")) {
      try (KeyPassword password = KeyPassword.of("password".toCharArray())) {
        assertThat(outcome(Pem.encode(label, indefinite), "nested.pem", password))
            .isEqualTo("Unreadable");
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "rsa_pkcs1_2048_test.json",
        "rsa_pkcs1_3072_test.json",
        "rsa_pkcs1_4096_test.json",
        "rsa_oaep_2048_sha256_mgf1sha256_test.json",
        "rsa_oaep_3072_sha256_mgf1sha256_test.json",
        "rsa_oaep_4096_sha256_mgf1sha256_test.json",
        "rsa_oaep_misc_test.json",
      })
  void wycheproof_agreesOnEveryCiphertext(String name) throws Exception {
    JsonNode suite =
        JsonMapper.builder().build().readTree(Files.readString(Vectors.path("wycheproof/" + name)));
    int checked = 0;
    for (JsonNode group : suite.get("testGroups")) {
      if (group.has("sha") && group.get("sha").asString().contains("/")) {
        continue; // SHA-512/224 and SHA-512/256, which CMS messages do not use
      }
      try (RecordingKey key =
          RecordingKey.parse(group.get("privateKeyPem").asString().getBytes(UTF_8), name, null)) {
        for (JsonNode test : group.get("tests")) {
          checked += check(key, group, test) ? 1 : 0;
        }
      }
    }
    assertThat(checked).isGreaterThan(20);
  }

  @Test
  void wycheproofsThreePrimeKey_isRefused() throws Exception {
    Path file = Vectors.path("wycheproof/rsa_three_primes_oaep_2048_sha1_mgf1sha1_test.json");
    JsonNode suite = JsonMapper.builder().build().readTree(Files.readString(file));
    String pem = suite.get("testGroups").get(0).get("privateKeyPem").asString();

    assertThat(outcome(pem.getBytes(UTF_8), "three.pem", null)).isEqualTo("MultiPrime");
  }

  /** False where the test is about labels, which envelopes do not have. */
  private static boolean check(RecordingKey key, JsonNode group, JsonNode test) {
    if (test.has("label") && !test.get("label").asString().isEmpty()) {
      return false;
    }
    KeyTransport transport = group.has("sha")
        ? new KeyTransport.Oaep(group.get("sha").asString(), group.get("mgfSha").asString())
        : new KeyTransport.Pkcs1();
    byte[] ciphertext = HexFormat.of().parseHex(test.get("ct").asString());
    String found;
    try {
      found = HexFormat.of()
          .formatHex(RsaKeyTransport.decrypt(key, new Recipient(ANYONE, transport, ciphertext)));
    } catch (EnvelopeException e) {
      found = "invalid";
    }
    String expected = test.get("result").asString().equals("invalid")
        ? "invalid"
        : test.get("msg").asString();
    assertThat(found).as(group.get("type") + " " + test).isEqualTo(expected);
    return true;
  }

  private static String outcome(Path file, @org.jspecify.annotations.Nullable KeyPassword password)
      throws Exception {
    return outcome(Files.readAllBytes(file), file.toString(), password);
  }

  private static String outcome(
      byte[] pem, String source, @org.jspecify.annotations.Nullable KeyPassword password) {
    try (RecordingKey key = RecordingKey.parse(pem, source, password)) {
      return "RSA " + key.modulusBits();
    } catch (PrivateKeyException e) {
      assertThat(e).hasMessageStartingWith(source);
      return e.getClass().getSimpleName();
    }
  }
}
