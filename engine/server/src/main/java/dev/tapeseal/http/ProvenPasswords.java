package dev.tapeseal.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Logins that run or were right a short while ago, by a keyed hash of address, name and password: neither a password nor
 * what it could be guessed from is kept. Any thread.
 */
final class ProvenPasswords {
  /** How long a password that was right is not verified again. */
  static final Duration FRESH = Duration.ofMinutes(5);

  private static final int MAX_ENTRIES = 10_000;
  private static final String HMAC = "HmacSHA256";

  private final Clock clock;
  private final SecretKeySpec hmacKey;
  private final Map<Key, Entry> entries =
      new LinkedHashMap<>(); // guarded by this; the oldest first

  /** Stands for an address, a name and a password under one generation of the users. */
  record Key(ByteBuffer hash) {}

  private record Entry(CompletableFuture<Optional<Principal>> login, Instant until) {}

  ProvenPasswords(Clock clock) {
    this.clock = clock;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.hmacKey = new SecretKeySpec(random, HMAC);
    Arrays.fill(random, (byte) 0);
  }

  Key key(long generation, String address, String name, char[] password) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(hmacKey);
      mac.update((generation + " " + address + " " + name.length() + " " + name)
          .getBytes(StandardCharsets.UTF_8));
      for (char c : password) {
        mac.update((byte) (c >> Byte.SIZE));
        mac.update((byte) c);
      }
      return new Key(ByteBuffer.wrap(mac.doFinal()).asReadOnlyBuffer());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
    }
  }

  /** The login of this key that runs or was right; else makes this one it, and is empty. */
  synchronized Optional<CompletableFuture<Optional<Principal>>> join(
      Key key, CompletableFuture<Optional<Principal>> login) {
    Instant now = clock.instant();
    Entry known = entries.get(key);
    if (known != null && now.isBefore(known.until)) {
      return Optional.of(known.login);
    }
    entries.remove(key);
    if (entries.size() >= MAX_ENTRIES) {
      entries.remove(entries.keySet().iterator().next());
    }
    entries.put(key, new Entry(login, now.plus(FRESH)));
    return Optional.empty();
  }

  /** The login came to an end: only one that was right is kept. */
  synchronized void settle(Key key, boolean right) {
    if (!right) {
      entries.remove(key);
    }
  }
}
