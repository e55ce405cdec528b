package dev.tapeseal.rcs;

import dev.tapeseal.envelope.EnvelopeException;
import dev.tapeseal.envelope.KeyUnwrapper;
import dev.tapeseal.envelope.Recipient;
import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingFormat;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.Page;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingQuery;
import dev.tapeseal.store.RecordingStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The encrypted keys of the envelopes that lie beside stored media. One of them in an uploaded message would have a
 * content key used that belongs to other content: a key of AES-GCM could be made to decrypt AES-CBC (RFC 9709).
 *
 * <p>They are remembered in memory, some 200 bytes a recording of such a format. The first message costs a look at the
 * whole store, as does one an hour later; others look at the newest recordings only. Safe for any thread.
 */
final class KnownKeyEnvelopes {
  private static final Logger LOG = LoggerFactory.getLogger(KnownKeyEnvelopes.class);
  private static final Duration WHOLE_LOOK_EVERY = Duration.ofHours(1);
  private static final int PAGE = 1000;

  private final RecordingStore store;
  private final LongSupplier nanoClock;
  private final Set<ByteBuffer> encryptedKeys = new HashSet<>(); // all below: guarded by this
  private final Set<RecordingId> seen = new HashSet<>();
  private boolean complete;
  private long completeNanos;

  KnownKeyEnvelopes(RecordingStore store, LongSupplier nanoClock) {
    this.store = store;
    this.nanoClock = nanoClock;
  }

  /** The same unwrapper, but for messages whose encrypted key belongs to stored media. */
  KeyUnwrapper keepingOut(KeyUnwrapper unwrapper) {
    return (recipients, keyBits) -> {
      if (hasAny(recipients)) {
        throw new EnvelopeException.Unsupported(
            "its encrypted key belongs to the key envelope of a stored recording");
      }
      return unwrapper.unwrap(recipients, keyBits);
    };
  }

  private synchronized boolean hasAny(List<Recipient> recipients) throws EnvelopeException {
    try {
      look();
    } catch (IOException e) {
      LOG.warn("the stored recordings cannot be looked at: no message is decrypted", e);
      throw new EnvelopeException.Unsupported(
          "whether its encrypted key belongs to a stored recording cannot be told: " + e);
    }
    return recipients.stream()
        .anyMatch(recipient -> encryptedKeys.contains(ByteBuffer.wrap(recipient.encryptedKey())));
  }

  private void look() throws IOException {
    boolean whole = !complete || nanoClock.getAsLong() - completeNanos > WHOLE_LOOK_EVERY.toNanos();
    if (whole) {
      completeNanos = nanoClock.getAsLong();
      seen.clear(); // an envelope may have been written anew since
    }
    RecordingQuery query = RecordingQuery.ALL.withLimit(PAGE);
    @Nullable String next = null;
    do {
      Page page = store.query(query.withCursor(next));
      boolean isNews = false;
      for (Recording recording : page.recordings()) {
        if (seen.add(recording.id())) {
          isNews = true;
          remember(recording);
        }
      }
      next = whole || isNews ? page.next() : null;
    } while (next != null);
    complete = true;
  }

  private void remember(Recording recording) throws IOException {
    for (MediaFile media : recording.mediaFiles()) {
      MediaEncryption encryption = media.encryption();
      if (encryption != null && !encryption.format().equals(RecordingFormat.PKCS7.label())) {
        remember(new StoredParts(store, recording.id(), media.mediaId()));
      }
    }
  }

  /** An unwrapper that has no key is told of the recipients, and nothing is decrypted. */
  private void remember(RecordingSource source) throws IOException {
    KeyUnwrapper keyless = (recipients, keyBits) -> {
      throw new EnvelopeException.NoMatchingKey(recipients);
    };
    try (Closeable opened = RecordingReader.open(source, keyless, RecordingExpectation.none())) {
      throw new IllegalStateException("opened without a key: " + opened);
    } catch (EnvelopeException.NoMatchingKey e) {
      e.recipients()
          .forEach(recipient -> encryptedKeys.add(ByteBuffer.wrap(recipient.encryptedKey())));
    } catch (EnvelopeException | NoSuchFileException e) {
      LOG.debug("an envelope that cannot be read has no key to keep out", e);
    }
  }
}
