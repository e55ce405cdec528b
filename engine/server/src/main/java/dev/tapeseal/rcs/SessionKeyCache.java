package dev.tapeseal.rcs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.tapeseal.content.ContentEncryptionKey;
import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.keystore.KeyEntry;
import dev.tapeseal.keystore.UnwrapAudit;
import dev.tapeseal.keystore.UnwrapOutcome;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Session keys that were unwrapped a moment ago, so that a player's next range costs no RSA. Bounded, short-lived, and
 * wiped when they leave; many who wait for one key cost one unwrap. RSA runs on as many threads at a time as there are
 * processors. Any thread but an event loop.
 */
final class SessionKeyCache implements AutoCloseable {
  private final Cache<String, Held> keys;
  private final boolean keeps;
  private final RcsMetrics metrics;
  private final Semaphore processors = new Semaphore(Runtime.getRuntime().availableProcessors());

  /**
   * An empty one.
   *
   * @param maxKeys 0 keeps none
   * @param lifetime how long a key is kept, whoever uses it meanwhile
   */
  SessionKeyCache(int maxKeys, Duration lifetime, RcsMetrics metrics) {
    this.metrics = metrics;
    this.keeps = maxKeys > 0;
    this.keys = Caffeine.newBuilder()
        .maximumSize(maxKeys)
        .expireAfterWrite(lifetime)
        .scheduler(Scheduler.systemScheduler())
        .executor(Runnable::run)
        .removalListener(SessionKeyCache::left)
        .build();
  }

  /** An unwrap, to be told of again whenever its key is used. */
  private record Unwrap(KeyEntry entry, UnwrapOutcome outcome) {}

  /** A cached key. Wiping it and taking a copy exclude each other. */
  private static final class Held {
    private final ContentEncryptionKey key;
    private final List<Unwrap> unwraps;
    private boolean wiped;

    Held(ContentEncryptionKey key, List<Unwrap> unwraps) {
      this.key = key;
      this.unwraps = List.copyOf(unwraps);
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

    void tell(UnwrapAudit audit) {
      unwraps.forEach(unwrap -> audit.unwrapped(unwrap.entry(), unwrap.outcome()));
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

  /**
   * Unwraps through the cache.
   *
   * @param service makes the unwrapper that is asked where the cache has no key
   * @param audit hears of each use of a key, whether it was unwrapped now or before
   */
  KeyUnwrapper caching(Function<UnwrapAudit, KeyUnwrapper> service, UnwrapAudit audit) {
    return (recipients, keyBits) -> {
      if (!keeps) {
        Held fresh = unwrap(service, recipients, keyBits);
        metrics.sessionKey(false);
        fresh.tell(audit);
        return fresh.key;
      }
      String id = id(recipients, keyBits);
      while (true) {
        Held held;
        boolean[] isNew = new boolean[1];
        try {
          held = keys.get(id, absent -> {
            isNew[0] = true;
            return unwrapInto(service, recipients, keyBits);
          });
        } catch (UncheckedIOException e) {
          if (e.getCause() instanceof EnvelopeException cause) {
            throw cause;
          }
          throw e;
        }
        Optional<ContentEncryptionKey> copy = held.copy();
        if (copy.isPresent()) {
          metrics.sessionKey(!isNew[0]);
          held.tell(audit);
          return copy.get();
        }
        // it left the cache between the two steps
      }
    };
  }

  /** As the cache's loader may fail. */
  private Held unwrapInto(
      Function<UnwrapAudit, KeyUnwrapper> service, List<Recipient> recipients, int keyBits) {
    try {
      return unwrap(service, recipients, keyBits);
    } catch (EnvelopeException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Held unwrap(
      Function<UnwrapAudit, KeyUnwrapper> service, List<Recipient> recipients, int keyBits)
      throws EnvelopeException {
    processors.acquireUninterruptibly();
    try {
      List<Unwrap> unwraps = new ArrayList<>();
      KeyUnwrapper unwrapper = service.apply((entry, outcome) -> {
        metrics.unwrapped(outcome);
        unwraps.add(new Unwrap(entry, outcome));
      });
      return new Held(unwrapper.unwrap(recipients, keyBits), unwraps);
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

  /** Wipes every key: a private key that is gone must not live on in those it unwrapped. */
  void forget() {
    keys.invalidateAll();
    keys.cleanUp();
  }

  /** Wipes every key. */
  @Override
  public void close() {
    forget();
  }
}
