package dev.tapeseal.rcs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.Recipient;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Session keys that were unwrapped a moment ago, so that a player's next range costs no RSA. Bounded, short-lived, and
 * wiped when they leave; many who wait for one key cost one unwrap. RSA runs on as many threads at a time as there are
 * processors. Any thread but an event loop.
 */
final class SessionKeyCache implements AutoCloseable {
  private static final int MAX_KEYS = 10_000;
  private static final Duration LIFETIME = Duration.ofSeconds(60);

  private final Cache<String, Held> keys = Caffeine.newBuilder()
      .maximumSize(MAX_KEYS)
      .expireAfterWrite(LIFETIME)
      .scheduler(Scheduler.systemScheduler())
      .executor(Runnable::run)
      .removalListener(SessionKeyCache::left)
      .recordStats()
      .build();

  private final Semaphore processors = new Semaphore(Runtime.getRuntime().availableProcessors());

  /** A cached key. Wiping it and taking a copy exclude each other. */
  private static final class Held {
    private final ContentEncryptionKey key;
    private boolean wiped;

    Held(ContentEncryptionKey key) {
      this.key = key;
    }

    synchronized Optional<ContentEncryptionKey> copy() {
      if (wiped) {
        return Optional.empty();
      }
      byte[] bytes = key.copyBytes();
      try {
        return Optional.of(ContentEncryptionKey.copyOf(bytes));
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    }

    synchronized void wipe() {
      wiped = true;
      key.close();
    }
  }

  private static void left(@Nullable String id, @Nullable Held held, RemovalCause cause) {
    if (held != null) {
      held.wipe();
    }
  }

  /** The same unwrapper, but for what was unwrapped before. */
  KeyUnwrapper caching(KeyUnwrapper unwrapper) {
    return (recipients, keyBits) -> unwrap(unwrapper, recipients, keyBits);
  }

  private ContentEncryptionKey unwrap(
      KeyUnwrapper unwrapper, List<Recipient> recipients, int keyBits) throws EnvelopeException {
    String id = id(recipients, keyBits);
    while (true) {
      Optional<ContentEncryptionKey> copy;
      try {
        copy = keys.get(id, absent -> held(unwrapper, recipients, keyBits)).copy();
      } catch (UncheckedIOException e) {
        if (e.getCause() instanceof EnvelopeException cause) {
          throw cause;
        }
        throw e;
      }
      if (copy.isPresent()) {
        return copy.get();
      }
      // it left the cache between the two steps
    }
  }

  private Held held(KeyUnwrapper unwrapper, List<Recipient> recipients, int keyBits) {
    processors.acquireUninterruptibly();
    try {
      return new Held(unwrapper.unwrap(recipients, keyBits));
    } catch (EnvelopeException e) {
      throw new UncheckedIOException(e);
    } finally {
      processors.release();
    }
  }

  /** By everything that the unwrapper's answer depends on. */
  private static String id(List<Recipient> recipients, int keyBits) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(keyBits).flip());
      for (Recipient recipient : recipients) {
        byte[] key = recipient.encryptedKey();
        String names =
            recipient.identifier() + "|" + recipient.keyTransport() + "|" + key.length + "|";
        digest.update(names.getBytes(StandardCharsets.UTF_8));
        digest.update(key);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Forgets every key: after the key store has changed, what was right may not be any more. */
  void clear() {
    keys.invalidateAll();
  }

  /** How many lookups found a key, since the start. */
  long hits() {
    return keys.stats().hitCount();
  }

  /** How many did not. */
  long misses() {
    return keys.stats().missCount();
  }

  /** Wipes every key. */
  @Override
  public void close() {
    clear();
    keys.cleanUp();
  }
}
