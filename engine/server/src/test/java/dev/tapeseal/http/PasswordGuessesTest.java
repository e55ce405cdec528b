package dev.tapeseal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many of many guesses are looked at. */
class PasswordGuessesTest {
  private static final int GUESSES = 10_000;

  @TempDir
  private Path folder;

  private final AtomicInteger evaluated = new AtomicInteger();
  private final AtomicInteger turnedAway = new AtomicInteger();
  private PasswordLogin login;

  @BeforeEach
  void start() throws Exception {
    UsersFile users = UsersFile.open(folder.resolve("users"));
    PasswordHash hash = PasswordHash.of("secret".toCharArray(), new SecureRandom(), 1000);
    users.put(new User("ops", hash, Set.of("ops")));
    login = new PasswordLogin(
        users,
        (outcome, name, from) -> (outcome == LoginListener.Outcome.LOCKED_OUT
                ? turnedAway
                : evaluated)
            .incrementAndGet(),
        Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC));
  }

  private int statusOf(String name, String password, InetAddress from) throws Exception {
    try {
      login.login(name, password.toCharArray(), from);
      return 200;
    } catch (HttpException e) {
      return e.status();
    }
  }

  private static InetAddress address(int last) throws Exception {
    return InetAddress.getByAddress(new byte[] {10, 0, (byte) (last >> 8), (byte) last});
  }

  @Test
  void ofTenThousandGuesses_fromOneAddress_atMostTwentyAreEvaluated() throws Exception {
    for (int i = 0; i < GUESSES; i++) {
      assertThat(statusOf("user" + i % 100, "guess" + i, address(1))).isIn(401, 429);
    }

    assertThat(evaluated.get()).isBetween(1, 20);
    assertThat(evaluated.get() + turnedAway.get()).isEqualTo(GUESSES);
    assertThat(statusOf("ops", "secret", address(1))).isEqualTo(429);
    assertThat(statusOf("ops", "secret", address(2))).isEqualTo(200);
  }

  @Test
  void ofTenThousandGuesses_fromManyAddresses_atMostTenOfOneNameAreEvaluated() throws Exception {
    for (int i = 0; i < GUESSES; i++) {
      assertThat(statusOf("ops", "guess" + i, address(i))).isIn(401, 429);
    }

    assertThat(evaluated.get()).isBetween(1, 10);
  }

  @Test
  void whoWasProvenBefore_staysIn_thoughOthersLockTheNameOut() throws Exception {
    assertThat(statusOf("ops", "secret", address(1))).isEqualTo(200);
    for (int i = 0; i < 100; i++) {
      statusOf("ops", "guess" + i, address(2 + i));
    }

    assertThat(statusOf("ops", "secret", address(1))).isEqualTo(200);
    assertThat(statusOf("ops", "secret", address(200))).isEqualTo(429);
  }
}
