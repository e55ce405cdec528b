package dev.tapeseal.keystore;

import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.Recording;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which recordings of a whole store no key opens, going by their metadata; nothing is decrypted.
 *
 * @param recordings how many there are
 * @param encrypted how many of them have an encrypted media file
 * @param orphans how many have an encrypted media file that none of the keys opens
 * @param examples the newest of those, at most {@value #MAX_EXAMPLES}
 * @param missingKeys for which certificates private keys are missing, and how many recordings each would open; at most
 *     {@value #MAX_MISSING_KEYS}
 */
public record OrphanReport(
    long recordings,
    long encrypted,
    long orphans,
    List<RecordingId> examples,
    Map<String, Long> missingKeys) {
  static final int MAX_EXAMPLES = 10;
  static final int MAX_MISSING_KEYS = 100;

  /** Takes copies, in their order. */
  public OrphanReport {
    examples = List.copyOf(examples);
    missingKeys = Collections.unmodifiableMap(new LinkedHashMap<>(missingKeys));
  }

  /** Looks at every recording: about a second for 100,000. */
  public static OrphanReport of(RecordingKeyStore keys, RecordingStore store) throws IOException {
    return of(keys.ring(), store);
  }

  /** The same where there is no key store: every encrypted recording is an orphan. */
  public static OrphanReport withoutKeys(RecordingStore store) throws IOException {
    return of(KeyRing.none(), store);
  }

  private static OrphanReport of(KeyRing keys, RecordingStore store) throws IOException {
    Count count = new Count(keys);
    CatalogScan.visit(store, count::add);
    return count.report();
  }

  /** Adds up recordings as they are seen. Confined to one thread. */
  static final class Count {
    private final KeyRing keys;
    private final List<RecordingId> examples = new ArrayList<>();
    private final Map<String, Long> missingKeys = new LinkedHashMap<>();
    private long recordings;
    private long encrypted;
    private long orphans;

    Count(KeyRing keys) {
      this.keys = keys;
    }

    /** Answers whether the recording is an orphan. */
    boolean add(Recording recording) {
      recordings++;
      boolean isEncrypted = false;
      boolean isOrphan = false;
      for (MediaFile file : recording.mediaFiles()) {
        MediaEncryption encryption = file.encryption();
        if (encryption != null) {
          isEncrypted = true;
          if (!keys.opens(encryption)) {
            isOrphan = true;
            encryption.recipients().forEach(this::addMissing);
          }
        }
      }
      encrypted += isEncrypted ? 1 : 0;
      if (isOrphan) {
        orphans++;
        if (examples.size() < MAX_EXAMPLES) {
          examples.add(recording.id());
        }
      }
      return isOrphan;
    }

    private void addMissing(MediaRecipient recipient) {
      String name = recipient.issuer() == null || recipient.serialNumber() == null
          ? "subject key identifier " + recipient.subjectKeyIdentifier()
          : recipient.issuer() + " #" + recipient.serialNumber().toString(16);
      if (missingKeys.size() < MAX_MISSING_KEYS || missingKeys.containsKey(name)) {
        missingKeys.merge(name, 1L, Long::sum);
      }
    }

    OrphanReport report() {
      return new OrphanReport(recordings, encrypted, orphans, examples, missingKeys);
    }
  }
}
