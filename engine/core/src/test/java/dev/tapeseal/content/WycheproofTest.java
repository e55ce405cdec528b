package dev.tapeseal.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapeseal.certificate.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** C2SP Wycheproof: known answers, and the forgeries that implementations were caught to accept. */
class WycheproofTest {
  private static final HexFormat HEX = HexFormat.of();

  @FunctionalInterface
  private interface Case {
    /** Whether the implementation accepts the case. */
    boolean accepts(JsonNode group, JsonNode test) throws IOException;
  }

  @Test
  void hkdf_derivesEveryKey() throws IOException {
    assertAgreement("hkdf_sha256_test.json", (group, test) -> {
      try {
        byte[] derived = HkdfSha256.derive(
            bytes(test, "ikm"),
            bytes(test, "salt"),
            bytes(test, "info"),
            test.get("size").intValue());
        return Arrays.equals(derived, bytes(test, "okm"));
      } catch (IllegalArgumentException e) {
        return false;
      }
    });
  }

  @Test
  void hmac_agreesOnEveryTag() throws IOException {
    assertAgreement("hmac_sha256_test.json", (group, test) -> {
      byte[] tag = new byte[HmacSha256.TAG_BYTES];
      try (HmacSha256 hmac = new HmacSha256(bytes(test, "key"))) {
        hmac.update(bytes(test, "msg"));
        hmac.finish(tag, 0);
      }
      return Arrays.equals(
          Arrays.copyOf(tag, group.get("tagSize").intValue() / Byte.SIZE), bytes(test, "tag"));
    });
  }

  @Test
  void cbc_encryptsEveryMessage_andRefusesEveryForgery() throws IOException {
    assertAgreement("aes_cbc_pkcs5_test.json", (group, test) -> {
      byte[] message = bytes(test, "msg");
      byte[] iv = bytes(test, "iv");
      byte[] ciphertext = bytes(test, "ct");
      try (ContentEncryptionKey key = ContentEncryptionKey.copyOf(bytes(test, "key"))) {
        assertThat(Arrays.equals(Cbc.encrypt(key, iv, message), ciphertext))
            .isEqualTo(isValid(test));
        try (CbcReader reader = CbcReader.open(key, iv, new BytesChannel(ciphertext), null)) {
          byte[] decrypted = new byte[(int) reader.size()];
          reader.read(0, decrypted, 0, decrypted.length);
          return Arrays.equals(decrypted, message);
        } catch (DamagedContentException e) {
          return false;
        }
      }
    });
  }

  private static void assertAgreement(String file, Case wanted) throws IOException {
    JsonNode suite =
        JsonMapper.builder().build().readTree(Files.readString(Vectors.path("wycheproof/" + file)));
    int cases = 0;
    for (JsonNode group : suite.get("testGroups")) {
      for (JsonNode test : group.get("tests")) {
        assertThat(wanted.accepts(group, test))
            .as("%s, case %s: %s", file, test.get("tcId"), test.get("comment"))
            .isEqualTo(isValid(test));
        cases++;
      }
    }
    assertThat(cases).isEqualTo(suite.get("numberOfTests").intValue());
  }

  private static boolean isValid(JsonNode test) {
    return test.get("result").stringValue().equals("valid");
  }

  private static byte[] bytes(JsonNode test, String name) {
    return HEX.parseHex(test.get(name).stringValue());
  }
}
