package dev.tapeseal.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "record", "CallRecProfile", "US East 1", "v1.2", "_x", "a-", "9"})
  void plainName_isAccepted(String name) {
    assertThat(new ProfileName(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        ".lock",
        "../x",
        "a/b",
        "a\\b",
        "/etc/passwd",
        "c:x",
        "a\0",
        "a\n",
        " a",
        "a ",
        "a.",
        "-x",
        "a..b",
        "ä",
        "a\u202Eb",
        "~x",
        "a*",
        "a%2fb",
        "con\u0000.json"
      })
  void nameThatCouldLeaveTheFolder_isRefused(String name) {
    assertThatThrownBy(() -> new ProfileName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("IVR profile: '")
        .hasMessageNotContaining("\0")
        .hasMessageNotContaining("\u202E");
  }

  @Test
  void name_isUpTo100CharactersLong() {
    assertThat(new ProfileName("x".repeat(100)).value()).hasSize(100);
    assertThatThrownBy(() -> new ProfileName("x".repeat(101)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
