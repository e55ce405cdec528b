package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of users, and how their passwords are kept. */
class UsersFileTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir
  Path folder;

  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("users");
  }

  private static User user(String name, String password, String... privileges) {
    return new User(
        name, PasswordHash.of(password.toCharArray(), RANDOM, 1000), Set.of(privileges));
  }

  @Test
  void users_areReadBack_byAnotherWhoOpenedBefore() throws IOException {
    UsersFile one = UsersFile.open(file);
    UsersFile other = UsersFile.open(file);
    assertThat(other.find("ops")).isEmpty();

    one.put(user("ops", "secret", "ops", "decrypt"));
    one.put(user("player", "secret"));
    other.put(user("third@example.com", "secret", "decrypt"));

    assertThat(one.all())
        .extracting(User::name)
        .containsExactly("ops", "player", "third@example.com");
    assertThat(other.find("ops").orElseThrow().privileges())
        .containsExactlyInAnyOrder("ops", "decrypt");
    other.remove("ops");
    assertThat(one.find("ops")).isEmpty();
    assertThat(Files.readString(file)).doesNotContain("secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void changesOfManyAtOnce_areAllKept() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int number = t;
      UsersFile users = UsersFile.open(file);
      Thread thread = new Thread(() -> {
        try {
          for (int i = 0; i < 5; i++) {
            users.put(user("user" + number + "." + i, "x"));
          }
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(UsersFile.open(file).all()).hasSize(20);
    try (var left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("users", "users.lock");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ops",
        "ops:x:decrypt",
        "ops:pbkdf2-sha256$1000$AAAA$AAAA:decrypt",
        "ops:pbkdf2-sha256$1$AAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:x",
        "ops:pbkdf2-sha256$99999999$AAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:x",
        "a b:pbkdf2-sha256$1000$AAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:x",
        "ops:pbkdf2-sha256$1000$AAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:X",
        "ops:pbkdf2-sha256$1000$A=A=A=A=A$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:x"
      })
  void lineThatIsNoUser_isRefused_withItsNumberAndWithoutItsText(String line) throws IOException {
    Files.writeString(file, "# users\n\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    assertThatThrownBy(() -> UsersFile.open(file))
        .isInstanceOf(IOException.class)
        .hasMessage("users file: line 3 of " + file
            + " is not a user (expected: name:hash:privilege,privilege)");
  }

  @Test
  void fileThatOthersMayRead_isRefused() throws IOException {
    Files.writeString(file, "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> UsersFile.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected: mode 600");
  }

  @Test
  void hash_isThatOfTheStandard_andOfPythonsHashlib() {
    // python3 -c "import
    // hashlib,base64;print(base64.b64encode(hashlib.pbkdf2_hmac('sha256','pässword'.encode(),b'saltsalt',1000)).decode())"
    String known = "pbkdf2-sha256$1000$c2FsdHNhbHQ=$6h4IQHL9HWR81h+An2xpgQd08jjehAg7eLRyOAYi/os=";

    PasswordHash hash = PasswordHash.parse(known);

    assertThat(hash.matches("pässword".toCharArray())).isTrue();
    assertThat(hash.matches("password".toCharArray())).isFalse();
    assertThat(hash.text()).isEqualTo(known);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a long one with 😀 and \u0000", "ä"})
  void password_matchesItself_alone(String password) {
    PasswordHash hash = PasswordHash.of(password.toCharArray(), RANDOM, 1000);

    assertThat(PasswordHash.parse(hash.text()).matches(password.toCharArray())).isTrue();
    assertThat(hash.matches((password + "x").toCharArray())).isFalse();
    assertThat(PasswordHash.of(password.toCharArray(), RANDOM, 1000).text())
        .as("another salt")
        .isNotEqualTo(hash.text());
  }
}
