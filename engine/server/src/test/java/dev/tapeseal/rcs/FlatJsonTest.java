package dev.tapeseal.rcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapeseal.http.HttpException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What {@link FlatJson} takes, against the general reader. */
class FlatJsonTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void everyText_isReadAsTheGeneralReaderWroteIt() {
    Random random = new Random(8259);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        int[] edges = {'"', '\\', '/', '\n', '\r', '\t', 0, 0x7F, 0xE9, 0x20AC, 0x1F600, 'a'};
        text.appendCodePoint(edges[random.nextInt(edges.length)]);
      }
      byte[] document =
          JsonMapper.shared().writeValueAsBytes(Map.of("key", text.toString(), "other", "x"));

      try (FlatJson json = FlatJson.parse(document)) {
        assertThat(json.member("key")).contains(bytes(text.toString()));
      }
    }
  }

  @Test
  void escapes_areDecoded_whiteSpaceIsPassedOver() {
    try (FlatJson json =
        FlatJson.parse(bytes(" {\n\"a\" : \"\\u20aC\\/\\uD83D\\uDE00\\b\" ,\"b\":\"\"}\r\n"))) {
      assertThat(json.member("a")).contains(bytes("€/😀\b"));
      assertThat(json.member("b")).contains(new byte[0]);
      assertThat(json.member("c")).isEqualTo(Optional.empty());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "\"a\"",
        "[]",
        "{",
        "{}{}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"a\":\"b\",}",
        "{\"a\":\"b\" \"c\":\"d\"}",
        "{\"a\":\"b",
        "{\"a\":\"b\\",
        "{\"a\":\"b\\\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\u12",
        "{\"a\":\"\\uD83D\"}",
        "{\"a\":\"\\uD83D\\u0041\"}",
        "{\"a\":\"\\uDE00\"}",
        "{\"a\":\"\n\"}",
        "{'a':'b'}",
        "{\"a\":\"b\",\"a\":\"c\"}",
        "{\"a\":\"b\"}x"
      })
  void whatIsNoObjectOfTexts_isRefused(String document) {
    assertThatThrownBy(() -> FlatJson.parse(bytes(document)))
        .isInstanceOf(HttpException.class)
        .hasMessageStartingWith("The body is not the JSON that this path takes");
  }

  @Test
  void everyCutAndEveryFlippedByte_isReadOrRefused_andNothingElse() {
    byte[] document = bytes("{\"certificate\":\"-----\\n\\u00e9\",\"key\":\"\\\\x\"}");
    for (int at = 0; at < document.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = document.clone();
        damaged[at] ^= (byte) (1 << bit);
        try (FlatJson json = FlatJson.parse(damaged)) {
          assertThat(json.toString()).startsWith("FlatJson");
        } catch (HttpException e) {
          assertThat(e.status()).isEqualTo(400);
        }
      }
      byte[] cut = java.util.Arrays.copyOf(document, at);
      assertThatThrownBy(() -> FlatJson.parse(cut)).isInstanceOf(HttpException.class);
    }
  }

  @Test
  void closing_wipesTheMembers() {
    FlatJson json = FlatJson.parse(bytes("{\"password\":\"secret\"}"));
    byte[] password = json.member("password").orElseThrow();

    json.close();

    assertThat(password).containsOnly(0);
  }
}
