package dev.tapeseal.keystore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPasswordTest {
  @TempDir
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n", "\nanother line\n"})
  void firstLine_isReadWithoutItsEnd(String rest) throws Exception {
    try (KeyPassword password = KeyPassword.read(file(" pass wörd\t" + rest))) {
      assertThat(password.bytes()).isEqualTo(" pass wörd\t".getBytes(UTF_8));
      assertThat(password.copyChars()).isEqualTo(" pass wörd\t".toCharArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n", "\nsecond line"})
  void anEmptyFirstLine_isAMissingPassword(String content) throws Exception {
    Path file = file(content);

    assertThatThrownBy(() -> KeyPassword.read(file))
        .isInstanceOf(PrivateKeyException.PasswordMissing.class)
        .hasMessage(file + ": the first line is empty (expected: the password)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n", "\nmore"})
  void thousandTwentyFourBytes_areRead_andNotOneMore(String rest) throws Exception {
    String longest = "p".repeat(KeyPassword.MAX_BYTES);

    try (KeyPassword password = KeyPassword.read(file(longest + rest))) {
      assertThat(password.bytes()).hasSize(KeyPassword.MAX_BYTES);
    }
    Path longer = file(longest + "p" + rest);
    assertThatThrownBy(() -> KeyPassword.read(longer))
        .isInstanceOf(PrivateKeyException.PasswordWrong.class)
        .hasMessageContaining("longer than 1024 bytes")
        .hasMessageNotContaining("ppp");
  }

  @Test
  void aMissingFile_isAnInputOutputError() {
    assertThatThrownBy(() -> KeyPassword.read(folder.resolve("absent")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void close_wipesIt_andItHasNoText() {
    KeyPassword password = KeyPassword.of("secret".toCharArray());
    byte[] bytes = password.bytes();
    assertThat(bytes).isEqualTo("secret".getBytes(UTF_8));

    password.close();

    assertThat(bytes).containsOnly(0);
    assertThat(password).hasToString("KeyPassword");
    assertThatThrownBy(password::bytes).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(password::copyChars).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void charactersOutsideTheBasicPlane_areTakenAsUtf8() {
    try (KeyPassword password = KeyPassword.of("a\uD83D\uDD11€".toCharArray())) {
      assertThat(password.bytes()).isEqualTo("a\uD83D\uDD11€".getBytes(UTF_8));
      assertThat(password.copyChars()).isEqualTo("a\uD83D\uDD11€".toCharArray());
    }
  }

  private Path file(String content) throws Exception {
    return Files.writeString(folder.resolve("password.txt"), content);
  }
}
