package dev.tapeseal.keystore;

import dev.tapeseal.envelope.RecordingExpectation;
import dev.tapeseal.envelope.RecordingReader;
import dev.tapeseal.envelope.RecordingSource;
import dev.tapeseal.store.MediaEncryption;
import dev.tapeseal.store.MediaFile;
import dev.tapeseal.store.MediaRecipient;
import dev.tapeseal.store.MediaSuffix;
import dev.tapeseal.store.RecordingId;
import dev.tapeseal.store.RecordingStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a backup is worth: for every key in it whether it belongs to its certificate, and whether it decrypts a recording
 * of a store.
 *
 * @param keys one result for each key
 * @param orphans recordings of the store that no key of the backup opens
 */
public record BackupVerification(List<KeyResult> keys, OrphanReport orphans) {
  private static final int BUFFER_BYTES = 64 * 1024;

  /**
   * What one key is worth.
   *
   * @param entry the key
   * @param recording the recording that it was tried on, the smallest there is; null where none is encrypted for it
   * @param failure why it does not serve; null where it does
   */
  public record KeyResult(
      KeyEntry entry,
      @Nullable RecordingId recording,
      @Nullable String failure) {}

  /** A media file to try a key on. */
  private record Candidate(RecordingId recording, MediaFile file) {
    long bytes() {
      return file.sizeBytes() < 0 ? Long.MAX_VALUE : file.sizeBytes();
    }
  }

  /** Takes a copy. */
  public BackupVerification {
    keys = List.copyOf(keys);
  }

  /** Whether every key serves, as far as it could be tried. */
  public boolean passed() {
    return keys.stream().allMatch(key -> key.failure() == null);
  }

  /**
   * Tries every key of a backup. Looks at every recording's metadata, and reads one recording a key to its end; nothing
   * of it is written anywhere.
   *
   * @throws IOException where the store cannot be read
   */
  public static BackupVerification of(KeyStoreBackup backup, RecordingStore store)
      throws IOException {
    KeyRing ring = backup.keys();
    OrphanReport.Count count = new OrphanReport.Count(ring);
    Map<String, Candidate> smallest = new HashMap<>();
    CatalogScan.visit(store, recording -> {
      count.add(recording);
      for (MediaFile file : recording.mediaFiles()) {
        MediaEncryption encryption = file.encryption();
        if (encryption != null) {
          Candidate candidate = new Candidate(recording.id(), file);
          for (MediaRecipient recipient : encryption.recipients()) {
            ring.find(recipient)
                .filter(key -> KeyRing.opens(key, encryption))
                .ifPresent(key -> smallest.merge(
                    key.entry().publicKeySha256(),
                    candidate,
                    (one, other) -> one.bytes() <= other.bytes() ? one : other));
          }
        }
      }
    });
    List<KeyResult> results = new ArrayList<>();
    for (HeldKey key : ring.keys()) {
      results.add(result(key, smallest.get(key.entry().publicKeySha256()), store));
    }
    for (KeyEntry entry : ring.mismatched()) {
      results.add(new KeyResult(entry, null, "the key does not belong to its certificate"));
    }
    return new BackupVerification(results, count.report());
  }

  private static KeyResult result(
      HeldKey key, @Nullable Candidate candidate, RecordingStore store) {
    KeyEntry entry = key.entry();
    if (candidate == null) {
      return new KeyResult(entry, null, null);
    }
    KeyRing alone = KeyRing.of(key);
    MediaEncryption encryption = candidate.file().encryption();
    List<MediaRecipient> known = encryption == null ? List.of() : encryption.recipients();
    try (RecordingReader reader = RecordingReader.open(
        source(store, candidate),
        new OwnerUnwrapper(() -> alone, known),
        expectation(encryption))) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (reader.read(buffer.clear()) >= 0) {
        // verified, and thrown away
      }
      return new KeyResult(entry, candidate.recording(), null);
    } catch (IOException e) {
      return new KeyResult(entry, candidate.recording(), String.valueOf(e.getMessage()));
    }
  }

  private static RecordingExpectation expectation(@Nullable MediaEncryption encryption) {
    return encryption == null
        ? RecordingExpectation.none()
        : RecordingExpectation.ofCatalog(
            null, encryption.macId(), encryption.fileId(), encryption.commitment());
  }

  private static RecordingSource source(RecordingStore store, Candidate candidate) {
    return part -> store.findMedia(
        candidate.recording(), candidate.file().mediaId(), MediaSuffix.of(part.suffix()));
  }
}
